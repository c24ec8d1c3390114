#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CGraphvizShim.h"
#include "graphviz_headers.h"
#include "internal.h"
#include <stdbool.h>
#include "recording.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The type of a length changed between versions under the same name; the types tell which one this is. */
typedef int (*render_data_unsigned)(GVC_t *, graph_t *, const char *, char **, unsigned int *);
#define LENGTH_IS_UNSIGNED __builtin_types_compatible_p(__typeof__(&gvRenderData), render_data_unsigned)
typedef __typeof__(__builtin_choose_expr(LENGTH_IS_UNSIGNED, (unsigned int)0, (size_t)0)) length_type;

struct gradviz_context { GVC_t *gvc; int has_all_engines; gradviz_text_width width; gvplugin_library_t *letters; };

/* ---- the context ---- */

/* Graphviz reads the list to its first empty entry. */
enum { max_plugins = 5 };

static int add_plugin(lt_symlist_t *symbols, int count, const char *symbol, void *table) {
  symbols[count].name = (char *)(uintptr_t)symbol;
  symbols[count].address = table;
  return table ? count + 1 : 0;
}

gradviz_context *gradviz_context_new(gradviz_text_width width, int has_pages) {
  gradviz_clear_messages();
  if (!gradviz_check_library()) return NULL;
  lt_symlist_t symbols[max_plugins + 1] = { { NULL, NULL } };
  int count = add_plugin(symbols, 0, "gvplugin_dot_layout_LTX_library", gradviz_plugin_table("dot_layout"));
  if (count) count = add_plugin(symbols, count, "gvplugin_core_LTX_library", gradviz_plugin_table("core"));
  gvplugin_library_t *letters = has_pages && count ? gradviz_plugin_table("pango") : NULL;
  if (has_pages && count) count = add_plugin(symbols, count, "gvplugin_pango_LTX_library", letters);
  if (has_pages && count)
    count = add_plugin(symbols, count, "gvplugin_gradviz_pdf_LTX_library", gradviz_pdf_plugins(letters));
  if (!count) return NULL;
  add_plugin(symbols, count, "gvplugin_gradviz_LTX_library", gradviz_own_plugins());
  gradviz_context *context = calloc(1, sizeof *context);
  if (!context) return NULL;
  context->width = width;
  context->letters = letters;
  context->gvc = gvContextPlugins(symbols, 0);
  if (!context->gvc) {
    free(context);
    return NULL;
  }
  return context;
}

/* The engines for fixed positions take as long to load as everything else, so only if a graph requests one. */
static int add_engines(gradviz_context *context, graph_t *graph) {
  const char *layout = agget(graph, (char *)"layout");
  if (context->has_all_engines || !layout || !*layout || !strcmp(layout, "dot")) return 1;
  void *table = gradviz_plugin_table("neato_layout");
  if (!table) return 0;
  gvAddLibrary(context->gvc, table);
  return context->has_all_engines = 1;
}

void gradviz_context_free(gradviz_context *context) {
  gvFreeContext(context->gvc);
  free(context);
}

const char *gradviz_version(gradviz_context *context) { return gvcVersion(context->gvc); }

/* ---- reading ---- */

/* A line at a time. */
static int read_line(void *channel, char *buffer, int size) {
  const char **rest = channel;
  int length = 0;
  while (length < size && **rest && (length == 0 || (*rest)[-1] != '\n')) buffer[length++] = *(*rest)++;
  return length;
}

/* One byte at a time, so that nothing after a graph is read. */
static int read_byte(void *channel, char *buffer, int size) { return read_line(channel, buffer, size > 1 ? 1 : size); }

/* The first graph in a text, and a second one if more text follows. */
static graph_t *read_graphs(const char *dot, graph_t **next) {
  static Agiodisc_t texts;
  texts = AgIoDisc;
  Agdisc_t discipline = { .id = gradviz_identifiers(), .io = &texts };
  void (*set_file)(char *) = (void (*)(char *))dlsym(RTLD_DEFAULT, "agsetfile");
  if (set_file) {
    /* Older versions count lines across all texts they read, and text after a graph stays in their buffer and would
       precede the next text. */
    set_file(NULL);
    texts.afread = read_line;
    graph_t *graph = agread(&dot, &discipline);
    const char *nothing = "";
    *next = graph ? agread(&nothing, &discipline) : NULL;
    return graph;
  }
  /* Newer versions silently skip it, up to the end of the graph's last line. */
  texts.afread = read_byte;
  graph_t *graph = agread(&dot, &discipline);
  *next = graph ? agread(&dot, &discipline) : NULL;
  return graph;
}

/* The only graph in a text; NULL with a message if there is not exactly one. */
static graph_t *read_graph(const char *dot) {
  graph_t *next;
  graph_t *graph = read_graphs(dot, &next);
  if (!graph) {
    if (!*gradviz_message()) gradviz_collect((char *)"the text holds no graph");
    return NULL;
  }
  if (next) {
    agclose(next);
    gradviz_collect((char *)"the text holds more than one graph");
  }
  if (agerrors() != 0 || *gradviz_message()) {
    agclose(graph);
    return NULL;
  }
  return graph;
}

/* Frees what the nop2 layout of 2.43 allocates and its cleanup leaks; a version that frees it finds nothing. */
#if defined(GD_neato_nlist) && defined(GD_clust) && defined(GD_n_cluster)
#define IS_CLUSTER_ARRAY(graph) __builtin_types_compatible_p(__typeof__(GD_clust(graph)), graph_t **)
static void free_forgotten(graph_t *graph, bool is_root) {
  if (!IS_CLUSTER_ARRAY(graph) || !aggetrec(graph, (char *)"Agraphinfo_t", 0)) return;
  /* Only neato and similar engines have a list of nodes there. */
  if (is_root && !GD_neato_nlist(graph)) return;
  for (graph_t *part = agfstsubg(graph); part; part = agnxtsubg(part)) free_forgotten(part, false);
  if (is_root) {
    free(GD_neato_nlist(graph));
    GD_neato_nlist(graph) = NULL;
  }
  free(GD_clust(graph));
  GD_clust(graph) = NULL;
  GD_n_cluster(graph) = 0;
}
#else
static void free_forgotten(graph_t *graph, bool is_root) { (void)graph; (void)is_root; }
#endif

/* Cairo's images end at 32767 pixels a side, and Graphviz would draw a smaller one. A PDF has no pixels. */
static int is_too_large(graph_t *graph, const char *format, double dpi) {
  if (dpi <= 0 || !strncmp(format, "pdf", 3)) return 0;
  boxf box = GD_bb(graph);
  double width = (box.UR.x - box.LL.x) * dpi / 72, height = (box.UR.y - box.LL.y) * dpi / 72;
  if (width <= 32767 && height <= 32767) return 0;
  char text[160];
  snprintf(text, sizeof text, "%.0f by %.0f pixels, the limit is 32767 a side", width, height);
  gradviz_collect(text);
  return 1;
}

/* Lays out the only graph in a text, with dot unless it names another engine, and draws it in a format. Returns 0, or
   non-zero with a message. `data` is freed by gvFreeRenderData. */
static int render(gradviz_context *context, const char *dot, const char *format, double dpi, char **data,
                  length_type *length) {
  gradviz_clear_messages();
  gradviz_measure(context->width, context->letters);
  graph_t *graph = read_graph(dot);
  if (!graph) return 1;
  if (dpi > 0) {
    char text[40];
    snprintf(text, sizeof text, "%.9g", dpi);
    agattr(graph, AGRAPH, (char *)"dpi", text);
    /* A PDF would have half an inch of its own around the drawing. */
    const char *margin = agget(graph, (char *)"margin");
    if (!margin || !*margin) agsafeset(graph, (char *)"margin", (char *)"0", (char *)"");
  }
  int failed = !add_engines(context, graph) || gvLayout(context->gvc, graph, "dot");
  if (!failed) {
    failed = is_too_large(graph, format, dpi) || gvRenderData(context->gvc, graph, format, data, length);
    free_forgotten(graph, true);
    gvFreeLayout(context->gvc, graph);
  }
  agclose(graph);
  /* Return codes carry less information than the messages. */
  return failed || *gradviz_message();
}

int gradviz_record(gradviz_context *context, const char *dot, const char *const *tints, size_t tint_count,
                   gradviz_recording *recording) {
  gradviz_clear_recording();
  gradviz_set_tints(tints, tint_count);
  char *data = NULL;
  length_type length = 0;
  int failed = render(context, dot, "gradviz", 0, &data, &length);
  gradviz_set_tints(NULL, 0);
  if (data) gvFreeRenderData(data);
  if (gradviz_take_recording(recording)) {
    gradviz_collect((char *)"out of memory");
    failed = 1;
  }
  return failed;
}

int gradviz_draw_page(gradviz_context *context, const char *dot, const char *format, double dpi, const char **data,
                      size_t *length) {
  static char *file;
  if (file) gvFreeRenderData(file);
  file = NULL;
  length_type size = 0;
  int failed = render(context, dot, format, dpi, &file, &size);
  *data = file;
  *length = size;
  if (!failed && !file) {
    gradviz_collect((char *)"out of memory");
    failed = 1;
  }
  return failed;
}

int gradviz_draw_pixels(gradviz_context *context, const char *dot, double dpi, const uint32_t **pixels, size_t *width,
                        size_t *height) {
  char *rest = NULL;
  length_type size = 0;
  gradviz_clear_pixels();
  int failed = render(context, dot, "gradviz_pixels:cairo", dpi, &rest, &size);
  if (rest) gvFreeRenderData(rest);
  *pixels = gradviz_pixels(width, height);
  if (!failed && !*pixels) {
    gradviz_collect((char *)"out of memory");
    failed = 1;
  }
  return failed;
}

int gradviz_draw_pages(gradviz_context *context, const char *const *dots, size_t count, double dpi, const char **data,
                       size_t *length) {
  int failed = 0;
  gradviz_begin_book();
  for (size_t place = 0; place < count && !failed; place++) {
    char *rest = NULL;
    length_type size = 0;
    failed = render(context, dots[place], "pdf:gradviz_pdf", dpi, &rest, &size);
    if (rest) gvFreeRenderData(rest);
  }
  if (gradviz_end_book(data, length) && !failed) {
    gradviz_collect((char *)"the PDF is not complete");
    failed = 1;
  }
  return failed;
}
