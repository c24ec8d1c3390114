/* The renderer that records instead of drawing, and the text metrics: Graphviz plugins of our own. */
#ifndef GRADVIZ_RECORDING_H
#define GRADVIZ_RECORDING_H
#include "CGraphvizShim.h"
#include "graphviz_headers.h"

/* The plugins as Graphviz' list of symbols wants them, with the measure for their texts. */
gvplugin_library_t *gradviz_own_plugins(gradviz_text_width width);

/* Forgets what was recorded. */
void gradviz_clear_recording(void);

/* What was recorded since. 0, or non-zero where memory was too short to hold it. */
int gradviz_take_recording(gradviz_recording *recording);

#endif
