/* The parts of Graphviz that gradviz needs, in types that are the same for every version: opaque handles, `const char
   *`, `size_t`, plain doubles. Not thread-safe, since Graphviz is not: the caller must hold a lock. */
#ifndef CGRAPHVIZ_SHIM_H
#define CGRAPHVIZ_SHIM_H
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/* Calls `body(argument)` on a separate thread with the largest stack that the machine grants, and waits. */
void gradviz_run_on_large_stack(void (*body)(void *), void *argument);

/* The width in points of one run of UTF-8 text; flags: 1 bold, 2 italic, 32 serif. */
typedef double (*gradviz_text_width)(const char *text, double size, int flags);

typedef struct gradviz_context gradviz_context;

/* What is wrong with the machine's Graphviz. */
typedef enum {
  gradviz_no_fault, gradviz_other_version, gradviz_mixed_libraries, gradviz_missing_plugin
} gradviz_fault_kind;

/* The fault of the last call that failed, with gradviz_message(). None if the error is in the text. */
gradviz_fault_kind gradviz_fault(void);

/* A context with Graphviz' plugins core and dot_layout (and neato_layout if a graph requests it), our text metrics
   and our recording renderer; it reads no configuration file and no font library. With `has_pages`, it also has
   Graphviz' pango plugin, which draws PNG and PDF with the machine's fonts, fitting each text into the width that
   `width` returns. NULL if a plugin is missing, see gradviz_fault(). Freed by gradviz_context_free. */
gradviz_context *_Nullable gradviz_context_new(gradviz_text_width width, int has_pages);
void gradviz_context_free(gradviz_context *context);

/* All errors and warnings of Graphviz since the last call that started work; "" if there are none. Valid until the
   next call. */
const char *gradviz_message(void);

/* Graphviz' own version. */
const char *gradviz_version(gradviz_context *context);

/* One thing drawn. Strings belong to the recording. */
typedef enum {
  gradviz_begin_group, gradviz_end_group, gradviz_rectangle, gradviz_polygon, gradviz_polyline, gradviz_ellipse,
  gradviz_bezier, gradviz_text
} gradviz_event_kind;

typedef enum { gradviz_graph, gradviz_cluster, gradviz_node, gradviz_edge } gradviz_group_kind;

typedef struct {
  int kind;             /* gradviz_event_kind */
  int group;            /* gradviz_group_kind, for begin and end */
  size_t first_point;   /* into the recording's points */
  size_t point_count;
  int filled;
  uint32_t pen, fill;   /* 0xRRGGBBAA, where the tint below is 0 */
  uint16_t pen_tint, fill_tint; /* 1 + the index among the given tints, 0 for other colors */
  double pen_width, radius;     /* radius of a rectangle's corners; its points are two opposite ones */
  int line;             /* 0 none, 1 dashed, 2 dotted, 3 solid */
  const char *_Nullable text;    /* text; for a group its id */
  const char *_Nullable classes;
  const char *_Nullable tooltip;
  double size, width;   /* font size and measured width of a text */
  int flags;            /* 1 bold, 2 italic, 4 superscript, 8 subscript, 16 rounded, 32 serif */
  char justified;       /* 'l', 'n' (middle), 'r' */
} gradviz_event;

typedef struct {
  double width, height;           /* of the sheet, in points */
  const gradviz_event *_Nullable events;
  size_t event_count;
  const double *_Nullable points; /* x, y pairs; y grows downwards */
  size_t point_count;
} gradviz_recording;

/* Lays out DOT text (with the engine it names, or dot) and records the drawing. `tints` are color names, in byte
   order, that the text may use and the recording keeps. Returns 0 and a recording, which is valid until the next call
   with this context, or non-zero with gradviz_message(). */
int gradviz_record(gradviz_context *context, const char *dot, const char *_Nonnull const *_Nullable tints,
                   size_t tint_count, gradviz_recording *recording);

/* Lays out DOT text and draws it with one of Graphviz' own renderers, such as "png:cairo", or with "pdf:gradviz_pdf",
   at `dpi` pixels per inch. Returns 0 and a file that is valid until the next call, or non-zero with
   gradviz_message(). Needs a context with pages. */
int gradviz_draw_page(gradviz_context *context, const char *dot, const char *format, double dpi,
                      const char *_Nullable *_Nonnull data, size_t *length);

/* Draws DOT text as gradviz_draw_page does for a PNG. Returns 0 and its pixels from the left and from above, each
   0xAARRGGBB with the colors multiplied by the opacity, which are valid until the next call; or non-zero with
   gradviz_message(). */
int gradviz_draw_pixels(gradviz_context *context, const char *dot, double dpi,
                        const uint32_t *_Nullable *_Nonnull pixels, size_t *width, size_t *height);

/* Draws several DOT texts as the pages of one PDF, in their order; otherwise as gradviz_draw_page. */
int gradviz_draw_pages(gradviz_context *context, const char *_Nonnull const *_Nonnull dots, size_t count, double dpi,
                       const char *_Nullable *_Nonnull data, size_t *length);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
