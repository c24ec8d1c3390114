/* Drives the C boundary for valgrind, as the Swift side does: contexts, drawings, failures, pages, products.
   Arguments are DOT files; each is drawn twice. */
#include "CAutograd.h"
#include "CGraphvizShim.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

static void expect(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "failed: %s: %s\n", what, gradviz_message());
  failures++;
}

static double width(const char *text, double size, int flags) {
  return strlen(text) * size * (flags & 1 ? 0.6 : 0.5);
}

static char *contents(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *text = malloc((size_t)size + 1);
  size_t read = fread(text, 1, (size_t)size, file);
  text[read] = 0;
  fclose(file);
  return text;
}

/* Reads all that a recording says, so that nothing unset goes unnoticed. */
static double sum(const gradviz_recording *recording) {
  double total = recording->width + recording->height;
  for (size_t i = 0; i < recording->event_count; i++) {
    const gradviz_event *event = &recording->events[i];
    if (event->text) total += strlen(event->text);
    if (event->classes) total += strlen(event->classes);
    if (event->tooltip) total += strlen(event->tooltip);
    total += event->kind + event->line + event->filled + event->pen_width + event->size + event->width;
    for (size_t point = 0; point < 2 * event->point_count; point++)
      total += recording->points[2 * event->first_point + point];
  }
  return total;
}

static const char *const tints[] = { "data", "ink", "loss" };

static void draw(gradviz_context *context, const char *dot, const char *what) {
  gradviz_recording recording;
  int failed = gradviz_record(context, dot, tints, sizeof tints / sizeof *tints, &recording);
  expect(!failed, what);
  if (!failed) expect(recording.event_count > 0 && sum(&recording) > 0, what);
}

static void draw_page(gradviz_context *context, const char *dot, const char *format, const char *what) {
  const char *data = NULL;
  size_t length = 0;
  expect(!gradviz_draw_page(context, dot, format, 144, &data, &length) && length > 100, what);
  unsigned total = 0;
  for (size_t i = 0; i < length; i++) total += (unsigned char)data[i];
  expect(total > 0, "the bytes of a page");
}

static int count;
static char **files;

static void run(void *argument) {
  (void)argument;
  for (int round = 0; round < 2; round++) {
    gradviz_context *context = gradviz_context_new(width, 0);
    expect(context != NULL, "a context");
    if (!context) return;
    expect(strlen(gradviz_version(context)) > 0, "a version");
    for (int i = 0; i < count; i++) {
      char *dot = contents(files[i]);
      expect(dot != NULL, files[i]);
      if (dot) draw(context, dot, files[i]);
      free(dot);
    }
    draw(context, "digraph g { node [shape=box fixedsize=true width=1 height=0.5] a -> b -> c a -> c [label=x] }", "dot");
    static const char *const faulty[] = { "", "digraph g { -> }", "graph a {} graph b {}", "digraph g { a [label=<<B>>] }",
                                          "digraph g { a [shape=nonsense] }", "digraph g {\xFF}" };
    for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++) {
      gradviz_recording recording;
      if (gradviz_record(context, faulty[i], NULL, 0, &recording)) expect(strlen(gradviz_message()) > 0, "a message");
    }
    draw(context, "digraph g { a [color=ink fontcolor=loss] a -> b }", "after failures");
    gradviz_context_free(context);
  }
  gradviz_context *pages = gradviz_context_new(width, 1);
  if (!pages) {
    printf("no pages: %s\n", gradviz_message());
    return;
  }
  for (int round = 0; round < 2; round++) {
    draw_page(pages, "digraph g { a [label=<w<SUB>1</SUB>>] a -> b }", "png:cairo", "a PNG");
    draw_page(pages, "digraph g { a [label=<w<SUB>1</SUB>>] a -> b }", "pdf:gradviz_pdf", "a PDF");
    const char *data;
    size_t length;
    expect(gradviz_draw_page(pages, "digraph g { a [width=900] }", "png:cairo", 144, &data, &length),
           "a page that is too large is refused");
  }
  gradviz_context_free(pages);
}

static void multiply(size_t rows, size_t inner, size_t columns) {
  /* Exactly as many elements as there are: one more read or written is an error. */
  double *a = malloc(rows * inner * sizeof *a), *b = malloc(inner * columns * sizeof *b);
  double *c = malloc(rows * columns * sizeof *c);
  for (size_t i = 0; i < rows * inner; i++) a[i] = (double)(i % 7) - 3;
  for (size_t i = 0; i < inner * columns; i++) b[i] = (double)(i % 5) - 2;
  for (int accumulates = 0; accumulates < 2; accumulates++)
    gradviz_matrix_product(rows, inner, columns, a, inner, 1, b, columns, 1, c, accumulates);
  double worst = 0;
  for (size_t row = 0; row < rows; row++)
    for (size_t column = 0; column < columns; column++) {
      double expected = 0;
      for (size_t i = 0; i < inner; i++) expected += a[row * inner + i] * b[i * columns + column];
      double distance = c[row * columns + column] - 2 * expected;
      if (distance * distance > worst) worst = distance * distance;
    }
  expect(worst < 1e-18, "a matrix product");
  /* Both transposed. */
  if (rows == columns) gradviz_matrix_product(rows, inner, columns, a, 1, rows, b, 1, inner, c, 0);
  free(a);
  free(b);
  free(c);
}

/* Functions of so many numbers, which end anywhere in a vector register. */
static void apply(size_t length) {
  double *x = malloc(length * sizeof(double) + 1), *y = malloc(length * sizeof(double) + 1);
  for (size_t i = 0; i < length; i++) x[i] = 0;
  gradviz_elements(GRADVIZ_EXP, length, x, y);
  for (size_t i = 0; i < length; i++) expect(y[i] == 1, "e to the power of 0");
  for (gradviz_function f = GRADVIZ_TANH; f <= GRADVIZ_ERF; f++) gradviz_elements(f, length, x, x);
  free(x);
  free(y);
}

int main(int argc, char **argv) {
  count = argc - 1;
  files = argv + 1;
  gradviz_run_on_large_stack(run, files);
  static const size_t sizes[][3] = { { 1, 1, 1 }, { 3, 2, 5 }, { 7, 13, 7 }, { 17, 1, 9 }, { 33, 40, 31 }, { 64, 64, 64 } };
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) multiply(sizes[i][0], sizes[i][1], sizes[i][2]);
  for (size_t length = 0; length < 20; length++) apply(length);
  printf("%d files drawn twice, %d failures\n", count, failures);
  return failures ? 1 : 0;
}
