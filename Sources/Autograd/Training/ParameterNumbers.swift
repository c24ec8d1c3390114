/// The numbers of all parameters, concatenated; allocates only the first time.
extension Tape {
  func copyParameters(to numbers: inout [Double]) {
    let count = parameters.reduce(0) { $0 + elementCount($1) }
    if numbers.count != count { numbers = [Double](repeating: 0, count: count) }
    numbers.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      var offset = 0
      for index in parameters {
        if isScalar(index) {
          start[offset] = storage.pointee.values[index]
          offset += 1
        } else if let values = arrayNode(index)?.values, let first = values.baseAddress {
          (start + offset).update(from: first, count: values.count)
          offset += values.count
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
    var mark: UInt64 = 0
    for index in parameters {
      if isScalar(index) {
        mark |= Self.mark(storage.pointee.values[index])
      } else {
        let values = elements(index)
        for place in 0..<elementCount(index) { mark |= Self.mark(values[place]) }
      }
    }
    return mark >> 63 == 0
  }

  /// Whether the gradients of all parameters are finite.
  ///
  /// - Precondition: a backward pass has run.
  var hasFiniteGradients: Bool {
    var mark: UInt64 = 0
    for index in parameters {
      if isScalar(index) {
        mark |= Self.mark(storage.pointee.gradients[index])
      } else if let gradient = arrayNode(index)?.knownGradient {
        for place in 0..<elementCount(index) { mark |= Self.mark(gradient[place]) }
      }
    }
    return mark >> 63 == 0
  }

  /// A number whose first bit is set if `x` is NaN or infinite: its exponent is all ones.
  ///
  /// The marks of many numbers are combined without branches.
  @inline(__always)
  private static func mark(_ x: Double) -> UInt64 {
    (x.bitPattern & 0x7FF0_0000_0000_0000) &+ 0x0010_0000_0000_0000
  }
}
