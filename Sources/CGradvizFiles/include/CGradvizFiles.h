/* File operations of the system that its Swift module does not offer. */
#ifndef CGRADVIZ_FILES_H
#define CGRADVIZ_FILES_H

/* Atomically exchanges two files in `folder` (a descriptor, or AT_FDCWD). Returns 0, or -1 with errno, also if the
   system or the file system does not support it. */
int gradviz_exchange(int folder, const char *one, const char *other);

#endif
