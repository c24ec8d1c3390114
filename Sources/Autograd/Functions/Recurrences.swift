/// Recurrent layers, unrolled into one scope for each step, `t0`, `t1`, …: all states, steps × width, or samples × steps
/// × width.
///
/// Weights have the shapes of products from the right: inputs × gates · width and width × gates · width, in PyTorch's
/// order of gates; the transposes of its own. The first state is 0 unless given: one for each sample, or one for all.
///
/// - Precondition, for all: steps × inputs or samples × steps × inputs, and weights that fit.

/// `nn.RNN` (Elman, "Finding structure in time", 1990): h ← tanh(x @ W + h @ U + b).
///
/// - Parameters:
///   - x: steps × inputs, or samples × steps × inputs.
///   - weight: that of the inputs.
///   - state: that of the state.
///   - bias: a summand for each entry of the state; nil for none.
///   - start: the state before the first step; nil for 0.
public func rnn(
  _ x: Tensor, _ weight: Tensor, _ state: Tensor, bias: Tensor? = nil, start: Tensor? = nil
) -> Tensor {
  unrolled(x, state, [start]) { x, h in
    let sum = matmul(x, weight) + matmul(h[0], state)
    return [tanh(bias.map { sum + $0 } ?? sum)]
  }
}

/// `nn.GRU` (Cho et al., 2014): gates r and z, a new state n, and h ← (1 − z)·n + z·h.
///
/// The bias is that of the inputs; PyTorch has a second one of the state.
///
/// - Parameters:
///   - x: steps × inputs, or samples × steps × inputs.
///   - weight: that of the inputs.
///   - state: that of the state.
///   - bias: a summand for each gate; nil for none.
///   - start: the state before the first step; nil for 0.
public func gru(
  _ x: Tensor, _ weight: Tensor, _ state: Tensor, bias: Tensor? = nil, start: Tensor? = nil
) -> Tensor {
  let width = state.shape[0]
  return unrolled(x, state, [start]) { x, h in
    var inputs = matmul(x, weight)
    if let bias { inputs = inputs + bias }
    let states = matmul(h[0], state)
    let r = sigmoid(inputs.gate(0, width) + states.gate(0, width))
    let z = sigmoid(inputs.gate(1, width) + states.gate(1, width))
    let n = tanh(inputs.gate(2, width) + r * states.gate(2, width))
    return [(1 - z) * n + z * h[0]]
  }
}

/// `nn.LSTM` (Hochreiter & Schmidhuber, 1997): gates i, f, g and o, a cell c ← f·c + i·g, and h ← o·tanh c.
///
/// - Parameters:
///   - x: steps × inputs, or samples × steps × inputs.
///   - weight: that of the inputs.
///   - state: that of the state.
///   - bias: a summand for each gate; nil for none.
///   - start: the state before the first step; nil for 0.
///   - startCell: the cell before the first step; nil for 0.
public func lstm(
  _ x: Tensor, _ weight: Tensor, _ state: Tensor, bias: Tensor? = nil, start: Tensor? = nil, startCell: Tensor? = nil
) -> Tensor {
  let width = state.shape[0]
  return unrolled(x, state, [start, startCell]) { x, h in
    var sum = matmul(x, weight) + matmul(h[0], state)
    if let bias { sum = sum + bias }
    let (i, f) = (sigmoid(sum.gate(0, width)), sigmoid(sum.gate(1, width)))
    let cell = f * h[1] + i * tanh(sum.gate(2, width))
    return [sigmoid(sum.gate(3, width)) * tanh(cell), cell]
  }
}

/// The states of all steps.
private func unrolled(
  _ x: Tensor, _ state: Tensor, _ start: [Tensor?], _ step: (Tensor, [Tensor]) -> [Tensor]
) -> Tensor {
  let rank = x.shape.count
  precondition(rank == 2 || rank == 3, "a recurrence runs over steps × inputs, not \(Shapes.text(x.shape))")
  let shape = Array(x.shape.dropLast(2)) + [state.shape[0]]
  let zeros = [Double](repeating: 0, count: Shapes.count(shape) ?? 0)
  var current = start.map { $0 ?? x.tape.array(zeros, shape: shape, role: .constant) }
  let all = (0..<x.shape[rank - 2]).map { time -> Tensor in
    x.tape.withScope("t\(time)") {
      current = step(x.taking(.position(time), axis: rank - 2), current)
      return current[0]
    }
  }
  return stack(all, axis: rank - 2)
}

extension Tensor {
  /// One of the gates that stand one after another along the last axis.
  fileprivate func gate(_ number: Int, _ width: Int) -> Tensor {
    taking(.range(from: number * width, to: (number + 1) * width), axis: shape.count - 1)
  }
}
