#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CGradvizFiles.h"
#include <stdio.h>
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>

/* RENAME_EXCHANGE of the kernel's headers. */
enum { exchange = 2 };
#endif

int gradviz_exchange(int folder, const char *one, const char *other) {
#ifdef __linux__
  /* By number, since musl and older C libraries have no function for it. */
  return (int)syscall(SYS_renameat2, folder, one, folder, other, exchange);
#else
  return renameatx_np(folder, one, folder, other, RENAME_SWAP);
#endif
}
