/* What the files of the shim share. */
#ifndef GRADVIZ_INTERNAL_H
#define GRADVIZ_INTERNAL_H

/* Adds to gradviz_message(). */
int gradviz_collect(char *piece);
void gradviz_clear_messages(void);

/* Graphviz' plugin of this name, as dlopen returns it; NULL and a message where it is missing. */
void *gradviz_open_plugin(const char *name);

#endif
