/* Graphviz' own headers; nothing of them is copied here. The library itself is looked for when the program
   runs, see library.c. */
#ifndef GRADVIZ_GRAPHVIZ_HEADERS_H
#define GRADVIZ_GRAPHVIZ_HEADERS_H

/* In the compiler's own folders (`-Xcc -I…` adds one), or where Homebrew and MacPorts put them. */
#if __has_include(<graphviz/gvc.h>)
#define GRAPHVIZ_HEADER(name) <graphviz/name>
#elif __has_include(</opt/homebrew/include/graphviz/gvc.h>)
#define GRAPHVIZ_HEADER(name) </opt/homebrew/include/graphviz/name>
#elif __has_include(</opt/local/include/graphviz/gvc.h>)
#define GRAPHVIZ_HEADER(name) </opt/local/include/graphviz/name>
#else
#error "Graphviz is missing. Install it with `make deps`, or: apt-get install libgraphviz-dev | dnf install graphviz-devel | brew install graphviz"
#endif

#include GRAPHVIZ_HEADER(gvc.h)
#include GRAPHVIZ_HEADER(gvcjob.h)
#include GRAPHVIZ_HEADER(gvplugin.h)
#include GRAPHVIZ_HEADER(gvplugin_device.h)
#include GRAPHVIZ_HEADER(gvplugin_render.h)
#include GRAPHVIZ_HEADER(gvplugin_textlayout.h)
#include GRAPHVIZ_HEADER(graphviz_version.h)

#endif
