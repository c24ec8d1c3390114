/* What the system can do with files and its Swift module does not offer. */
#ifndef CGRADVIZ_FILES_H
#define CGRADVIZ_FILES_H

/* Exchanges two files of the folder `folder` (a descriptor, or AT_FDCWD) in one step. 0; or -1, with errno, also where
   the system or the file system cannot. */
int gradviz_exchange(int folder, const char *one, const char *other);

#endif
