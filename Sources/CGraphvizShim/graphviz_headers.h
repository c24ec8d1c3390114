/* Graphviz' own headers, in the folder that pkg-config reports for libgvc. */
#ifndef GRADVIZ_GRAPHVIZ_HEADERS_H
#define GRADVIZ_GRAPHVIZ_HEADERS_H

#if !__has_include(<gvc.h>)
#error "Graphviz is missing. Install it with `make deps`, or: apt-get install libgraphviz-dev | dnf install graphviz-devel | brew install graphviz"
#endif

#include <gvc.h>
#include <gvcjob.h>
#include <gvplugin.h>
#include <gvplugin_device.h>
#include <gvplugin_render.h>
#include <gvplugin_textlayout.h>
#include <graphviz_version.h>

#endif
