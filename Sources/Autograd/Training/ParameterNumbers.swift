/// The numbers of all parameters, one after another; nothing is allocated after the first time.
extension Tape {
  func copyParameters(to numbers: inout [Double]) {
    let count = parameters.reduce(0) { $0 + elementCount($1) }
    if numbers.count != count { numbers = [Double](repeating: 0, count: count) }
    var offset = 0
    for index in parameters {
      if isScalar(index) {
        numbers[offset] = number(index)
        offset += 1
      } else if let values = arrayNode(index)?.values {
        for value in values {
          numbers[offset] = value
          offset += 1
        }
      }
    }
  }

  /// - Precondition: as many numbers as ``copyParameters(to:)`` gives.
  func setParameters(_ numbers: [Double]) {
    var offset = 0
    for index in parameters {
      let count = elementCount(index)
      setValues(Array(numbers[offset..<(offset + count)]), of: index)
      offset += count
    }
  }

  var hasFiniteParameters: Bool {
    parameters.allSatisfy { index in
      isScalar(index) ? number(index).isFinite : arrayNode(index)?.values.allSatisfy(\.isFinite) ?? true
    }
  }

  /// Whether no parameter has an infinite or undefined gradient.
  var hasFiniteGradients: Bool {
    parameters.allSatisfy { index in
      if isScalar(index) { return gradientNumber(index).isFinite }
      guard let gradient = arrayNode(index)?.knownGradient else { return true }
      return UnsafeBufferPointer(start: gradient, count: elementCount(index)).allSatisfy(\.isFinite)
    }
  }
}
