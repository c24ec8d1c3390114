import Foundation

/// What a printed index takes of one axis.
enum PrintedPlace {
  case all
  case at(Int)
  /// From the first, up to but not including the second, by steps.
  case range(Int, Int?, Int)
  case list([Int])

  /// The positions on an axis; nil if one is not there.
  func positions(_ size: Int) -> [Int]? {
    let found: [Int]
    switch self {
    case .all: found = Array(0..<size)
    case .at(let place): found = [place < 0 ? place + size : place]
    case .range(let first, let end, let step):
      found = step == 0 ? [] : Array(stride(from: first, to: end ?? (step < 0 ? -1 : size), by: step))
    case .list(let places): found = places.map { $0 < 0 ? $0 + size : $0 }
    }
    return found.isEmpty || !found.allSatisfy((0..<size).contains) ? nil : found
  }
}

/// What moves numbers without changing them.
extension PrintedArray {
  static func entries(of shape: [Int], _ position: [PrintedPlace]) -> (shape: [Int], places: [Int])? {
    guard position.count <= shape.count else { return nil }
    var (left, places) = ([Int](), [0])
    for (axis, size) in shape.enumerated() {
      let own = axis < position.count ? position[axis] : .all
      guard let positions = own.positions(size) else { return nil }
      if case .at = own {} else { left.append(positions.count) }
      places = places.flatMap { place in positions.map { place * size + $0 } }
    }
    return (left, places)
  }

  private func taking(_ places: [Int], _ shape: [Int]) -> PrintedArray {
    PrintedArray(shape: shape, numbers: places.map { numbers[$0] }, errors: places.map { errors[$0] })
  }

  func indexed(_ position: [PrintedPlace]) -> PrintedArray? {
    Self.entries(of: shape, position).map { taking($0.places, $0.shape) }
  }

  /// Adds these numbers to some of `other`, which is 0 there.
  func placed(in other: PrintedArray, _ position: [PrintedPlace]) -> PrintedArray? {
    guard let (shape, places) = Self.entries(of: other.shape, position), shape == self.shape else { return nil }
    var result = other
    for (place, entry) in places.enumerated() {
      result.numbers[entry] += numbers[place]
      result.errors[entry] += errors[place] + 4e-16 * numbers[place].magnitude
    }
    return result
  }

  /// A `transpose` with its axes, or a `reshape` with its sizes.
  func arranged(_ name: String, _ list: [Int]) -> PrintedArray? {
    if name == "reshape" {
      guard list.reduce(1, *) == numbers.count else { return nil }
      var result = self
      result.shape = list
      return result
    }
    guard name == "transpose", list.sorted() == Array(shape.indices) else { return nil }
    let new = list.map { shape[$0] }
    let places = (0..<numbers.count).map { entry -> Int in
      var (rest, at) = (entry, [Int](repeating: 0, count: shape.count))
      for axis in new.indices.reversed() {
        at[list[axis]] = rest % new[axis]
        rest /= new[axis]
      }
      return zip(at, shape).reduce(0) { $0 * $1.1 + $1.0 }
    }
    return taking(places, new)
  }

  static func concat(_ parts: [PrintedArray], axis: Int) -> PrintedArray? {
    guard let first = parts.first, first.shape.indices.contains(axis) else { return nil }
    var result = PrintedArray(shape: first.shape, numbers: [], errors: [])
    result.shape[axis] = parts.reduce(0) { $0 + ($1.shape.indices.contains(axis) ? $1.shape[axis] : 0) }
    let outer = first.shape[..<axis].reduce(1, *)
    for row in 0..<outer {
      for part in parts {
        guard part.shape.count == first.shape.count else { return nil }
        let width = part.numbers.count / outer
        result.numbers += part.numbers[(row * width)..<((row + 1) * width)]
        result.errors += part.errors[(row * width)..<((row + 1) * width)]
      }
    }
    return result.shape.reduce(1, *) == result.numbers.count ? result : nil
  }

  /// A function of one number; nil if there is none of that name.
  func function(_ name: String) -> PrintedArray? {
    switch name {
    case "tan": map { Foundation.tan($0) }
    case "asin": map { Foundation.asin($0) }
    case "acos": map { Foundation.acos($0) }
    case "atan": map { Foundation.atan($0) }
    case "sinh": map { Foundation.sinh($0) }
    case "cosh": map { Foundation.cosh($0) }
    case "log1p": map { Foundation.log1p($0) }
    case "expm1": map { Foundation.expm1($0) }
    case "log2": map { Foundation.log2($0) }
    case "log10": map { Foundation.log10($0) }
    case "erf": map { Foundation.erf($0) }
    case "floor": map { $0.rounded(.down) }
    case "ceil": map { $0.rounded(.up) }
    case "round": map { $0.rounded(.toNearestOrEven) }
    case "stop_gradient": self
    default: nil
    }
  }
}
