/* The renderer that records instead of drawing, and the text metrics, as Graphviz plugins. */
#ifndef GRADVIZ_RECORDING_H
#define GRADVIZ_RECORDING_H
#include "CGraphvizShim.h"
#include "graphviz_headers.h"

/* The plugins as Graphviz' list of symbols wants them. */
gvplugin_library_t *gradviz_own_plugins(void);

/* The colors that the renderer receives by name, in byte order. */
void gradviz_set_tints(const char *const *tints, size_t count);

/* The function that measures text, and the plugin whose letters are fitted to it; NULL if no letters are drawn. */
void gradviz_measure(gradviz_text_width width, gvplugin_library_t *letters);

/* The text metrics, for the list above. */
extern gvplugin_installed_t gradviz_text_types[];

/* Bold 1, italic 2, superscript 4, subscript 8. */
int gradviz_run_flags(const textspan_t *span);

/* Forgets what was recorded. */
void gradviz_clear_recording(void);

/* The recording so far. Returns 0, or non-zero if there was not enough memory for it. */
int gradviz_take_recording(gradviz_recording *recording);

#endif
