#ifndef GRADVIZ_AUTOGRAD_H
#define GRADVIZ_AUTOGRAD_H

// Parts of the engine that cannot be written in Swift: code for several vector instruction sets, and prefetching.

#include <stddef.h>

/// Computes C = A·B, or C += A·B. C has `rows` × `columns` contiguous elements; A is rows × inner and B is
/// inner × columns, with the given row and column strides, so that a transposed matrix needs no copy.
///
/// Every element is summed in the order of the inner index with fused multiply-adds, one rounding per step, so
/// that every processor computes the same bits, which a BLAS does not guarantee. Allocates nothing. Benchmarks/
/// measures its speed.
void gradviz_matrix_product(
  size_t rows, size_t inner, size_t columns,
  const double *a, size_t a_row, size_t a_column,
  const double *b, size_t b_row, size_t b_column,
  double *c, int accumulates);

typedef enum { GRADVIZ_EXP, GRADVIZ_TANH, GRADVIZ_SIGMOID, GRADVIZ_ERF } gradviz_function;

/// Computes yᵢ = f(xᵢ); x and y may be the same. Within a few units in the last place of the exact result, with the same
/// bits on every processor.
void gradviz_elements(gradviz_function function, size_t count, const double *x, double *y);

/// Prefetches the memory at an address; any address is valid.
static inline void gradviz_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
