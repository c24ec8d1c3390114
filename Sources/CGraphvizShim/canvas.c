#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CGraphvizShim.h"
#include "internal.h"
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the libraries: their headers need not be installed, so that the functions are declared here ---- */

typedef int (*write_function)(void *closure, const unsigned char *data, unsigned int length);

#define FUNCTIONS(X) \
  X(void *, cairo_image_surface_create, (int format, int width, int height)) \
  X(void *, cairo_pdf_surface_create_for_stream, (write_function, void *closure, double w, double h)) \
  X(int, cairo_surface_write_to_png_stream, (void *surface, write_function, void *closure)) \
  X(int, cairo_surface_status, (void *surface)) \
  X(void, cairo_surface_finish, (void *surface)) \
  X(void, cairo_surface_destroy, (void *surface)) \
  X(void *, cairo_create, (void *surface)) \
  X(void, cairo_destroy, (void *)) \
  X(int, cairo_status, (void *)) \
  X(const char *, cairo_status_to_string, (int)) \
  X(void, cairo_save, (void *)) \
  X(void, cairo_restore, (void *)) \
  X(void, cairo_translate, (void *, double, double)) \
  X(void, cairo_scale, (void *, double, double)) \
  X(void, cairo_new_path, (void *)) \
  X(void, cairo_new_sub_path, (void *)) \
  X(void, cairo_move_to, (void *, double, double)) \
  X(void, cairo_line_to, (void *, double, double)) \
  X(void, cairo_curve_to, (void *, double, double, double, double, double, double)) \
  X(void, cairo_arc, (void *, double, double, double, double, double)) \
  X(void, cairo_close_path, (void *)) \
  X(void, cairo_set_source_rgba, (void *, double, double, double, double)) \
  X(void, cairo_set_line_width, (void *, double)) \
  X(void, cairo_set_line_cap, (void *, int)) \
  X(void, cairo_set_dash, (void *, const double *, int, double)) \
  X(void, cairo_fill_preserve, (void *)) \
  X(void, cairo_stroke, (void *)) \
  X(void *, cairo_font_options_create, (void)) \
  X(void, cairo_font_options_destroy, (void *)) \
  X(void, cairo_font_options_set_hint_metrics, (void *, int)) \
  X(void, cairo_font_options_set_hint_style, (void *, int)) \
  X(void *, pango_cairo_create_layout, (void *)) \
  X(void, pango_cairo_context_set_font_options, (void *, void *)) \
  X(void, pango_cairo_show_layout, (void *, void *)) \
  X(void *, pango_layout_get_context, (void *)) \
  X(void, pango_layout_set_text, (void *, const char *, int)) \
  X(void, pango_layout_set_single_paragraph_mode, (void *, int)) \
  X(void, pango_layout_set_font_description, (void *, void *)) \
  X(void, pango_layout_get_size, (void *, int *, int *)) \
  X(int, pango_layout_get_baseline, (void *)) \
  X(void *, pango_font_description_new, (void)) \
  X(void, pango_font_description_free, (void *)) \
  X(void, pango_font_description_set_family, (void *, const char *)) \
  X(void, pango_font_description_set_absolute_size, (void *, double)) \
  X(void, pango_font_description_set_weight, (void *, int)) \
  X(void, pango_font_description_set_style, (void *, int)) \
  X(void, g_object_unref, (void *))

#define DECLARE(result, name, arguments) static result (*name) arguments;
FUNCTIONS(DECLARE)

/* Values of the libraries' enumerations. */
enum { format_rgb24 = 1, cap_butt = 0, cap_round = 1, hint_metrics_off = 1, hint_style_none = 1 };
enum { pango_units = 1024, weight_normal = 400, weight_bold = 700, style_normal = 0, style_italic = 2 };

int gradviz_canvas_load(void) {
  static int is_loaded;
  gradviz_clear_messages();
  if (is_loaded) return 1;
  if (!gradviz_library_load()) return 0;
  /* dlsym looks through all that the plugin was linked with. */
  void *library = gradviz_open_plugin("pango");
  if (!library) return 0;
  const char *missing = NULL;
#define FIND(result, name, arguments) \
  if (!(name = (result (*) arguments)dlsym(library, #name))) missing = #name;
  FUNCTIONS(FIND)
  if (missing) {
    gradviz_fail(gradviz_missing_plugin, "Graphviz' pango plugin lacks %s", missing);
    return 0;
  }
  return is_loaded = 1;
}

/* ---- the page ---- */

struct gradviz_canvas {
  void *surface, *context, *layout;
  int is_pdf, is_finished, is_out_of_memory;
  unsigned char *data;
  size_t length, room;
};

static int append(void *closure, const unsigned char *data, unsigned int length) {
  gradviz_canvas *canvas = closure;
  if (canvas->length + length > canvas->room) {
    size_t room = 2 * (canvas->length + length);
    unsigned char *longer = realloc(canvas->data, room);
    if (!longer) {
      canvas->is_out_of_memory = 1;
      return 11; /* CAIRO_STATUS_WRITE_ERROR */
    }
    canvas->data = longer;
    canvas->room = room;
  }
  memcpy(canvas->data + canvas->length, data, length);
  canvas->length += length;
  return 0;
}

gradviz_canvas *gradviz_canvas_new(int is_pdf, double width, double height, double scale) {
  gradviz_clear_messages();
  /* Cairo's images end at 32767 pixels a side. */
  double limit = is_pdf ? 1e6 : 32767;
  if (!(width > 0 && height > 0 && width * scale <= limit && height * scale <= limit)) {
    char text[160];
    snprintf(text, sizeof text, "%.0f by %.0f, the limit is %.0f a side",
             width * scale, height * scale, limit);
    gradviz_collect(text);
    return NULL;
  }
  gradviz_canvas *canvas = calloc(1, sizeof *canvas);
  if (!canvas) {
    gradviz_collect((char *)"out of memory");
    return NULL;
  }
  canvas->is_pdf = is_pdf;
  canvas->surface = is_pdf
    ? cairo_pdf_surface_create_for_stream(append, canvas, width, height)
    : cairo_image_surface_create(format_rgb24, (int)ceil(width * scale), (int)ceil(height * scale));
  canvas->context = cairo_create(canvas->surface);
  if (!is_pdf) cairo_scale(canvas->context, scale, scale);
  canvas->layout = pango_cairo_create_layout(canvas->context);
  void *options = cairo_font_options_create();
  cairo_font_options_set_hint_metrics(options, hint_metrics_off);
  cairo_font_options_set_hint_style(options, hint_style_none);
  pango_cairo_context_set_font_options(pango_layout_get_context(canvas->layout), options);
  cairo_font_options_destroy(options);
  pango_layout_set_single_paragraph_mode(canvas->layout, 1);
  /* Where a figure has no page colour of its own, an image is white like paper. */
  gradviz_canvas_move(canvas, 0, 0);
  gradviz_canvas_line(canvas, width + 1, 0);
  gradviz_canvas_line(canvas, width + 1, height + 1);
  gradviz_canvas_line(canvas, 0, height + 1);
  gradviz_canvas_fill(canvas, 0xFFFFFFFF);
  gradviz_canvas_end_path(canvas);
  return canvas;
}

void gradviz_canvas_free(gradviz_canvas *canvas) {
  g_object_unref(canvas->layout);
  cairo_destroy(canvas->context);
  cairo_surface_destroy(canvas->surface);
  free(canvas->data);
  free(canvas);
}

int gradviz_canvas_finish(gradviz_canvas *canvas, const unsigned char **data, size_t *length) {
  int status = cairo_status(canvas->context);
  if (!status && !canvas->is_finished) {
    if (!canvas->is_pdf) status = cairo_surface_write_to_png_stream(canvas->surface, append, canvas);
    cairo_surface_finish(canvas->surface);
    canvas->is_finished = 1;
    if (!status) status = cairo_surface_status(canvas->surface);
  }
  *data = canvas->data;
  *length = canvas->length;
  if (status) {
    const char *reason = canvas->is_out_of_memory ? "out of memory" : cairo_status_to_string(status);
    gradviz_collect((char *)reason);
  }
  return status;
}

/* ---- paths ---- */

void gradviz_canvas_move(gradviz_canvas *c, double x, double y) { cairo_move_to(c->context, x, y); }
void gradviz_canvas_line(gradviz_canvas *c, double x, double y) { cairo_line_to(c->context, x, y); }
void gradviz_canvas_curve(gradviz_canvas *c, double x1, double y1, double x2, double y2, double x, double y) {
  cairo_curve_to(c->context, x1, y1, x2, y2, x, y);
}
void gradviz_canvas_close(gradviz_canvas *c) { cairo_close_path(c->context); }
void gradviz_canvas_end_path(gradviz_canvas *c) { cairo_new_path(c->context); }

void gradviz_canvas_ellipse(gradviz_canvas *c, double x, double y, double rx, double ry) {
  if (!(rx > 0 && ry > 0)) return;
  cairo_save(c->context);
  cairo_translate(c->context, x, y);
  cairo_scale(c->context, rx, ry);
  cairo_new_sub_path(c->context);
  cairo_arc(c->context, 0, 0, 1, 0, 2 * 3.14159265358979323846);
  cairo_close_path(c->context);
  cairo_restore(c->context);
}

static void set_color(gradviz_canvas *c, uint32_t color) {
  cairo_set_source_rgba(c->context, (color >> 24) / 255.0, (color >> 16 & 255) / 255.0,
                        (color >> 8 & 255) / 255.0, (color & 255) / 255.0);
}

void gradviz_canvas_fill(gradviz_canvas *c, uint32_t color) {
  set_color(c, color);
  cairo_fill_preserve(c->context);
}

void gradviz_canvas_stroke(gradviz_canvas *c, uint32_t color, double width, const double *dashes,
                           int dash_count, int has_round_ends) {
  set_color(c, color);
  cairo_set_line_width(c->context, width);
  cairo_set_dash(c->context, dashes, dashes ? dash_count : 0, 0);
  cairo_set_line_cap(c->context, has_round_ends ? cap_round : cap_butt);
  cairo_stroke(c->context);
}

/* ---- text ---- */

void gradviz_canvas_text(gradviz_canvas *c, const char *text, const char *families, double x, double y,
                         double size, double width, int is_bold, int is_italic, uint32_t color) {
  /* Letters are shaped at a hundred times their size: Pango rounds advances to whole units. */
  const double enlargement = 100;
  void *font = pango_font_description_new();
  pango_font_description_set_family(font, families);
  pango_font_description_set_absolute_size(font, size * enlargement * pango_units);
  pango_font_description_set_weight(font, is_bold ? weight_bold : weight_normal);
  pango_font_description_set_style(font, is_italic ? style_italic : style_normal);
  pango_layout_set_font_description(c->layout, font);
  pango_font_description_free(font);
  pango_layout_set_text(c->layout, text, -1);
  int natural_width, height;
  pango_layout_get_size(c->layout, &natural_width, &height);
  double natural = natural_width / (double)pango_units / enlargement;
  double stretch = natural > 0 && width > 0 ? width / natural : 1;
  double baseline = pango_layout_get_baseline(c->layout) / (double)pango_units;
  set_color(c, color);
  cairo_save(c->context);
  cairo_translate(c->context, x, y);
  cairo_scale(c->context, stretch / enlargement, 1 / enlargement);
  cairo_move_to(c->context, 0, -baseline);
  pango_cairo_show_layout(c->context, c->layout);
  cairo_restore(c->context);
  cairo_new_path(c->context);
}
