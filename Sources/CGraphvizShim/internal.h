/* What the files of the shim share. */
#ifndef GRADVIZ_INTERNAL_H
#define GRADVIZ_INTERNAL_H
#include "CGraphvizShim.h"
#include "graphviz_headers.h"

/* Adds to gradviz_message(). */
int gradviz_collect(char *piece);
/* Begins a new message, without a fault, here and in Graphviz. */
void gradviz_clear_messages(void);

/* Begins a new message with these words, and says what kind of fault it is; returns NULL. */
void *gradviz_fail(gradviz_fault_kind kind, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether the library that the program is linked with is of the version whose headers it was built with.
   1; or 0 and a fault. */
int gradviz_check_library(void);

/* Graphviz' plugin of this name, as dlopen returns it; NULL and a fault where it is missing. */
void *gradviz_open_plugin(const char *name);

/* What such a plugin offers, as Graphviz' lists want it; NULL and a fault where it is missing. */
void *gradviz_plugin_table(const char *name);

/* Cairo's renderer of PDF, as `pdf:gradviz_pdf`, without the time of day; NULL and a fault where it is missing. */
gvplugin_library_t *gradviz_pdf_plugins(gvplugin_library_t *cairo);

/* How a graph numbers what has a name: the same in every process. */
Agiddisc_t *gradviz_identifiers(void);

#endif
