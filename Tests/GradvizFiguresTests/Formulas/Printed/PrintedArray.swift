import Foundation

/// Numbers with a shape, and the possible rounding error of each.
///
/// NumPy's rules, written for the tests, independent of the engine.
struct PrintedArray {
  var shape: [Int]
  var numbers: [Double]
  var errors: [Double]

  init(shape: [Int], numbers: [Double], errors: [Double]? = nil) {
    self.shape = shape
    self.numbers = numbers
    self.errors = errors ?? numbers.map { $0.isFinite ? $0.magnitude * 4e-16 : 0 }
  }

  init(_ number: Double, error: Double = 0) {
    self.init(shape: [], numbers: [number], errors: [error])
  }

  static func filled(_ number: Double, _ shape: [Int]) -> PrintedArray {
    PrintedArray(shape: shape, numbers: [Double](repeating: number, count: shape.reduce(1, *)))
  }

  /// Whether these are the expected numbers, within rounding.
  func agrees(with expected: [Double]) -> Bool {
    guard numbers.count == expected.count else { return false }
    for (place, other) in expected.enumerated() {
      let own = numbers[place]
      if own == other || own.isNaN && other.isNaN { continue }
      let size = max(own.magnitude, other.magnitude)
      let allowed: Double = 8 * errors[place] + 1e-9 * size + 1e-300
      guard (own - other).magnitude <= allowed else { return false }
    }
    return true
  }

  // MARK: Elements

  func map(_ function: (Double) -> Double) -> PrintedArray {
    var result = self
    for i in numbers.indices {
      let y = function(numbers[i])
      let moved = [numbers[i] - errors[i], numbers[i] + errors[i]].map { (function($0) - y).magnitude }
      result.numbers[i] = y
      result.errors[i] = y.isFinite ? (moved.filter(\.isFinite).max() ?? 0) + y.magnitude * 4e-16 : 0
    }
    return result
  }

  static func zip2(_ a: PrintedArray, _ b: PrintedArray, _ function: (Double, Double) -> Double) -> PrintedArray? {
    guard let shape = broadcast(a.shape, b.shape) else { return nil }
    let count = shape.reduce(1, *)
    let (left, right) = (a.places(in: shape), b.places(in: shape))
    var result = PrintedArray(shape: shape, numbers: [Double](repeating: 0, count: count))
    for i in 0..<count {
      let (x, y) = (a.numbers[left[i]], b.numbers[right[i]])
      let (dx, dy) = (a.errors[left[i]], b.errors[right[i]])
      let value = function(x, y)
      let moved = [function(x + dx, y), function(x - dx, y)].map { ($0 - value).magnitude }.max() ?? 0
      let other = [function(x, y + dy), function(x, y - dy)].map { ($0 - value).magnitude }.max() ?? 0
      result.numbers[i] = value
      let error = moved + other
      result.errors[i] = value.isFinite && error.isFinite ? error + value.magnitude * 4e-16 : 0
    }
    return result
  }

  static func broadcast(_ a: [Int], _ b: [Int]) -> [Int]? {
    var result: [Int] = []
    for place in 1...max(a.count, b.count, 1) where place <= max(a.count, b.count) {
      let x = place <= a.count ? a[a.count - place] : 1
      let y = place <= b.count ? b[b.count - place] : 1
      guard x == y || x == 1 || y == 1 else { return nil }
      result.insert(x == 1 ? y : x, at: 0)
    }
    return result
  }

  /// For each entry of `shape`, the index of the entry to read.
  func places(in shape: [Int]) -> [Int] {
    (0..<shape.reduce(1, *)).map { entry in
      var (rest, place, step) = (entry, 0, 1)
      for back in 1...max(shape.count, 1) where back <= shape.count {
        let size = shape[shape.count - back]
        let at = rest % size
        rest /= size
        guard back <= self.shape.count else { continue }
        let own = self.shape[self.shape.count - back]
        if own > 1 { place += at * step }
        step *= own
      }
      return place
    }
  }

  // MARK: Axes

  /// Applies the function to each line along one axis, or to all entries.
  func reduced(axis: Int?, _ function: ([Double]) -> Double) -> PrintedArray? {
    if let axis, !shape.indices.contains(axis) { return nil }
    let lines = lines(axis)
    var shape = axis == nil ? [] : self.shape
    if let axis { shape.remove(at: axis) }
    let numbers = lines.map { function($0.map { self.numbers[$0] }) }
    let errors = lines.map { line -> Double in
      var error = 0.0
      for place in line { error += self.errors[place] + 4e-16 * self.numbers[place].magnitude }
      return error
    }
    return PrintedArray(shape: shape, numbers: numbers, errors: errors)
  }

  func softmax(axis: Int?) -> PrintedArray {
    var result = self
    for line in lines(axis) {
      let greatest = line.map { numbers[$0] }.max() ?? 0
      let total = line.reduce(0) { $0 + exp(numbers[$1] - greatest) }
      let error = line.map { errors[$0] }.max() ?? 0
      for place in line {
        result.numbers[place] = exp(numbers[place] - greatest) / total
        result.errors[place] = 4 * error + 1e-15
      }
    }
    return result
  }

  private func lines(_ axis: Int?) -> [[Int]] {
    guard let axis else { return [Array(numbers.indices)] }
    let inner: Int = shape[(axis + 1)...].reduce(1, *)
    let outer: Int = shape[..<axis].reduce(1, *)
    let size = shape[axis]
    var lines: [[Int]] = []
    for block in 0..<outer {
      for place in 0..<inner {
        lines.append((0..<size).map { (step: Int) -> Int in (block * size + step) * inner + place })
      }
    }
    return lines
  }

  // MARK: Matrices

  /// Of more than two axes, the last two are those of matrices; the others broadcast.
  func times(_ other: PrintedArray) -> PrintedArray? {
    guard !shape.isEmpty, !other.shape.isEmpty else { return nil }
    let left = shape.count == 1 ? [1] + shape : shape
    let right = other.shape.count == 1 ? other.shape + [1] : other.shape
    guard left[left.count - 1] == right[right.count - 2],
      let batch = Self.broadcast(Array(left.dropLast(2)), Array(right.dropLast(2)))
    else { return nil }
    let (rows, inner, columns) = (left[left.count - 2], right[right.count - 2], right[right.count - 1])
    var result = PrintedArray.filled(0, batch + [rows, columns])
    let firsts = PrintedArray.filled(0, Array(left.dropLast(2))).places(in: batch)
    let seconds = PrintedArray.filled(0, Array(right.dropLast(2))).places(in: batch)
    for number in 0..<batch.reduce(1, *) {
      for entry in 0..<rows * columns {
        let target = number * rows * columns + entry
        for k in 0..<inner {
          let a = (firsts[number] * rows + entry / columns) * inner + k
          let b = (seconds[number] * inner + k) * columns + entry % columns
          let product = numbers[a] * other.numbers[b]
          result.numbers[target] += product
          guard product.isFinite else { continue }
          let carried: Double = numbers[a].magnitude * other.errors[b] + errors[a] * other.numbers[b].magnitude
          result.errors[target] += carried + 8e-16 * product.magnitude
        }
      }
    }
    result.shape = batch + (shape.count == 1 ? [] : [rows]) + (other.shape.count == 1 ? [] : [columns])
    return result
  }

  func outer(_ other: PrintedArray) -> PrintedArray? {
    guard shape.count == 1, other.shape.count == 1 else { return nil }
    let column = PrintedArray(shape: [shape[0], 1], numbers: numbers, errors: errors)
    return Self.zip2(column, other, *)
  }

  var transposed: PrintedArray? {
    guard shape.count == 2 else { return nil }
    let (rows, columns) = (shape[0], shape[1])
    var places: [Int] = []
    for column in 0..<columns { for row in 0..<rows { places.append(row * columns + column) } }
    return PrintedArray(
      shape: [shape[1], shape[0]], numbers: places.map { numbers[$0] }, errors: places.map { errors[$0] })
  }

  func widened(axis: Int) -> PrintedArray? {
    guard axis <= shape.count else { return nil }
    var result = self
    result.shape.insert(1, at: axis)
    return result
  }

  /// The numbers broadcast to a larger shape.
  func spread(to shape: [Int]) -> PrintedArray? {
    guard Self.broadcast(self.shape, shape) == shape else { return nil }
    return Self.zip2(self, .filled(0, shape), +)
  }
}
