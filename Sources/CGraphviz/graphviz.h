/* Graphviz' own headers, found through pkg-config; nothing of them is copied here. */
#if __has_include(<gvc.h>)
#include <gvc.h>
#else
#error "Graphviz is missing. Install it with `make deps`, or: apt-get install libgraphviz-dev | dnf install graphviz-devel | brew install graphviz"
#endif
