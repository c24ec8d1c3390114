#include "CGraphvizShim.h"
#include "graphviz_functions.h"
#include "internal.h"
#include <stdbool.h>
#include "recording.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The type of a length changed between versions while the name stayed; the types say which one this is. */
typedef int (*render_data_unsigned)(GVC_t *, graph_t *, const char *, char **, unsigned int *);
#define LENGTH_IS_UNSIGNED __builtin_types_compatible_p(__typeof__(&gvRenderData), render_data_unsigned)
typedef __typeof__(__builtin_choose_expr(LENGTH_IS_UNSIGNED, (unsigned int)0, (size_t)0)) length_type;

struct gradviz_context { GVC_t *gvc; int has_all_engines; };

/* ---- messages: Graphviz hands one over in several pieces, and has no place for a context ---- */
static char *message;
static size_t message_length;

int gradviz_collect(char *piece) {
  size_t length = strlen(piece);
  if (message_length + length > 100000) return 0;
  char *longer = realloc(message, message_length + length + 1);
  if (!longer) return 0;
  message = longer;
  memcpy(message + message_length, piece, length + 1);
  message_length += length;
  return 0;
}

static gradviz_fault_kind fault;

gradviz_fault_kind gradviz_fault(void) { return fault; }

void gradviz_clear_messages(void) {
  if (graphviz.agseterrf) {
    graphviz.agseterrf(gradviz_collect);
    graphviz.agreseterrors();
  }
  fault = gradviz_no_fault;
  message_length = 0;
  if (message) message[0] = 0;
}

void *gradviz_fail(gradviz_fault_kind kind, const char *format, ...) {
  char text[8192];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  gradviz_clear_messages();
  gradviz_collect(text);
  fault = kind;
  return NULL;
}

const char *gradviz_message(void) { return message ? message : ""; }

/* ---- the context ---- */

gradviz_context *gradviz_context_new(gradviz_text_width width) {
  if (!gradviz_library_load()) return NULL;
  gradviz_clear_messages();
  /* Graphviz reads the list to its first empty entry. */
  static lt_symlist_t symbols[4];
  static const char *const names[] = { "dot_layout", "core" };
  static const char *const tables[] = { "gvplugin_dot_layout_LTX_library", "gvplugin_core_LTX_library" };
  for (int i = 0; i < 2; i++) {
    symbols[i].name = (char *)tables[i];
    symbols[i].address = gradviz_plugin_table(names[i]);
    if (!symbols[i].address) return NULL;
  }
  symbols[2].name = (char *)"gvplugin_gradviz_LTX_library";
  symbols[2].address = gradviz_own_plugins(width);
  gradviz_context *context = calloc(1, sizeof *context);
  if (!context) return NULL;
  context->gvc = graphviz.gvContextPlugins(symbols, 0);
  if (!context->gvc) {
    free(context);
    return NULL;
  }
  return context;
}

/* The engines for given positions take as long to load as all the rest: where a graph asks for one. */
static int add_engines(gradviz_context *context, graph_t *graph) {
  const char *layout = graphviz.agget(graph, (char *)"layout");
  if (context->has_all_engines || !layout || !*layout || !strcmp(layout, "dot")) return 1;
  void *table = gradviz_plugin_table("neato_layout");
  if (!table) return 0;
  graphviz.gvAddLibrary(context->gvc, table);
  return context->has_all_engines = 1;
}

void gradviz_context_free(gradviz_context *context) {
  graphviz.gvFreeContext(context->gvc);
  free(context);
}

const char *gradviz_version(gradviz_context *context) { return graphviz.gvcVersion(context->gvc); }

/* ---- reading ---- */

/* A line at a time. */
static int read_line(void *channel, char *buffer, int size) {
  const char **rest = channel;
  int length = 0;
  while (length < size && **rest && (length == 0 || (*rest)[-1] != '\n')) buffer[length++] = *(*rest)++;
  return length;
}

/* A byte at a time, so that nothing behind a graph is read with it. */
static int read_byte(void *channel, char *buffer, int size) { return read_line(channel, buffer, size > 1 ? 1 : size); }

/* The first graph of a text, and another one where there is more behind it. */
static graph_t *read_graphs(const char *dot, graph_t **next) {
  static Agiodisc_t texts;
  texts = *graphviz.AgIoDisc;
  Agdisc_t discipline = { .id = gradviz_identifiers(), .io = &texts };
  if (graphviz.agsetfile) {
    /* Older versions count the lines of all texts they read, and what follows a graph stays in their buffer and
       would begin the next text. */
    graphviz.agsetfile(NULL);
    texts.afread = read_line;
    graph_t *graph = graphviz.agread(&dot, &discipline);
    const char *nothing = "";
    *next = graph ? graphviz.agread(&nothing, &discipline) : NULL;
    return graph;
  }
  /* Newer ones pass over it in silence, with the line that the graph ends in. */
  texts.afread = read_byte;
  graph_t *graph = graphviz.agread(&dot, &discipline);
  *next = graph ? graphviz.agread(&dot, &discipline) : NULL;
  return graph;
}

/* The one graph of a text; NULL and a message where it is not that. */
static graph_t *read_graph(const char *dot) {
  graph_t *next;
  graph_t *graph = read_graphs(dot, &next);
  if (!graph) {
    if (!message_length) gradviz_collect((char *)"the text holds no graph");
    return NULL;
  }
  if (next) {
    graphviz.agclose(next);
    gradviz_collect((char *)"the text holds more than one graph");
  }
  if (graphviz.agerrors() != 0 || message_length) {
    graphviz.agclose(graph);
    return NULL;
  }
  return graph;
}

/* What the nop2 layout of 2.43 makes and its clean-up forgets; a version that frees it finds nothing left. */
#if defined(GD_neato_nlist) && defined(GD_clust) && defined(GD_n_cluster)
#define IS_CLUSTER_ARRAY(graph) __builtin_types_compatible_p(__typeof__(GD_clust(graph)), graph_t **)
static void free_forgotten(graph_t *graph, bool is_root) {
  if (!IS_CLUSTER_ARRAY(graph) || !graphviz.aggetrec(graph, (char *)"Agraphinfo_t", 0)) return;
  /* Only neato and its kin have a list of nodes there. */
  if (is_root && !GD_neato_nlist(graph)) return;
  for (graph_t *part = graphviz.agfstsubg(graph); part; part = graphviz.agnxtsubg(part)) free_forgotten(part, false);
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

int gradviz_record(gradviz_context *context, const char *dot, const char *engine,
                   gradviz_recording *recording) {
  gradviz_clear_recording();
  gradviz_clear_messages();
  char *data = NULL;
  graph_t *graph = read_graph(dot);
  if (!graph) return 1;
  int failed = !add_engines(context, graph) || graphviz.gvLayout(context->gvc, graph, engine);
  if (!failed) {
    length_type size = 0;
    failed = graphviz.gvRenderData(context->gvc, graph, "gradviz", &data, &size);
    if (data) graphviz.gvFreeRenderData(data);
    free_forgotten(graph, true);
    graphviz.gvFreeLayout(context->gvc, graph);
  }
  graphviz.agclose(graph);
  /* Return codes say less than the messages. */
  if (message_length) failed = 1;
  if (gradviz_take_recording(recording)) {
    gradviz_collect((char *)"out of memory");
    failed = 1;
  }
  return failed;
}
