import Autograd
import CAllocations
import Foundation

/// A network, trained on batches one after another by gradient descent.
struct TensorWorkload: Sendable {
  let name: String
  let batch: Int
  let rate: Double
  /// How many symbols the features are the numbers of; nil where they are numbers themselves.
  var symbols: Int?
  /// The labels of a sample, and how many classes they are of; one class for −1 and 1.
  var labels = 1
  let classes: Int
  /// The shapes of the parameters in order.
  let shapes: [[Int]]
  /// The scores, a row for each label, of the features, a row for each sample or symbol.
  let scores: @Sendable (Tensor, [Tensor]) -> Tensor

  /// Reads `<name>.bin`: little-endian Int32 samples, features, then Float64 features row by row, Float64
  /// labels, and the parameters in order.
  func measure(folder: String) throws {
    let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name).bin"))
    let (samples, features) = data.withUnsafeBytes {
      (Int($0.loadUnaligned(as: Int32.self)), Int($0.loadUnaligned(fromByteOffset: 4, as: Int32.self)))
    }
    var numbers = data.withUnsafeBytes { bytes in
      (0..<(data.count - 8) / 8).map { bytes.loadUnaligned(fromByteOffset: 8 + 8 * $0, as: Double.self) }
    }[...]
    func take(_ count: Int) -> [Double] {
      defer { numbers = numbers.dropFirst(count) }
      return Array(numbers.prefix(count))
    }
    let (rows, answers) = (take(samples * features), take(samples * labels))
    let tape = Tape()
    let width = symbols ?? features
    let entries = batch * features / (symbols == nil ? features : 1)
    let zeros = [Double](repeating: 0, count: entries * width)
    let x = try tape.leaf(zeros, shape: [entries, width], role: .input, name: "x")
    var parameters: [Tensor] = []
    for (number, shape) in shapes.enumerated() {
      let start = take(shape.reduce(1, *))
      parameters.append(try tape.leaf(start, shape: shape, role: .parameter, name: "p\(number)"))
    }
    let output = scores(x, parameters)
    let target = try tape.leaf(
      [Double](repeating: 0, count: output.data.count), shape: output.shape, role: .target, name: "y")
    let loss = classes == 1 ? marginLoss(output, target, parameters) : crossEntropy(output, target)
    let training = Training(loss.value, optimizer: .sgd(rate: .constant(rate)))
    // The first batches, which every peer uses, split in advance.
    let starts = (0..<32).map { samples == batch ? 0 : $0 * batch % (samples - batch + 1) }
    let inputs = starts.map { start in
      spread(rows[(start * features)..<((start + batch) * features)], over: symbols)
    }
    let targets = starts.map { start in
      spread(answers[(start * labels)..<((start + batch) * labels)], over: classes == 1 ? nil : classes)
    }
    (x.data, target.data) = (inputs[0], targets[0])
    tape.replay()
    loss.value.backward()
    let sizes = parameters.map { $0.gradient.reduce(0) { $0 + Swift.abs($1) } }
    report("check-gradients", sizes.reduce(0, +), "Σ|gradient|")
    var step = 0
    func advance() {
      let number = step % starts.count
      x.data = inputs[number]
      target.data = targets[number]
      guard let result = try? training.next() else { fatalError("the loss is not finite") }
      if step == 19 { report("check", result.loss, "loss at step 20") }
      step += 1
    }
    for _ in 0..<20 { advance() }
    let before = allocation_count()
    for _ in 0..<100 { advance() }
    report("allocations", Double(allocation_count() - before), "in 100 steps")
    report("step", time(runs: 51, span: 0.01, advance) * 1e6, "us")
  }

  /// A row for each number with 1 at its place; the numbers themselves where there are no symbols.
  private func spread(_ numbers: ArraySlice<Double>, over symbols: Int?) -> [Double] {
    guard let symbols else { return Array(numbers) }
    return numbers.flatMap { number in (0..<symbols).map { Double($0) == number ? 1 : 0 } }
  }

  private func marginLoss(_ scores: Tensor, _ targets: Tensor, _ parameters: [Tensor]) -> Tensor {
    let squares = parameters.map { ($0 ** 2).sum() }
    return relu(1 - targets * scores).mean() + squares.dropFirst().reduce(squares[0], +) * 1e-4
  }

  private func crossEntropy(_ scores: Tensor, _ targets: Tensor) -> Tensor {
    (scores.logSumExp(axis: 1) - (targets * scores).sum(axis: 1)).mean()
  }
}
