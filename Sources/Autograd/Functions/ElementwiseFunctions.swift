/// Elementwise functions of arrays and numbers.
///
/// Values and derivatives are PyTorch's; outside a function's domain they are IEEE's.

/// The tangent of each entry, in radians.
public func tan(_ x: Tensor) -> Tensor { x.unary(.tan) }
/// The tangent, in radians.
public func tan(_ x: Value) -> Value { x.unary(.tan) }
/// The angle in −π/2 … π/2 whose sine each entry is; NaN outside −1 … 1.
public func asin(_ x: Tensor) -> Tensor { x.unary(.asin) }
/// The angle in −π/2 … π/2 whose sine it is; NaN outside −1 … 1.
public func asin(_ x: Value) -> Value { x.unary(.asin) }
/// The angle in 0 … π whose cosine each entry is; NaN outside −1 … 1.
public func acos(_ x: Tensor) -> Tensor { x.unary(.acos) }
/// The angle in 0 … π whose cosine it is; NaN outside −1 … 1.
public func acos(_ x: Value) -> Value { x.unary(.acos) }
/// The angle in −π/2 … π/2 whose tangent each entry is.
public func atan(_ x: Tensor) -> Tensor { x.unary(.atan) }
/// The angle in −π/2 … π/2 whose tangent it is.
public func atan(_ x: Value) -> Value { x.unary(.atan) }
/// The hyperbolic sine of each entry.
public func sinh(_ x: Tensor) -> Tensor { x.unary(.sinh) }
/// The hyperbolic sine.
public func sinh(_ x: Value) -> Value { x.unary(.sinh) }
/// The hyperbolic cosine of each entry.
public func cosh(_ x: Tensor) -> Tensor { x.unary(.cosh) }
/// The hyperbolic cosine.
public func cosh(_ x: Value) -> Value { x.unary(.cosh) }
/// log(1 + x) of each entry, exact near 0; NaN below −1, −∞ at −1.
public func log1p(_ x: Tensor) -> Tensor { x.unary(.log1p) }
/// log(1 + x), exact near 0; NaN below −1, −∞ at −1.
public func log1p(_ x: Value) -> Value { x.unary(.log1p) }
/// eˣ − 1 of each entry, exact near 0.
public func expm1(_ x: Tensor) -> Tensor { x.unary(.expm1) }
/// eˣ − 1, exact near 0.
public func expm1(_ x: Value) -> Value { x.unary(.expm1) }
/// The logarithm to base 2 of each entry; NaN for a negative number, −∞ at 0.
public func log2(_ x: Tensor) -> Tensor { x.unary(.log2) }
/// The logarithm to base 2; NaN for a negative number, −∞ at 0.
public func log2(_ x: Value) -> Value { x.unary(.log2) }
/// The logarithm to base 10 of each entry; NaN for a negative number, −∞ at 0.
public func log10(_ x: Tensor) -> Tensor { x.unary(.log10) }
/// The logarithm to base 10; NaN for a negative number, −∞ at 0.
public func log10(_ x: Value) -> Value { x.unary(.log10) }
/// The error function 2/√π · ∫₀ˣ e^(−t²) dt of each entry.
public func erf(_ x: Tensor) -> Tensor { x.unary(.erf) }
/// The error function 2/√π · ∫₀ˣ e^(−t²) dt.
public func erf(_ x: Value) -> Value { x.unary(.erf) }
/// The sign of each entry, −1, 0 or 1, with gradient 0.
public func sign(_ x: Tensor) -> Tensor { x.unary(.sign) }
/// The sign, −1, 0 or 1, with gradient 0.
public func sign(_ x: Value) -> Value { x.unary(.sign) }
/// The greatest integer that is not above each entry, with gradient 0.
public func floor(_ x: Tensor) -> Tensor { x.unary(.floor) }
/// The greatest integer that is not above it, with gradient 0.
public func floor(_ x: Value) -> Value { x.unary(.floor) }
/// The least integer that is not below each entry, with gradient 0.
public func ceil(_ x: Tensor) -> Tensor { x.unary(.ceil) }
/// The least integer that is not below it, with gradient 0.
public func ceil(_ x: Value) -> Value { x.unary(.ceil) }
/// The integer nearest to each entry, of two the even one, with gradient 0 as in PyTorch.
public func round(_ x: Tensor) -> Tensor { x.unary(.round) }
/// The nearest integer, of two the even one, with gradient 0 as in PyTorch.
public func round(_ x: Value) -> Value { x.unary(.round) }

/// The array itself, through which no gradient passes: `detach()` in PyTorch, `stop_gradient` in JAX.
public func stopGradient(_ x: Tensor) -> Tensor { x.unary(.stopGradient) }
/// The number itself, through which no gradient passes.
public func stopGradient(_ x: Value) -> Value { x.unary(.stopGradient) }
