#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CGraphvizShim.h"
#include "graphviz_functions.h"
#include "internal.h"
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

gradviz_functions graphviz;

/* The folder that holds libgvc. */
static char library_folder[PATH_MAX];

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

/* The folder of the library that holds `address`, as it was opened and with links resolved; empty where it has
   none. */
static void find_folder(void *address, int is_resolved, char *folder) {
  Dl_info info;
  *folder = 0;
  if (!address || !dladdr(address, &info) || !info.dli_fname) return;
  if (!is_resolved || !realpath(info.dli_fname, folder)) snprintf(folder, PATH_MAX, "%s", info.dli_fname);
  char *slash = strrchr(folder, '/');
  *(slash ? slash : folder) = 0;
}

/* Whether all of Graphviz comes from one folder, which is written into `folder`: versions that differ in their
   structures bear the same file names, and mixing them crashes. */
static int is_of_one_folder(void *const addresses[3], char *folder, char *other) {
  for (int is_resolved = 0; is_resolved < 2; is_resolved++) {
    int same = 1;
    find_folder(addresses[0], is_resolved, folder);
    for (int i = 1; i < 3 && same; i++) {
      find_folder(addresses[i], is_resolved, other);
      same = *other && !strcmp(folder, other);
    }
    if (same) return 1;
  }
  return 0;
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
  found.AgIoDisc = dlsym(library, "AgIoDisc");
  if (!found.AgIoDisc) missing = "AgIoDisc";
  if (missing) {
    gradviz_fail(gradviz_other_version, "libgvc has no function %s", missing);
    return 0;
  }
  found.agsetfile = (void (*)(char *))dlsym(library, "agsetfile");
  char folder[PATH_MAX], other[PATH_MAX];
  void *const addresses[] = { (void *)(uintptr_t)found.gvContextPlugins, (void *)(uintptr_t)found.agread,
                              dlsym(library, "dtopen") };
  if (!is_of_one_folder(addresses, folder, other)) {
    gradviz_fail(gradviz_mixed_libraries, "%s/libgvc works with libraries of %s", folder,
                 *other ? other : "another folder");
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
  void *library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  if (library && adopt(library)) return 1;
  if (library) dlclose(library);
  /* The first file that was tried is the likely one; its reason is told, unless another was found. */
  else if (gradviz_fault() == gradviz_no_fault)
    gradviz_fail(gradviz_missing_library, "%s", dlerror());
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
  gradviz_clear_messages();
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

void *gradviz_plugin_table(const char *name) {
  void *library = gradviz_open_plugin(name);
  char symbol[80];
  snprintf(symbol, sizeof symbol, "gvplugin_%s_LTX_library", name);
  void *table = library ? dlsym(library, symbol) : NULL;
  if (library && !table)
    gradviz_fail(gradviz_missing_plugin, "Graphviz' plugin %s has no table %s", name, symbol);
  return table;
}
