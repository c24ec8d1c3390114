/* Declarations shared by the files of the shim. */
#ifndef GRADVIZ_INTERNAL_H
#define GRADVIZ_INTERNAL_H
#include "CGraphvizShim.h"
#include "graphviz_headers.h"

/* Adds to gradviz_message(). */
int gradviz_collect(char *piece);
/* Begins a new message, without a fault, here and in Graphviz. */
void gradviz_clear_messages(void);

/* Begins a new message with this text and sets the kind of fault; returns NULL. */
void *gradviz_fail(gradviz_fault_kind kind, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether the loaded library has the version of the headers that the program was built with: 1, or 0 with a fault. */
int gradviz_check_library(void);

/* Graphviz' plugin of this name, as dlopen returns it; NULL with a fault if it is missing. */
void *gradviz_open_plugin(const char *name);

/* The symbol of such a plugin for Graphviz' list of plugins; NULL with a fault if it is missing. */
void *gradviz_plugin_table(const char *name);

/* Cairo's PDF renderer without a creation time, as `pdf:gradviz_pdf`, and its picture before it is a PNG, as
   `gradviz_pixels:cairo`; NULL with a fault if they are missing. */
gvplugin_library_t *gradviz_pdf_plugins(gvplugin_library_t *cairo);

/* From here on, all that `pdf:gradviz_pdf` draws are pages of one file. */
void gradviz_begin_book(void);
/* Ends the file. Returns 0, or non-zero if it is not complete. `data` is valid until the next book. */
int gradviz_end_book(const char **data, size_t *length);

/* Makes `device` one that keeps Cairo's picture, of the device for PNG; `image` is the renderer's kind of picture. */
void gradviz_set_pixel_device(gvplugin_installed_t *device, const gvplugin_installed_t *png, int image);
/* The picture that it has kept, NULL if there is none, until the next one. */
const uint32_t *gradviz_pixels(size_t *width, size_t *height);
void gradviz_clear_pixels(void);

/* Numbers the parts of a graph in the same way in every process. */
Agiddisc_t *gradviz_identifiers(void);

#endif
