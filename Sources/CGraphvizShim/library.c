#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CGraphvizShim.h"
#include "graphviz_functions.h"
#include "internal.h"
#include <dlfcn.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

gradviz_functions graphviz;

/* The folder that holds libgvc, with its links resolved. */
static char library_folder[PATH_MAX];

/* ---- faults ---- */

static gradviz_fault_kind fault;

gradviz_fault_kind gradviz_fault(void) { return fault; }

void *gradviz_fail(gradviz_fault_kind kind, const char *format, ...) {
  char text[3 * PATH_MAX];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  fault = kind;
  gradviz_clear_messages();
  gradviz_collect(text);
  return NULL;
}

/* ---- names ---- */

#ifdef __APPLE__
#define VERSIONED "lib%s.%d.dylib"
#define UNVERSIONED "libgvc.dylib"
/* Where dlopen does not look by itself. */
static const char *const folders[] = { "", "/opt/homebrew/lib/", "/usr/local/lib/", "/opt/local/lib/" };
#else
#define VERSIONED "lib%s.so.%d"
#define UNVERSIONED "libgvc.so"
static const char *const folders[] = { "" };
#endif

/* libgvc's number has changed seldom: 6 up to version 12, 7 from 13 on. Others are tried after it. */
enum { likely_number = GVPLUGIN_VERSION < 8 ? 6 : 7, first_number = 6, last_number = 12 };

/* ---- one library ---- */

/* The folder of the library that holds `address`, with links resolved; 0 where it has none. */
static int find_folder(void *address, char *folder) {
  Dl_info info;
  if (!dladdr(address, &info) || !info.dli_fname || !realpath(info.dli_fname, folder)) return 0;
  char *slash = strrchr(folder, '/');
  if (slash) *slash = 0;
  return slash != NULL;
}

/* Structures are those of the headers: within a major version they stay, and in version 2 within a minor one. */
static int is_same_version(const char *version) {
  const char *built = PACKAGE_VERSION;
  int dots = atoi(built) < 3 ? 2 : 1;
  for (; *built && *built == *version; built++, version++)
    if (*built == '.' && --dots == 0) return 1;
  return *built == *version;
}

/* Takes the functions of an opened library; 0 and a fault where it is not the one that this was built for. */
static int adopt(void *library) {
  gradviz_functions found;
  const char *missing = NULL;
#define FIND(name) \
  if (!(found.name = (__typeof__(&name))dlsym(library, #name))) missing = #name;
  GRAPHVIZ_FUNCTIONS(FIND)
#undef FIND
  if (missing) {
    gradviz_fail(gradviz_other_version, "libgvc has no function %s", missing);
    return 0;
  }
  found.agsetfile = (void (*)(char *))dlsym(library, "agsetfile");
  /* Versions that differ in their structures bear the same file names, and mixing them crashes. */
  char folder[PATH_MAX] = ".", other[PATH_MAX] = "another folder";
  void *others[] = { (void *)(uintptr_t)found.agmemread, dlsym(library, "dtopen") };
  find_folder((void *)(uintptr_t)found.gvContextPlugins, folder);
  for (int i = 0; i < 2; i++)
    if (!find_folder(others[i], other) || strcmp(folder, other)) {
      gradviz_fail(gradviz_mixed_libraries, "%s/libgvc works with %s of %s", folder,
                   i ? "libcdt" : "libcgraph", other);
      return 0;
    }
  lt_symlist_t no_plugins[] = { { NULL, NULL } };
  GVC_t *gvc = found.gvContextPlugins(no_plugins, 0);
  int is_same = gvc && is_same_version(found.gvcVersion(gvc));
  if (!is_same)
    gradviz_fail(gradviz_other_version, "gradviz was built with Graphviz %s, and %s has %s", PACKAGE_VERSION,
                 folder, gvc ? found.gvcVersion(gvc) : "none");
  if (gvc) found.gvFreeContext(gvc);
  if (!is_same) return 0;
  graphviz = found;
  strcpy(library_folder, folder);
  return 1;
}

static int try_file(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library && adopt(library)) return 1;
  if (library) dlclose(library);
  /* The first file that was tried is the likely one; its reason is told, unless another was found. */
  else if (fault == gradviz_no_fault) gradviz_fail(gradviz_missing_library, "%s", dlerror());
  return 0;
}

static int try_folder(const char *folder) {
  char path[PATH_MAX + 40];
  int length = snprintf(path, sizeof path, "%s", folder);
  for (int number = first_number - 1; number <= last_number; number++) {
    if (number == likely_number) continue;
    snprintf(path + length, sizeof path - (size_t)length, VERSIONED, "gvc",
             number < first_number ? likely_number : number);
    if (try_file(path)) return 1;
  }
  snprintf(path + length, sizeof path - (size_t)length, UNVERSIONED);
  return try_file(path);
}

int gradviz_library_load(void) {
  if (graphviz.gvLayout) return 1;
  fault = gradviz_no_fault;
  const char *chosen = getenv("GRADVIZ_GRAPHVIZ");
  if (chosen && *chosen) {
    char folder[PATH_MAX + 2];
    struct stat status;
    if (stat(chosen, &status) || !S_ISDIR(status.st_mode) || strlen(chosen) > PATH_MAX) return try_file(chosen);
    snprintf(folder, sizeof folder, "%s/", chosen);
    return try_folder(folder);
  }
#ifdef GRADVIZ_LIBRARY_FOLDER
  if (try_folder(GRADVIZ_LIBRARY_FOLDER "/")) return 1;
#endif
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
    if (try_folder(folders[i])) return 1;
  return 0;
}

/* ---- plugins ---- */

/* From the folder `graphviz` beside libgvc. */
void *gradviz_open_plugin(const char *name) {
  char path[PATH_MAX + 100], full[80];
  snprintf(full, sizeof full, "gvplugin_%s", name);
  int length = snprintf(path, sizeof path, "%s/graphviz/", library_folder);
  snprintf(path + length, sizeof path - (size_t)length, VERSIONED, full, GVPLUGIN_VERSION);
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  return library ? library
    : gradviz_fail(gradviz_missing_plugin, "Graphviz' plugin %s cannot be loaded: %s", name, dlerror());
}
