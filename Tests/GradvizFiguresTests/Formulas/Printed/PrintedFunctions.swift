import Foundation

/// Calls of functions.
extension PrintedFormula {
  private static let functions = [
    "exp", "log", "tanh", "σ", "sigmoid", "relu", "sin", "cos", "sqrt", "abs", "max", "min", "sum", "mean", "logsumexp",
    "softmax", "sign", "where", "ones", "zeros", "tan", "asin", "acos", "atan", "sinh", "cosh", "log1p", "expm1",
    "log2", "log10", "erf", "floor", "ceil", "round", "stop_gradient", "transpose", "reshape", "concat",
  ]

  mutating func function() throws -> PrintedArray? {
    guard let name = Self.functions.first(where: { stands($0 + "(") }) else { return nil }
    at += name.unicodeScalars.count + 1
    if name == "ones" || name == "zeros" {
      var shape: [Int] = []
      repeat { shape.append(readDigits() ?? -1) } while take(",")
      try expect(")")
      hasNames = true
      guard shape.allSatisfy({ $0 > 0 }) else { throw problem("a shape") }
      return .filled(name == "ones" ? 1 : 0, shape)
    }
    var (arguments, axis) = ([PrintedArray](), Int?.none)
    var isKept: PrintedArray?
    repeat {
      if take("axis=") {
        axis = readDigits()
      } else {
        arguments.append(try sum())
        if name == "where", arguments.count == 1, isKept == nil {
          isKept = try relation(arguments.removeLast())
        }
      }
    } while take(",")
    try expect(")")
    if name == "where" {
      guard let isKept, arguments.count == 2 else { throw problem("`where`") }
      var value = try require(.zip2(arguments[0], isKept) { $1 == 1 ? $0 : 0 }, "where")
      value.errors = value.errors.map { $0.isFinite ? $0 : 0 }
      return value
    }
    return try apply(name, arguments, axis)
  }

  private func apply(_ name: String, _ x: [PrintedArray], _ axis: Int?) throws -> PrintedArray {
    func reduced(_ function: ([Double]) -> Double) throws -> PrintedArray {
      if x.count == 1 { return try require(x[0].reduced(axis: axis, function), name) }
      if x.count == 2, axis == nil {
        return try require(.zip2(x[0], x[1]) { function([$0, $1]) }, name)
      }
      guard x.allSatisfy(\.shape.isEmpty) else { throw problem("\(name) of arrays") }
      let all = PrintedArray(
        shape: [x.count], numbers: x.map { $0.numbers[0] }, errors: x.map { $0.errors[0] })
      return try require(all.reduced(axis: nil, function), name)
    }
    switch name {
    case "max": return try reduced { $0.contains { $0.isNaN } ? .nan : $0.max() ?? .nan }
    case "min": return try reduced { $0.contains { $0.isNaN } ? .nan : $0.min() ?? .nan }
    case "sum": return try reduced { $0.reduce(0, +) }
    case "mean": return try reduced { $0.reduce(0, +) / Double($0.count) }
    case "logsumexp":
      return try reduced { numbers in
        let greatest = numbers.max() ?? 0
        return greatest + log(numbers.reduce(0) { $0 + exp($1 - greatest) })
      }
    case "softmax": return x[0].softmax(axis: axis)
    case "transpose", "reshape":
      return try require(x[0].arranged(name, x.dropFirst().map { Int($0.numbers[0]) }), name)
    case "concat": return try require(PrintedArray.concat(x, axis: axis ?? 0), name)
    default: break
    }
    guard x.count == 1 else { throw problem("`\(name)` of several values") }
    switch name {
    case "exp": return x[0].map { exp($0) }
    case "log": return x[0].map { log($0) }
    case "tanh": return x[0].map { tanh($0) }
    case "σ", "sigmoid": return x[0].map { 1 / (1 + exp(-$0)) }
    case "relu": return x[0].map { $0 > 0 ? $0 : 0 }
    case "sin": return x[0].map { sin($0) }
    case "cos": return x[0].map { cos($0) }
    case "sqrt": return x[0].map { $0.squareRoot() }
    case "abs": return x[0].map(\.magnitude)
    case "sign": return x[0].map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
    default: return try require(x[0].function(name), name)
    }
  }
}
