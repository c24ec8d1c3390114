// Functions of each element for one kind of vector registers; included once for each with NAME and LENGTH as in
// matrix_kernel.h. Only the named multiplications and additions are fused, so that all processors compute the same bits.

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define VECTOR JOIN(numbers, NAME)
#define INTEGERS JOIN(integers, NAME)
#define CHOOSE JOIN(choose, NAME)
#define EXP JOIN(exp, NAME)
#define TANH JOIN(tanh, NAME)
#define SIGMOID JOIN(sigmoid, NAME)
#define ERF JOIN(erf, NAME)
#define APPLY JOIN(apply, NAME)
#define FMA __builtin_elementwise_fma

typedef double VECTOR __attribute__((vector_size(LENGTH * 8), aligned(8)));
typedef int64_t INTEGERS __attribute__((vector_size(LENGTH * 8), aligned(8)));

static inline __attribute__((always_inline)) VECTOR CHOOSE(INTEGERS mask, VECTOR yes, VECTOR no)
{
  return (VECTOR)((mask & (INTEGERS)yes) | (~mask & (INTEGERS)no));
}

// eˣ = 2ⁿ · eʳ with |r| ≤ ½ ln 2, where eʳ is its Taylor polynomial of degree 13; within 1 unit in the last place.
static inline __attribute__((always_inline)) VECTOR EXP(VECTOR x)
{
  const VECTOR zero = {0};
  // Beyond, the result is infinite or 0; NaN stays.
  x = CHOOSE(x > 710.0, zero + 710.0, x);
  x = CHOOSE(x < -746.0, zero - 746.0, x);
  // Added and taken away again, it leaves the nearest integer, which is in the last bits of the sum.
  const double rounding = 0x1.8p52;
  VECTOR sum = FMA(x, zero + 0x1.71547652b82fep0, zero + rounding);
  VECTOR n = sum - rounding;
  VECTOR r = FMA(n, zero - 0x1.62e42fefa39efp-1, x);
  r = FMA(n, zero - 0x1.abc9e3b39803fp-56, r);
  static const double factors[] = {
    1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720,
    1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2};
  VECTOR p = zero + factors[0];
  for (int i = 1; i < 12; i++) p = FMA(p, r, zero + factors[i]);
  VECTOR result = FMA(r * r, p, r) + 1.0;
  // In two steps, as 2ⁿ alone may be too large or too small for a number.
  INTEGERS exponent = (INTEGERS)sum - (INTEGERS)(zero + rounding), half = exponent >> 1;
  return result * (VECTOR)((half + 1023) << 52) * (VECTOR)((exponent - half + 1023) << 52);
}

static inline __attribute__((always_inline)) VECTOR JOIN(magnitude, NAME)(VECTOR x)
{
  return (VECTOR)((INTEGERS)x & INT64_MAX);
}

static inline __attribute__((always_inline)) VECTOR JOIN(signed, NAME)(VECTOR magnitude, VECTOR sign)
{
  return (VECTOR)((INTEGERS)magnitude | ((INTEGERS)sign & INT64_MIN));
}

// As HyperbolicTangent.swift.
static inline __attribute__((always_inline)) VECTOR TANH(VECTOR x)
{
  VECTOR m = JOIN(magnitude, NAME)(x), square = m * m;
  VECTOR numerator = (-9.64399179425052238628e-1 * square - 9.92877231001918586564e1) * square - 1.61468768441708447952e3;
  VECTOR denominator = ((square + 1.12811678491632931402e2) * square + 2.23548839060100448583e3) * square
    + 4.84406305325125486048e3;
  VECTOR near = m + m * square * (numerator / denominator);
  VECTOR far = 1.0 - 2.0 / (EXP(2.0 * m) + 1.0);
  return JOIN(signed, NAME)(CHOOSE(m < 0.625, near, far), x);
}

// 1 / (1 + e⁻ˣ), computed on the side where e^… does not overflow.
static inline __attribute__((always_inline)) VECTOR SIGMOID(VECTOR x)
{
  VECTOR e = EXP(-JOIN(magnitude, NAME)(x)), one = (VECTOR){0} + 1.0;
  return CHOOSE(x >= 0.0, one, e) / (one + e);
}

// Cody, "Rational Chebyshev approximations for the error function", 1969; within 5 units in the last place.
static inline __attribute__((always_inline)) VECTOR ERF(VECTOR x)
{
  static const double a[] = {1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2,
                             3.20937758913846947e3};
  static const double b[] = {2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3};
  static const double c[] = {2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0,
                             6.61191906371416295e1, 2.98635138197400131e2, 8.81952221241769090e2,
                             1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3};
  static const double d[] = {1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
                             3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3,
                             1.23033935480374942e3};
  VECTOR m = JOIN(magnitude, NAME)(x), square = m * m;
  VECTOR top = a[0] * square + a[1], bottom = square + b[0];
  for (int i = 2; i < 5; i++) top = top * square + a[i];
  for (int i = 1; i < 4; i++) bottom = bottom * square + b[i];
  VECTOR near = m * (top / bottom);
  // From 6 on it is 1.
  m = CHOOSE(m > 6.0, (VECTOR){0} + 6.0, m);
  top = c[0] * m + c[1];
  bottom = m + d[0];
  for (int i = 2; i < 9; i++) top = top * m + c[i];
  for (int i = 1; i < 8; i++) bottom = bottom * m + d[i];
  VECTOR far = 1.0 - EXP(-(m * m)) * (top / bottom);
  return JOIN(signed, NAME)(CHOOSE(m < 0.46875, near, far), x);
}

static void APPLY(int function, size_t count, const double *x, double *y)
{
#define LOOP(F) \
  for (; i + LENGTH <= count; i += LENGTH) *(VECTOR *)(y + i) = F(*(const VECTOR *)(x + i)); \
  if (i < count) { \
    VECTOR part = {0}; \
    memcpy(&part, x + i, (count - i) * sizeof(double)); \
    part = F(part); \
    memcpy(y + i, &part, (count - i) * sizeof(double)); \
  }
  size_t i = 0;
  switch (function) {
  case GRADVIZ_EXP: LOOP(EXP) break;
  case GRADVIZ_TANH: LOOP(TANH) break;
  case GRADVIZ_SIGMOID: LOOP(SIGMOID) break;
  case GRADVIZ_ERF: LOOP(ERF) break;
  }
#undef LOOP
}

#undef JOIN_
#undef JOIN
#undef VECTOR
#undef INTEGERS
#undef CHOOSE
#undef EXP
#undef TANH
#undef SIGMOID
#undef ERF
#undef APPLY
#undef FMA
#undef NAME
#undef LENGTH
