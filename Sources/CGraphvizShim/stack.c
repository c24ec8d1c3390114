#include "CGraphvizShim.h"
#include <pthread.h>
#include <stddef.h>

struct work { void (*body)(void *); void *argument; };

static void *run_work(void *work) {
  struct work *w = work;
  w->body(w->argument);
  return NULL;
}

void gradviz_run_on_large_stack(void (*body)(void *), void *argument) {
  /* Only reserved: a stack costs nothing until a layout uses it. Tries smaller ones if address space is limited, and
     finally the caller's own. */
  static const size_t mebibytes[] = { 512, 64, 8 };
  struct work work = { body, argument };
  for (size_t i = 0; i < sizeof mebibytes / sizeof *mebibytes; i++) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes)) break;
    pthread_t thread;
    int failed = pthread_attr_setstacksize(&attributes, mebibytes[i] << 20)
                 || pthread_create(&thread, &attributes, run_work, &work);
    pthread_attr_destroy(&attributes);
    if (!failed) {
      pthread_join(thread, NULL);
      return;
    }
  }
  body(argument);
}

