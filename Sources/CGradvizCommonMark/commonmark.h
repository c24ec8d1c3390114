/* libcmark's own header, found through pkg-config; nothing of it is copied here. */
#if __has_include(<cmark.h>)
#include <cmark.h>
#else
#error "libcmark is missing. Install it with `make deps`, or: apt-get install libcmark-dev | dnf install cmark-devel | brew install cmark"
#endif
