import Foundation
import Testing

@testable import Autograd

@Suite("Loops over arrays")
struct ArrayLoopTests {
  private static let numbers: [Double] = {
    var random = SeededNumbers(seed: 7)
    let usual = (0..<500).map { _ in (random.drawUniform() - 0.5) * 30 }
    return usual + [
      0, -0.0, 1e-300, -1e-300, 5e-324, 0.46875, 0.625, 6, -6, 40, 709.7, 709.8, -700, -740, -745.1, -750, 1e300,
      -1e300, .infinity, -.infinity, .nan,
    ]
  }()

  @Test(
    "a function of an array is that of its numbers",
    arguments: [Tape.Operation.exp, .tanh, .sigmoid, .erf, .relu, .sqrt, .negate, .abs])
  func functions(operation: Tape.Operation) {
    // Of every length up to some vectors, and of all numbers.
    for count in Array(0...19) + [Self.numbers.count] {
      let numbers = Array(Self.numbers.suffix(count))
      var found = numbers
      numbers.withUnsafeBufferPointer { from in
        found.withUnsafeMutableBufferPointer { to in
          guard let x = from.baseAddress, let y = to.baseAddress else { return }
          ArrayLoops.values(operation, x, count, into: y)
        }
      }
      for (x, y) in zip(numbers, found) {
        let expected = ElementRules.value(operation, x)
        #expect(
          y.isNaN && expected.isNaN || y == expected && y.sign == expected.sign
            || abs(y - expected) <= max(5 * expected.ulp, 5e-324), "\(operation)(\(x)) is \(expected), not \(y)")
      }
    }
  }

  @Test("one array for each entry of the leading axes meets them as it does number by number")
  func suffixes() {
    let shapes: [([Int], [Int])] = [
      ([4, 2, 3], [2, 3]), ([2, 3], [4, 2, 3]), ([4, 2, 3], [1, 2, 3]), ([2, 2, 3, 2], [3, 2]), ([2, 1, 3], [1, 3]),
      ([2, 3, 2], [3, 1]), ([2, 3, 2], [2]), ([2, 3, 1], [2, 3, 4]), ([3, 1, 2], [4, 1]),
    ]
    var random = SeededNumbers(seed: 3)
    for (a, b) in shapes {
      for operation in [Tape.Operation.add, .subtract, .multiply, .divide, .maximum, .masked, .less] {
        let tape = Tape()
        func leaf(_ shape: [Int]) -> Tensor {
          let numbers = (0..<shape.reduce(1, *)).map { _ in (random.drawUniform() * 4 - 2).rounded(.up) + 0.5 }
          return tape.array(numbers, shape: shape, role: .parameter)
        }
        let (x, z) = (leaf(a), leaf(b))
        let result = Tensor.binary(operation, x, z)
        let weights = leaf(result.shape)
        (result * weights).sum().value.backward()
        let maps = [a, b].map { Shapes.broadcastMap(from: $0, to: result.shape) }
        var (left, right) = (x.data.map { _ in 0.0 }, z.data.map { _ in 0.0 })
        for (place, weight) in weights.data.enumerated() {
          let (i, j) = (maps[0][place], maps[1][place])
          let y = ElementRules.value(operation, x.data[i], z.data[j])
          #expect(result.data[place] == y, "\(operation) \(a) \(b)")
          let local = ElementRules.derivatives(operation, x.data[i], z.data[j], result: y)
          left[i] += weight * local.0
          right[j] += weight * local.1
        }
        for (found, expected) in zip(x.gradient + z.gradient, left + right) {
          #expect(abs(found - expected) < 1e-12, "\(operation) \(a) \(b)")
        }
      }
    }
  }

  @Test("numbers in other places, and their gradients, are where the map says", arguments: 0..<40)
  func maps(seed: Int) {
    var random = SeededNumbers(seed: seed)
    let count = 1 + Int(random.drawUniform() * 30)
    let length = 1 + Int(random.drawUniform() * 4)
    let isPermutation = seed % 2 == 0
    var starts = Array(stride(from: 0, to: count * length, by: length))
    if isPermutation {
      for place in starts.indices { starts.swapAt(place, Int(random.drawUniform() * Double(count))) }
    } else {
      starts = starts.map { _ in Int(random.drawUniform() * Double((count - 1) * length + 1)) }
    }
    let sources = starts.flatMap { $0..<($0 + length) }
    let map = ElementMap(sources, isPermutation: isPermutation, operandCount: count * length)
    let x = (0..<(count * length)).map { Double($0) + 0.5 }
    var y = x
    map.gather(x, into: &y)
    #expect(y == sources.map { x[$0] })
    func scattered(isEmpty: Bool) -> [Double] {
      var gradient = x.map { _ in 1.0 }
      gradient.withUnsafeMutableBufferPointer { buffer in
        if let start = buffer.baseAddress { map.scatter(y, to: (start, isEmpty)) }
      }
      return gradient
    }
    var expected = x.map { _ in 1.0 }
    for (place, source) in sources.enumerated() { expected[source] += y[place] }
    #expect(scattered(isEmpty: false) == expected)
    if isPermutation { #expect(scattered(isEmpty: true) == x) }
    #expect(map.isIdentity == (sources == Array(x.indices)))
  }

  @Test("training computes the gradients of a whole sweep, also where arrays share their memory")
  func training() {
    let tape = Tape()
    let x = tape.array((0..<128).map { sin(Double($0)) }, shape: [2, 1, 8, 8], role: .input)
    let kernel = tape.array((0..<18).map { cos(Double($0)) / 3 }, shape: [2, 1, 3, 3], role: .parameter)
    let bias = tape.parameter([0.1, -0.2])
    let maps = conv2d(x, kernel, bias: bias, padding: 1)
    let flat = maxPool(relu(maps), size: 2).reshaped(2, -1)
    let again = flat.reshaped(4, -1)
    let loss = (again * again).sum() + flat.reshaped(to: [64])[0..<10].sum() + kernel.reshaped(6, 3).sum()
    let all = [kernel, bias, maps, flat, again]
    loss.value.backward()
    let whole = all.map(\.gradient)
    tape.backwardForParameters(from: loss.value)
    #expect(all.map(\.gradient) == whole)
    loss.value.backward()
    #expect(all.map(\.gradient) == whole)
    // What is put in place of a shared array is not put in that of its operand.
    let before = flat.data
    tape.overwrite(before.map { $0 + 1 }, of: again.index)
    #expect(flat.data == before && again.data == before.map { $0 + 1 })
    tape.replay()
    #expect(again.data == before)
  }
}
