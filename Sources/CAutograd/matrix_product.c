#include "CAutograd.h"

#include <string.h>

// The rows of B in a packed panel: 32 KiB at 16 columns.
#define DEPTH 256

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f,fma"))), apply_to = function)
#define NAME avx512
#define LENGTH 8
#define WIDTH 2
#define HEIGHT 8
#include "matrix_kernel.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define NAME avx2
#define LENGTH 4
#define WIDTH 2
#define HEIGHT 6
#include "matrix_kernel.h"
#pragma clang attribute pop

#endif

// 128-bit registers, which every 64-bit processor has. Where it has no fused multiply-add (x86-64 before 2013),
// the C library computes the same bits, slowly.
#define NAME base
#define LENGTH 2
#define WIDTH 2
#define HEIGHT 6
#include "matrix_kernel.h"

static void product(
  size_t rows, size_t inner, size_t columns, const double *a, size_t a_row, size_t a_column,
  const double *b, size_t b_row, size_t b_column, double *c, int accumulates)
{
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) {
    product_avx512(rows, inner, columns, a, a_row, a_column, b, b_row, b_column, c, accumulates);
    return;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    product_avx2(rows, inner, columns, a, a_row, a_column, b, b_row, b_column, c, accumulates);
    return;
  }
#endif
  product_base(rows, inner, columns, a, a_row, a_column, b, b_row, b_column, c, accumulates);
}

void gradviz_matrix_product(
  size_t rows, size_t inner, size_t columns,
  const double *a, size_t a_row, size_t a_column,
  const double *b, size_t b_row, size_t b_column,
  double *c, int accumulates)
{
  if (inner == 0) {
    if (!accumulates) memset(c, 0, rows * columns * sizeof(double));
    return;
  }
  // A single column fills one lane of each vector; its transpose fills them all.
  if (columns == 1 && rows > 1)
    product(1, inner, rows, b, b_column, b_row, a, a_column, a_row, c, accumulates);
  else
    product(rows, inner, columns, a, a_row, a_column, b, b_row, b_column, c, accumulates);
}
