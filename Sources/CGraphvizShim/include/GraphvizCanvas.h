/* A page to paint on, by the Cairo and Pango libraries that Graphviz' own PNG and PDF output uses. They come
   with Graphviz' pango plugin and are found through it, so that nothing else has to be installed. */
#ifndef GRAPHVIZ_CANVAS_H
#define GRAPHVIZ_CANVAS_H
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

typedef struct gradviz_canvas gradviz_canvas;

/* Finds the libraries, once. 0 and gradviz_message() where they are missing. */
int gradviz_canvas_load(void);

/* A page of `width` by `height` points, y downwards: a PDF, or an image of `scale` pixels a point. NULL where
   it would be too large; gradviz_message() says so. After gradviz_canvas_load. Freed by gradviz_canvas_free. */
gradviz_canvas *_Nullable gradviz_canvas_new(int is_pdf, double width, double height, double scale);
void gradviz_canvas_free(gradviz_canvas *canvas);

/* The current path. */
void gradviz_canvas_move(gradviz_canvas *canvas, double x, double y);
void gradviz_canvas_line(gradviz_canvas *canvas, double x, double y);
void gradviz_canvas_curve(gradviz_canvas *canvas, double x1, double y1, double x2, double y2, double x, double y);
void gradviz_canvas_close(gradviz_canvas *canvas);
void gradviz_canvas_ellipse(gradviz_canvas *canvas, double x, double y, double rx, double ry);

/* Colours are 0xRRGGBBAA. Filling keeps the path, painting its line ends it. */
void gradviz_canvas_fill(gradviz_canvas *canvas, uint32_t color);
void gradviz_canvas_stroke(gradviz_canvas *canvas, uint32_t color, double width, const double *_Nullable dashes,
                           int dash_count, int has_round_ends);
void gradviz_canvas_end_path(gradviz_canvas *canvas);

/* One line of text with its left end on the baseline at (x, y), stretched or pressed to `width` points. */
void gradviz_canvas_text(gradviz_canvas *canvas, const char *text, const char *families, double x, double y,
                         double size, double width, int is_bold, int is_italic, uint32_t color);

/* The finished file, which lives as long as the canvas. 0, or non-zero and gradviz_message(). */
int gradviz_canvas_finish(gradviz_canvas *canvas, const unsigned char *_Nullable *_Nonnull data, size_t *length);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
