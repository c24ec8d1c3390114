#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CGraphvizShim.h"
#include "graphviz_headers.h"
#include "internal.h"
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Cairo writes the current time to a PDF. This wrapper of its renderer starts a page and removes the time; only
   SOURCE_DATE_EPOCH, which build systems set, yields a date (reproducible-builds.org). */

typedef void *(*target_function)(void *context);
typedef void (*metadata_function)(void *surface, int kind, const char *text);
/* CAIRO_PDF_METADATA_CREATE_DATE */
enum { create_date = 5 };

static gvrender_engine_t engine;
static void (*begin_cairo_page)(GVJ_t *job);
static target_function target;
static metadata_function set_metadata;

/* The date in Cairo's format (1.16 omits the `D:` that precedes it in a PDF); NULL if none is set, or it is not a
   time. */
static const char *source_date(char *text, size_t room) {
  const char *epoch = getenv("SOURCE_DATE_EPOCH");
  if (!epoch || !*epoch) return NULL;
  char *end;
  errno = 0;
  long long seconds = strtoll(epoch, &end, 10);
  time_t moment = (time_t)seconds;
  struct tm parts;
  /* Four digits are a year. */
  if (errno || *end || seconds < 0 || seconds > 253402300799 || !gmtime_r(&moment, &parts)) return NULL;
  return strftime(text, room, "%Y-%m-%dT%H:%M:%SZ", &parts) ? text : NULL;
}

static void begin_page(GVJ_t *job) {
  begin_cairo_page(job);
  char text[40];
  if (job->context) set_metadata(target(job->context), create_date, source_date(text, sizeof text));
}

static gvplugin_installed_t *find(gvplugin_library_t *library, api_t kind, const char *type) {
  for (gvplugin_api_t *api = library->apis; api->types; api++)
    for (gvplugin_installed_t *own = api->api == kind ? api->types : NULL; own && own->type; own++)
      if (!strcmp(own->type, type)) return own;
  return NULL;
}

gvplugin_library_t *gradviz_pdf_plugins(gvplugin_library_t *cairo) {
  static gvplugin_installed_t renderers[2], devices[2];
  static gvplugin_api_t apis[] = { { API_render, renderers }, { API_device, devices }, { (api_t)0, NULL } };
  static gvplugin_library_t library = { (char *)"gradviz_pdf", apis };
  gvplugin_installed_t *renderer = find(cairo, API_render, "cairo"), *device = find(cairo, API_device, "pdf:cairo");
  void *handle = gradviz_open_plugin("pango");
  if (!handle) return NULL;
  target = (target_function)dlsym(handle, "cairo_get_target");
  set_metadata = (metadata_function)dlsym(handle, "cairo_pdf_surface_set_metadata");
  if (!renderer || !device || !target || !set_metadata)
    return gradviz_fail(gradviz_missing_plugin, "Graphviz' plugin pango draws no PDF, or its Cairo is older than 1.16");
  engine = *(gvrender_engine_t *)renderer->engine;
  begin_cairo_page = engine.begin_page;
  engine.begin_page = begin_page;
  renderers[0] = *renderer;
  renderers[0].type = "gradviz_pdf";
  renderers[0].engine = &engine;
  devices[0] = *device;
  devices[0].type = "pdf:gradviz_pdf";
  return &library;
}
