/* What gradviz needs of Graphviz, in types that are the same with every version: opaque handles,
   `const char *`, `size_t`, plain doubles. Not thread-safe: Graphviz is not; the caller holds one lock. */
#ifndef CGRAPHVIZ_SHIM_H
#define CGRAPHVIZ_SHIM_H
#include <stddef.h>
#include <stdint.h>
#include "GraphvizCanvas.h"

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/* Calls `body(argument)` on a thread of its own, with a stack as large as the machine grants, and waits. */
void gradviz_run_on_large_stack(void (*body)(void *), void *argument);

/* The width in points of one run of UTF-8 text; flags: 1 bold, 2 italic. */
typedef double (*gradviz_text_width)(const char *text, double size, int flags);

typedef struct gradviz_context gradviz_context;

/* What is wrong with the Graphviz of this machine. */
typedef enum {
  gradviz_no_fault, gradviz_missing_library, gradviz_other_version, gradviz_mixed_libraries,
  gradviz_missing_plugin
} gradviz_fault_kind;

/* Of the last call that failed; gradviz_message() has the words. None where the text was at fault. */
gradviz_fault_kind gradviz_fault(void);

/* Loads Graphviz' library with the first call, from the file or folder that the environment variable
   GRADVIZ_GRAPHVIZ names or from where the system keeps libraries, and its plugins core and dot_layout (neato_layout
   where a graph asks for it), with our text metrics and our recording renderer; no configuration file and no font
   library is read. NULL where one of them is missing, see gradviz_fault(). Freed by gradviz_context_free. */
gradviz_context *_Nullable gradviz_context_new(gradviz_text_width width);
void gradviz_context_free(gradviz_context *context);

/* All that Graphviz said since the last call that began work, errors and warnings; "" where nothing.
   Valid until the next call. */
const char *gradviz_message(void);

/* Graphviz' own version. */
const char *gradviz_version(gradviz_context *context);

/* One thing drawn. Strings belong to the recording. */
typedef enum {
  gradviz_begin_group, gradviz_end_group, gradviz_polygon, gradviz_polyline, gradviz_ellipse,
  gradviz_bezier, gradviz_text
} gradviz_event_kind;

typedef enum { gradviz_graph, gradviz_cluster, gradviz_node, gradviz_edge } gradviz_group_kind;

typedef struct {
  int kind;             /* gradviz_event_kind */
  int group;            /* gradviz_group_kind, for begin and end */
  size_t first_point;   /* into the recording's points */
  size_t point_count;
  int filled;
  uint32_t pen, fill;   /* 0xRRGGBBAA */
  double pen_width;
  int line;             /* 0 none, 1 dashed, 2 dotted, 3 solid */
  const char *_Nullable text;    /* text; for a group its id */
  const char *_Nullable classes;
  const char *_Nullable tooltip;
  double size, width;   /* font size and measured width of a text */
  int flags;            /* 1 bold, 2 italic, 4 superscript, 8 subscript, 16 rounded */
  char justified;       /* 'l', 'n' (middle), 'r' */
} gradviz_event;

typedef struct {
  double width, height;           /* of the sheet, in points */
  const gradviz_event *_Nullable events;
  size_t event_count;
  const double *_Nullable points; /* x, y pairs; y grows downwards */
  size_t point_count;
} gradviz_recording;

/* Lays DOT text out (by the engine it names, or dot) and records the drawing. 0 and a recording, which
   lives until the next call with this context; or non-zero and gradviz_message(). */
int gradviz_record(gradviz_context *context, const char *dot, const char *engine, gradviz_recording *recording);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
