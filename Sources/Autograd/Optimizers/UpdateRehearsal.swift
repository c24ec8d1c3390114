/// What the next update would do, found out without doing it.
package struct UpdateRehearsal {
  /// A parameter after the update.
  package struct Parameter {
    package let node: Int
    package let updated: [Double]
    /// What the optimizer works out on the way; empty for plain gradient descent.
    package let terms: [UpdateTerm]
  }

  package let parameters: [Parameter]
  package let lossAfter: Double
  /// Which step of the training it is; nil where the optimizer's rule has none.
  package let step: Int?
}

extension Tape {
  /// The step size of the next update; nil where the tape has neither an optimizer nor a rate.
  package var nextLearningRate: Double? { optimizer?.rate.value(at: optimizerState.step) ?? learningRate }

  /// Updates the parameters, reads what became of them and of the loss, and puts everything back.
  ///
  /// The gradients are those of the last backward pass.
  ///
  /// - Complexity: two forward passes.
  package func rehearseUpdate(of loss: Value) -> UpdateRehearsal {
    let before = parameters.map { values(of: $0) }
    let state = optimizerState
    if optimizer == nil { update(learningRate: learningRate ?? 0) } else { update() }
    let after = parameters.map { values(of: $0) }
    var terms = [[UpdateTerm]](repeating: [], count: before.count)
    var step: Int?
    if let optimizer, optimizer.rule != nil {
      step = optimizerState.step
      var offset = 0
      for (number, (index, old)) in zip(parameters, before).enumerated() {
        terms[number] = optimizerState.terms(
          optimizer.method, before: state, values: old, gradients: gradient(of: index), parameter: number,
          offset: offset)
        offset += old.count
      }
    }
    replay()
    let lossAfter = number(loss.index)
    optimizerState = state
    for (index, values) in zip(parameters, before) { setValues(values, of: index) }
    replay()
    return UpdateRehearsal(
      parameters: parameters.indices.map {
        .init(node: parameters[$0], updated: after[$0], terms: terms[$0])
      },
      lossAfter: lossAfter, step: step)
  }
}
