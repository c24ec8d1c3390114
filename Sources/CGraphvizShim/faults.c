/* What went wrong, in Graphviz or before it: its kind and its words. */
#include "internal.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Graphviz passes each message in several pieces, without a context argument. */
static char *message;
static size_t message_length;

int gradviz_collect(char *piece) {
  size_t length = strlen(piece);
  if (message_length + length > 100000) return 0;
  char *longer = realloc(message, message_length + length + 1);
  if (!longer) return 0;
  message = longer;
  memcpy(message + message_length, piece, length + 1);
  message_length += length;
  return 0;
}

static gradviz_fault_kind fault;

gradviz_fault_kind gradviz_fault(void) { return fault; }

void gradviz_clear_messages(void) {
  agseterrf(gradviz_collect);
  agreseterrors();
  fault = gradviz_no_fault;
  message_length = 0;
  if (message) message[0] = 0;
}

void *gradviz_fail(gradviz_fault_kind kind, const char *format, ...) {
  char text[8192];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  gradviz_clear_messages();
  gradviz_collect(text);
  fault = kind;
  return NULL;
}

const char *gradviz_message(void) { return message ? message : ""; }
