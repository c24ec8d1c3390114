// The product for one kind of vector registers; included once for each with
//   NAME    the function's suffix
//   LENGTH  doubles in a vector
//   WIDTH   vectors in a row of the block that is kept in registers
//   HEIGHT  rows of that block
// A panel of B is packed, and blocks of C are computed in registers against it (Goto & van de Geijn, "Anatomy of
// high-performance matrix multiplication", 2008).

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define VECTOR JOIN(vector, NAME)
#define BLOCK JOIN(block, NAME)
#define ROWS JOIN(rows, NAME)
#define PRODUCT JOIN(product, NAME)
#define COLUMNS (LENGTH * WIDTH)

typedef double VECTOR __attribute__((vector_size(LENGTH * 8), aligned(8)));

// `height` rows of C against a packed panel; inlined with a constant height.
static inline __attribute__((always_inline)) void BLOCK(
  int height, size_t inner, const double *a, size_t a_row, size_t a_column,
  const double *panel, double *c, size_t c_row, size_t columns, int accumulates)
{
  VECTOR sum[HEIGHT][WIDTH];
  if (accumulates && columns == COLUMNS) {
    for (int i = 0; i < height; i++)
      for (int j = 0; j < WIDTH; j++) sum[i][j] = *(const VECTOR *)(c + i * c_row + j * LENGTH);
  } else if (accumulates) {
    for (int i = 0; i < height; i++) {
      double part[COLUMNS] = {0};
      memcpy(part, c + i * c_row, columns * sizeof(double));
      for (int j = 0; j < WIDTH; j++) sum[i][j] = *(const VECTOR *)(part + j * LENGTH);
    }
  } else {
    for (int i = 0; i < height; i++)
      for (int j = 0; j < WIDTH; j++) sum[i][j] = (VECTOR){0};
  }
  for (size_t k = 0; k < inner; k++) {
    VECTOR row[WIDTH];
    for (int j = 0; j < WIDTH; j++) row[j] = *(const VECTOR *)(panel + k * COLUMNS + j * LENGTH);
    for (int i = 0; i < height; i++) {
      VECTOR factor = a[i * a_row + k * a_column] - (VECTOR){0};
      for (int j = 0; j < WIDTH; j++) sum[i][j] = __builtin_elementwise_fma(factor, row[j], sum[i][j]);
    }
  }
  for (int i = 0; i < height; i++) {
    if (columns == COLUMNS) {
      for (int j = 0; j < WIDTH; j++) *(VECTOR *)(c + i * c_row + j * LENGTH) = sum[i][j];
    } else {
      double part[COLUMNS];
      for (int j = 0; j < WIDTH; j++) *(VECTOR *)(part + j * LENGTH) = sum[i][j];
      memcpy(c + i * c_row, part, columns * sizeof(double));
    }
  }
}

static void ROWS(
  size_t rows, size_t inner, const double *a, size_t a_row, size_t a_column,
  const double *panel, double *c, size_t c_row, size_t columns, int accumulates)
{
  size_t i = 0;
  for (; i + HEIGHT <= rows; i += HEIGHT)
    BLOCK(HEIGHT, inner, a + i * a_row, a_row, a_column, panel, c + i * c_row, c_row, columns, accumulates);
  a += i * a_row;
  c += i * c_row;
  switch (rows - i) {
#define REST(n) \
  case n: BLOCK(n, inner, a, a_row, a_column, panel, c, c_row, columns, accumulates); break;
    REST(1) REST(2) REST(3)
#if HEIGHT > 4
    REST(4) REST(5)
#endif
#if HEIGHT > 6
    REST(6) REST(7)
#endif
#undef REST
  }
}

static void PRODUCT(
  size_t rows, size_t inner, size_t columns, const double *a, size_t a_row, size_t a_column,
  const double *b, size_t b_row, size_t b_column, double *c, int accumulates)
{
  _Alignas(64) double panel[DEPTH * COLUMNS];
  for (size_t j = 0; j < columns; j += COLUMNS) {
    size_t width = columns - j < COLUMNS ? columns - j : COLUMNS;
    for (size_t k = 0; k < inner; k += DEPTH) {
      size_t depth = inner - k < DEPTH ? inner - k : DEPTH;
      const double *source = b + k * b_row + j * b_column;
      if (width < COLUMNS) memset(panel, 0, depth * COLUMNS * sizeof(double));
      if (b_column == 1 && width == COLUMNS) {
        // Of a size that the compiler knows.
        for (size_t p = 0; p < depth; p++)
          memcpy(panel + p * COLUMNS, source + p * b_row, COLUMNS * sizeof(double));
      } else if (b_column == 1) {
        for (size_t p = 0; p < depth; p++)
          memcpy(panel + p * COLUMNS, source + p * b_row, width * sizeof(double));
      } else {
        for (size_t q = 0; q < width; q++)
          for (size_t p = 0; p < depth; p++) panel[p * COLUMNS + q] = source[p * b_row + q * b_column];
      }
      ROWS(rows, depth, a + k * a_column, a_row, a_column, panel, c + j, columns, width, accumulates || k > 0);
    }
  }
}

#undef JOIN_
#undef JOIN
#undef VECTOR
#undef BLOCK
#undef ROWS
#undef PRODUCT
#undef COLUMNS
#undef NAME
#undef LENGTH
#undef WIDTH
#undef HEIGHT
