import Autograd

/// A GPT of numbers, as small as microgpt's (Karpathy, 2026): 27 tokens, 16 places, 16 features, one layer of 4 heads.
private struct ScalarGPT {
  private let tokens, places, scores, q, k, v, projection, wide, narrow: [[Value]]
  private var keys: [[Value]] = []
  private var values: [[Value]] = []

  /// - Parameter parameters: row by row, in the order above.
  init(_ parameters: [Value]) {
    var start = 0
    func take(_ rows: Int, _ columns: Int = 16) -> [[Value]] {
      (0..<rows).map { _ in
        defer { start += columns }
        return Array(parameters[start..<(start + columns)])
      }
    }
    (tokens, places, scores) = (take(27), take(16), take(27))
    (q, k, v, projection) = (take(16), take(16), take(16), take(16))
    (wide, narrow) = (take(64), take(16, 64))
  }

  /// The probabilities of the token after this one.
  mutating func next(after token: Int, at place: Int) -> [Value] {
    var x = normalized(zip(tokens[token], places[place]).map { $0 + $1 })
    let u = normalized(x)
    let queries = linear(u, q)
    keys.append(linear(u, k))
    values.append(linear(u, v))
    var heads: [Value] = []
    for head in stride(from: 0, to: 16, by: 4) {
      let part = head..<(head + 4)
      let weights = softmax(keys.map { dot(queries[part], $0[part]) / 2.0 })
      for feature in part { heads.append(dot(weights[...], values.map { $0[feature] }[...])) }
    }
    x = zip(linear(heads, projection), x).map { $0 + $1 }
    let hidden = linear(normalized(x), wide).map { relu($0) }
    x = zip(linear(hidden, narrow), x).map { $0 + $1 }
    return softmax(linear(x, scores))
  }

  private func dot(_ a: ArraySlice<Value>, _ b: ArraySlice<Value>) -> Value {
    var (i, j) = (a.startIndex, b.startIndex)
    var sum = a[i] * b[j]
    for _ in 1..<a.count {
      i += 1
      j += 1
      sum += a[i] * b[j]
    }
    return sum
  }

  private func linear(_ x: [Value], _ rows: [[Value]]) -> [Value] { rows.map { dot($0[...], x[...]) } }

  private func softmax(_ x: [Value]) -> [Value] {
    let greatest = x.reduce(-Double.infinity) { Swift.max($0, $1.data) }
    let powers = x.map { exp($0 - greatest) }
    let total = powers.dropFirst().reduce(powers[0], +)
    return powers.map { $0 / total }
  }

  private func normalized(_ x: [Value]) -> [Value] {
    let scale = (dot(x[...], x[...]) / Double(x.count) + 1e-5) ** -0.5
    return x.map { $0 * scale }
  }
}

/// One name, recorded again in each step, with Adam.
private struct ScalarGPTTraining {
  let tape = Tape()
  private let name = [26, 4, 12, 12, 0, 26]
  private var numbers, mean, square: [Double]
  private(set) var count = 0

  init(_ numbers: [Double]) {
    self.numbers = numbers
    mean = numbers.map { _ in 0 }
    square = mean
  }

  /// - Returns: the loss, and the parameters that it was recorded with.
  @discardableResult
  mutating func advance() -> (loss: Value, parameters: [Value]) {
    tape.removeAll(keepingCapacity: true)
    let parameters = numbers.map { tape.parameter($0) }
    var network = ScalarGPT(parameters)
    let losses = (0..<(name.count - 1)).map { -log(network.next(after: name[$0], at: $0)[name[$0 + 1]]) }
    let loss = losses.dropFirst().reduce(losses[0], +) / Double(losses.count)
    loss.backward()
    update(parameters)
    return (loss, parameters)
  }

  private mutating func update(_ parameters: [Value]) {
    count += 1
    let (first, second) = (1 - power(0.85, count), 1 - power(0.99, count))
    for place in numbers.indices {
      let gradient = parameters[place].gradient
      mean[place] = 0.85 * mean[place] + 0.15 * gradient
      square[place] = 0.99 * square[place] + 0.01 * gradient * gradient
      numbers[place] -= 0.01 * (mean[place] / first) / ((square[place] / second).squareRoot() + 1e-8)
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { result, _ in result * base }
  }
}

func measureScalarGPT(folder: String) throws {
  var training = ScalarGPTTraining(try numbers(path: folder + "/gpt.txt").map { $0[0] })
  for step in 0..<20 {
    let (loss, parameters) = training.advance()
    if step == 0 { report("check-gradients", parameters.reduce(0) { $0 + abs($1.gradient) }, "Σ|gradient|") }
    if step == 19 { report("check", loss.data, "loss at step 20") }
  }
  report("operations", Double(training.tape.count), "nodes")
  report("step", time(runs: 51, span: 0.01) { training.advance() } * 1e6, "us")
}
