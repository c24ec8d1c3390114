#include "CGraphvizShim.h"
#include "graphviz_headers.h"
#include "internal.h"
#include <stdlib.h>
#include <string.h>

/* Graphviz visits the parts of a graph in the order of their identifiers, which by default are addresses of names and
   differ between processes. Here, they are numbers in the order of the names' first use: even for names, odd for
   unnamed parts. */

typedef struct { char *name; size_t next; } entry;

typedef struct {
  entry *entries;
  size_t count, room;
  /* The first entry of each chain, as its index plus one; 0 for none. There are as many as the capacity for entries.
     */
  size_t *chains;
  unsigned long nameless;
} table;

static size_t hash(const char *name) {
  /* FNV-1a (Fowler, Noll & Vo). */
  uint64_t value = 14695981039346656037u;
  for (; *name; name++) value = (value ^ (unsigned char)*name) * 1099511628211u;
  return (size_t)(value ^ value >> 32);
}

static void *open_table(graph_t *graph, Agdisc_t *disc) {
  (void)graph; (void)disc;
  return calloc(1, sizeof(table));
}

static void close_table(void *state) {
  table *names = state;
  if (!names) return;
  for (size_t i = 0; i < names->count; i++) free(names->entries[i].name);
  free(names->entries);
  free(names->chains);
  free(names);
}

static int grow(table *names) {
  size_t room = names->room ? 2 * names->room : 64;
  entry *entries = realloc(names->entries, room * sizeof *entries);
  if (!entries) return 0;
  names->entries = entries;
  size_t *chains = calloc(room, sizeof *chains);
  if (!chains) return 0;
  free(names->chains);
  names->chains = chains;
  names->room = room;
  for (size_t i = 0; i < names->count; i++) {
    size_t *chain = &chains[hash(entries[i].name) % room];
    entries[i].next = *chain;
    *chain = i + 1;
  }
  return 1;
}

/* The number of a name, or of an unnamed part; 0 if there is none and none is to be created. */
static long map(void *state, int kind, char *name, IDTYPE *id, int wants_new) {
  (void)kind;
  table *names = state;
  if (!names) return 0;
  if (!name) {
    if (!wants_new) return 0;
    *id = 2 * names->nameless++ + 1;
    return 1;
  }
  size_t own = hash(name);
  for (size_t i = names->room ? names->chains[own % names->room] : 0; i; i = names->entries[i - 1].next)
    if (!strcmp(names->entries[i - 1].name, name)) {
      *id = 2 * (IDTYPE)i;
      return 1;
    }
  if (!wants_new || (names->count == names->room && !grow(names))) return 0;
  char *copy = strdup(name);
  if (!copy) return 0;
  size_t *chain = &names->chains[own % names->room];
  names->entries[names->count] = (entry){ .name = copy, .next = *chain };
  *chain = ++names->count;
  *id = 2 * (IDTYPE)names->count;
  return 1;
}

static char *name_of(void *state, int kind, IDTYPE id) {
  (void)kind;
  table *names = state;
  return names && id % 2 == 0 && id / 2 <= names->count && id ? names->entries[id / 2 - 1].name : NULL;
}

/* All names live as long as their graph. */
static void keep(void *state, int kind, IDTYPE id) { (void)state; (void)kind; (void)id; }
static void pass(void *state, int kind, void *object) { (void)state; (void)kind; (void)object; }

Agiddisc_t *gradviz_identifiers(void) {
  static Agiddisc_t own;
  /* What is not set below only some versions have, and nothing asks for: identifiers of the caller's choice. */
  own = AgIdDisc;
  /* Some versions have other types for results and names, of the same width. */
  own.open = (__typeof__(own.open))open_table;
  own.map = (__typeof__(own.map))map;
  own.free = (__typeof__(own.free))keep;
  own.print = (__typeof__(own.print))name_of;
  own.close = (__typeof__(own.close))close_table;
  own.idregister = (__typeof__(own.idregister))pass;
  return &own;
}
