#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CGraphvizShim.h"
#include "graphviz_headers.h"
#include "internal.h"
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef __ELF__
#include <fcntl.h>
#include <link.h>
#include <unistd.h>
#endif

#ifdef __APPLE__
#define PLUGIN_FILE "libgvplugin_%s.%d.dylib"
#else
#define PLUGIN_FILE "libgvplugin_%s.so.%d"
#endif

/* The folder of the library that contains `address`; empty if there is none. */
static void find_folder(void *address, char *folder) {
  Dl_info info;
  *folder = 0;
  if (!dladdr(address, &info) || !info.dli_fname) return;
  if (!realpath(info.dli_fname, folder)) snprintf(folder, PATH_MAX, "%s", info.dli_fname);
  char *slash = strrchr(folder, '/');
  *(slash ? slash : folder) = 0;
}

/* Whether structures are those of the headers: they do not change within a major version, or in version 2 within a
   minor version. */
static int is_same_version(const char *version) {
  const char *built = PACKAGE_VERSION;
  int dots = atoi(built) < 3 ? 2 : 1;
  for (; *built && *built == *version; built++, version++)
    if (*built == '.' && --dots == 0) return 1;
  return *built == *version;
}

/* Versions with different structures have the same file names, and mixing them crashes. */
int gradviz_check_library(void) {
  static int is_checked;
  if (is_checked) return 1;
  char folder[PATH_MAX], other[PATH_MAX];
  find_folder((void *)(uintptr_t)gvContextPlugins, folder);
  find_folder((void *)(uintptr_t)agmemread, other);
  if (strcmp(folder, other)) {
    gradviz_fail(gradviz_mixed_libraries, "%s/libgvc works with a libcgraph of %s", folder, other);
    return 0;
  }
  lt_symlist_t no_plugins[] = { { NULL, NULL } };
  GVC_t *gvc = gvContextPlugins(no_plugins, 0);
  int is_same = gvc && is_same_version(gvcVersion(gvc));
  if (!is_same)
    gradviz_fail(gradviz_other_version, "gradviz was built with Graphviz %s, and %s has %s", PACKAGE_VERSION,
                 folder, gvc ? gvcVersion(gvc) : "none");
  if (gvc) gvFreeContext(gvc);
  return is_checked = is_same;
}

/* ---- plugins ---- */

#ifdef __ELF__
/* Whether a file has all the bytes that its headers tell the loader to map. The loader does not check this: reading
   past the end of a truncated file ends the program with SIGBUS. It does report files that are not ELF, or for
   another machine. */
static int is_whole(const char *path, off_t size) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 1;
  ElfW(Ehdr) header;
  int whole = 1;
  if (pread(file, &header, sizeof header, 0) == (ssize_t)sizeof header && !memcmp(header.e_ident, ELFMAG, SELFMAG)
      && header.e_phentsize == sizeof(ElfW(Phdr)))
    for (int i = 0; i < header.e_phnum && whole; i++) {
      ElfW(Phdr) part;
      off_t place = (off_t)(header.e_phoff + (size_t)i * sizeof part);
      whole = pread(file, &part, sizeof part, place) == (ssize_t)sizeof part
        && (part.p_type != PT_LOAD
            || (part.p_filesz <= (size_t)size && part.p_offset <= (size_t)size - part.p_filesz));
    }
  close(file);
  return whole;
}
#else
static int is_whole(const char *path, off_t size) { (void)path; (void)size; return 1; }
#endif

static void *fail(const char *name, const char *path, const char *reason) {
  return gradviz_fail(gradviz_missing_plugin, "Graphviz' plugin %s cannot be loaded: %s: %s", name, path, reason);
}

/* Opens it from the folder `graphviz` beside libgvc, as Graphviz itself does. */
void *gradviz_open_plugin(const char *name) {
  char folder[PATH_MAX], path[PATH_MAX + 100];
  find_folder((void *)(uintptr_t)gvContextPlugins, folder);
  int length = snprintf(path, sizeof path, "%s/graphviz/", folder);
  snprintf(path + length, sizeof path - (size_t)length, PLUGIN_FILE, name, GVPLUGIN_VERSION);
  struct stat status;
  if (!stat(path, &status)) {
    if (!S_ISREG(status.st_mode)) return fail(name, path, "this is not a file");
    if (!is_whole(path, status.st_size)) return fail(name, path, "the file is cut off");
  }
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  return library ? library
    : gradviz_fail(gradviz_missing_plugin, "Graphviz' plugin %s cannot be loaded: %s", name, dlerror());
}

/* Whether a plugin's table is valid: large enough for its members, and not empty. */
static int is_table(const gvplugin_library_t *table) {
#if defined(__GLIBC__)
  Dl_info info;
  const ElfW(Sym) *symbol = NULL;
  if (dladdr1(table, &info, (void **)&symbol, RTLD_DL_SYMENT) && symbol && symbol->st_size < sizeof *table) return 0;
#endif
  return table->packagename && table->apis;
}

void *gradviz_plugin_table(const char *name) {
  void *library = gradviz_open_plugin(name);
  char symbol[80];
  snprintf(symbol, sizeof symbol, "gvplugin_%s_LTX_library", name);
  void *table = library ? dlsym(library, symbol) : NULL;
  if (!library || (table && is_table(table))) return table;
  Dl_info info;
  const char *path = table && dladdr(table, &info) ? info.dli_fname : "its file";
  return gradviz_fail(gradviz_missing_plugin, "Graphviz' plugin %s cannot be loaded: %s has no table %s", name, path,
                      symbol);
}
