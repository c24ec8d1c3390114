/* Graphviz' functions by their own names, in a table that is filled when the library is first needed: without
   Graphviz the program starts all the same and writes what needs no drawing. */
#ifndef GRADVIZ_GRAPHVIZ_FUNCTIONS_H
#define GRADVIZ_GRAPHVIZ_FUNCTIONS_H
#include "graphviz_headers.h"

#define GRAPHVIZ_FUNCTIONS(X) \
  X(agclose) X(agerrors) X(agfstsubg) X(agget) X(aggetrec) X(agnxtsubg) X(agread) X(agreseterrors) X(agseterrf) \
  X(gvAddLibrary) \
  X(gvContextPlugins) X(gvFreeContext) X(gvFreeLayout) X(gvFreeRenderData) X(gvLayout) X(gvRenderData) X(gvcVersion)

/* Types are those of the headers, so that a signature that changed is an error of the compiler. */
#define MEMBER(name) __typeof__(&name) name;
typedef struct {
  GRAPHVIZ_FUNCTIONS(MEMBER)
  /* Only in older versions, which count the lines of all texts they read; NULL elsewhere. */
  void (*agsetfile)(char *);
  /* How texts are read if nothing else is said. */
  Agiodisc_t *AgIoDisc;
} gradviz_functions;
#undef MEMBER

/* How a graph numbers what has a name: the same in every process. */
Agiddisc_t *gradviz_identifiers(void);

/* Empty until gradviz_library_load has returned 1. */
extern gradviz_functions graphviz;

#endif
