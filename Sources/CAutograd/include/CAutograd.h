#ifndef GRADVIZ_AUTOGRAD_H
#define GRADVIZ_AUTOGRAD_H

// What the engine needs and Swift cannot say: code for several kinds of vector registers, and prefetching.

#include <stddef.h>

/// C = A·B, or C += A·B: C has `rows` × `columns` elements one after another, A is rows × inner and B is
/// inner × columns, read with the given distances between rows and between columns, so that a transposed
/// matrix needs no copy.
///
/// Every element is a sum in the order of the inner index by fused multiply-add, one rounding a step: the same
/// bits on every processor, which a BLAS does not promise. Nothing is allocated. Its speed is measured in
/// Benchmarks/.
void gradviz_matrix_product(
  size_t rows, size_t inner, size_t columns,
  const double *a, size_t a_row, size_t a_column,
  const double *b, size_t b_row, size_t b_column,
  double *c, int accumulates);

/// Asks for the memory at an address ahead of its use; any address will do.
static inline void gradviz_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
