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
   SOURCE_DATE_EPOCH, which build systems set, yields a date (reproducible-builds.org).

   Graphviz' renderer ends a PDF with its first page. For one of several pages, the wrapper gives it a context on a
   surface of our own, which stays open from graph to graph. */

/* CAIRO_PDF_METADATA_CREATE_DATE */
enum { create_date = 5 };

typedef int (*write_function)(void *closure, const unsigned char *bytes, unsigned int count);

/* What we call of Cairo, found in the libraries of Graphviz' plugin. */
static struct {
  void *(*get_target)(void *context);
  void (*set_metadata)(void *surface, int kind, const char *text);
  void *(*create_surface)(write_function write, void *closure, double width, double height);
  void (*set_size)(void *surface, double width, double height);
  void *(*create)(void *surface);
  void (*destroy)(void *context);
  void (*show_page)(void *context);
  void (*finish)(void *surface);
  int (*status)(void *surface);
  void (*destroy_surface)(void *surface);
} cairo;

static gvrender_engine_t engine;
static void (*begin_cairo_page)(GVJ_t *job);
static void (*end_cairo_page)(GVJ_t *job);

/* The PDF of several pages that is being drawn. */
static struct { int is_open; void *surface; char *bytes; size_t length, room; int is_full; } book;

static int write_book(void *closure, const unsigned char *bytes, unsigned int count) {
  (void)closure;
  if (book.length + count > book.room) {
    size_t room = 2 * (book.length + count);
    char *grown = realloc(book.bytes, room);
    /* CAIRO_STATUS_WRITE_ERROR */
    if (!grown) return book.is_full = 11;
    book.bytes = grown;
    book.room = room;
  }
  memcpy(book.bytes + book.length, bytes, count);
  book.length += count;
  return 0;
}

void gradviz_begin_book(void) {
  free(book.bytes);
  memset(&book, 0, sizeof book);
  book.is_open = 1;
}

int gradviz_end_book(const char **data, size_t *length) {
  int failed = !book.surface;
  if (book.surface) {
    cairo.finish(book.surface);
    failed = cairo.status(book.surface) || book.is_full;
    cairo.destroy_surface(book.surface);
  }
  book.surface = NULL;
  book.is_open = 0;
  *data = book.bytes;
  *length = book.length;
  return failed;
}

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
  if (book.is_open) {
    if (book.surface) cairo.set_size(book.surface, job->width, job->height);
    else book.surface = cairo.create_surface(write_book, NULL, job->width, job->height);
    job->context = cairo.create(book.surface);
    job->external_context = 1;
  }
  begin_cairo_page(job);
  char text[40];
  if (job->context) cairo.set_metadata(cairo.get_target(job->context), create_date, source_date(text, sizeof text));
}

static void end_page(GVJ_t *job) {
  if (!book.is_open) {
    end_cairo_page(job);
    return;
  }
  cairo.show_page(job->context);
  cairo.destroy(job->context);
  job->context = NULL;
  job->external_context = 0;
}

/* Whether all that we call of Cairo is there. */
static int find_cairo(void *handle) {
  struct { const char *name; void **place; } functions[] = {
    { "cairo_get_target", (void **)&cairo.get_target },
    { "cairo_pdf_surface_set_metadata", (void **)&cairo.set_metadata },
    { "cairo_pdf_surface_create_for_stream", (void **)&cairo.create_surface },
    { "cairo_pdf_surface_set_size", (void **)&cairo.set_size },
    { "cairo_create", (void **)&cairo.create },
    { "cairo_destroy", (void **)&cairo.destroy },
    { "cairo_show_page", (void **)&cairo.show_page },
    { "cairo_surface_finish", (void **)&cairo.finish },
    { "cairo_surface_status", (void **)&cairo.status },
    { "cairo_surface_destroy", (void **)&cairo.destroy_surface },
  };
  for (size_t place = 0; place < sizeof functions / sizeof *functions; place++) {
    *functions[place].place = dlsym(handle, functions[place].name);
    if (!*functions[place].place) return 0;
  }
  return 1;
}

static gvplugin_installed_t *find(gvplugin_library_t *library, api_t kind, const char *type) {
  for (gvplugin_api_t *api = library->apis; api->types; api++)
    for (gvplugin_installed_t *own = api->api == kind ? api->types : NULL; own && own->type; own++)
      if (!strcmp(own->type, type)) return own;
  return NULL;
}

gvplugin_library_t *gradviz_pdf_plugins(gvplugin_library_t *cairo) {
  static gvplugin_installed_t renderers[2], devices[3];
  static gvplugin_api_t apis[] = { { API_render, renderers }, { API_device, devices }, { (api_t)0, NULL } };
  static gvplugin_library_t library = { (char *)"gradviz_pdf", apis };
  gvplugin_installed_t *renderer = find(cairo, API_render, "cairo"), *device = find(cairo, API_device, "pdf:cairo");
  gvplugin_installed_t *png = find(cairo, API_device, "png:cairo");
  void *handle = gradviz_open_plugin("pango");
  if (!handle) return NULL;
  if (!renderer || !device || !png || !find_cairo(handle))
    return gradviz_fail(gradviz_missing_plugin,
                        "Graphviz' plugin pango draws no PDF or PNG, or its Cairo is older than 1.16");
  engine = *(gvrender_engine_t *)renderer->engine;
  begin_cairo_page = engine.begin_page;
  engine.begin_page = begin_page;
  end_cairo_page = engine.end_page;
  engine.end_page = end_page;
  renderers[0] = *renderer;
  renderers[0].type = "gradviz_pdf";
  renderers[0].engine = &engine;
  devices[0] = *device;
  devices[0].type = "pdf:gradviz_pdf";
  gradviz_set_pixel_device(&devices[1], png, renderer->id);
  return &library;
}
