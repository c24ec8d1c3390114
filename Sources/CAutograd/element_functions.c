#include "CAutograd.h"

#include <stdint.h>
#include <string.h>

#pragma clang fp contract(off)

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,fma"))), apply_to = function)
#define NAME avx512
#define LENGTH 8
#include "element_functions.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define NAME avx2
#define LENGTH 4
#include "element_functions.h"
#pragma clang attribute pop

#endif

#define NAME base
#define LENGTH 2
#include "element_functions.h"

void gradviz_elements(gradviz_function function, size_t count, const double *x, double *y)
{
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) {
    apply_avx512(function, count, x, y);
    return;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    apply_avx2(function, count, x, y);
    return;
  }
#endif
  apply_base(function, count, x, y);
}
