#include "CGraphvizShim.h"
#include "graphviz_headers.h"
#include "recording.h"
#include <stdbool.h>

/* The type of the result changed between versions; the types tell which one this is. */
typedef __typeof__(((gvtextlayout_engine_t *)0)->textlayout) text_function;

static gradviz_text_width text_width;
static text_function letters_layout;

/* The offset of superscripts and subscripts in units of the font size, as in gradviz' own files. */
static double rise(int flags) { return flags & 4 ? 0.5 : flags & 8 ? -0.28 : 0; }

/* Sets the letters in the machine's font, scaled down if it is wider than the measured one; returns their ascent. */
static double fit_letters(textspan_t *span, char **font_path, double width) {
  textfont_t *asked = span->font, font = *asked;
  int flags = gradviz_run_flags(span);
  font.flags &= ~(unsigned)(HTML_SUP | HTML_SUB);
  span->font = &font;
  letters_layout(span, font_path);
  if (span->size.x > width && width > 0) {
    if (span->free_layout) span->free_layout(span->layout);
    font.size *= width / span->size.x;
    letters_layout(span, font_path);
  }
  span->font = asked;
  return span->yoffset_layout + rise(flags) * asked->size;
}

static bool layout_text(textspan_t *span, char **font_path) {
  double size = span->font->size;
  double width = text_width ? text_width(span->str, size, gradviz_run_flags(span)) : 0;
  double ascent = size;
  span->layout = NULL;
  span->free_layout = NULL;
  if (letters_layout) ascent = fit_letters(span, font_path, width);
  else if (font_path) *font_path = (char *)"[gradviz]";
  span->size.x = width;
  span->size.y = size * 1.2;
  /* Cairo starts drawing letters at the sum of both. Rich labels are positioned by the second, and 14.1 sets the
     baseline by the first, so that it matches that of older versions, which do not use it. */
  span->yoffset_centerline = 0.1 * size;
  span->yoffset_layout = ascent - span->yoffset_centerline;
  return true;
}
static unsigned char layout_text_byte(textspan_t *span, char **font_path) {
  return layout_text(span, font_path);
}

static gvtextlayout_engine_t text_engine = {
  __builtin_choose_expr(__builtin_types_compatible_p(text_function, __typeof__(&layout_text)), layout_text,
                        layout_text_byte) };
gvplugin_installed_t gradviz_text_types[] = { {0, "textlayout", 1000, &text_engine, NULL}, {0, NULL, 0, NULL, NULL} };

void gradviz_measure(gradviz_text_width width, gvplugin_library_t *letters) {
  text_width = width;
  letters_layout = NULL;
  for (gvplugin_api_t *api = letters ? letters->apis : NULL; api && api->types; api++)
    if (api->api == API_textlayout) letters_layout = ((gvtextlayout_engine_t *)api->types[0].engine)->textlayout;
}
