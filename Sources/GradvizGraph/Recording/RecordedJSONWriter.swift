import Autograd

/// What only version 2 of the JSON has.
extension GraphJSONWriter {
  /// The members of a node that its recorder says, and those that stand for numbers that are not there.
  mutating func write(_ facts: ComputationGraph.RecordedFacts) {
    if let operation = facts.operation { field("operation") { $0.string(operation) } }
    if !facts.attributes.isEmpty { field("attributes") { $0.write(facts.attributes) } }
    if !facts.arguments.isEmpty { field("arguments") { $0.strings(facts.arguments) } }
    if let output = facts.output { field("output") { $0.number(output) } }
    if let type = facts.type { field("dtype") { $0.string(type) } }
    if !facts.names.isEmpty { field("names") { $0.strings(facts.names) } }
    if let line = facts.line {
      field("source") { writer in
        writer.append("{\"file\":")
        writer.string(line.file)
        writer.append(",\"line\":")
        writer.number(line.line)
        writer.append("}")
      }
    }
    if let summary = facts.summary { field("summary") { $0.write(summary) } }
    if let summary = facts.gradientSummary { field("gradientSummary") { $0.write(summary) } }
    if !facts.shape.isEmpty { field("shape") { writer in writer.list(facts.shape) { $0.number($1) } } }
    if !facts.contributions.isEmpty {
      field("contributions") { writer in writer.list(facts.contributions) { $0.numbers($1) } }
    }
    if let requires = facts.requiresGradient { field("requiresGradient") { $0.append(requires ? "true" : "false") } }
    if !facts.state.isEmpty { field("state") { writer in writer.list(facts.state) { $0.write($1) } } }
    if let error = facts.error { field("error") { $0.string(error) } }
  }

  mutating func write(_ optimizer: ComputationGraph.RecordedOptimizer) {
    append("{\"name\": ")
    string(optimizer.name)
    append(", \"options\": ")
    write(optimizer.options)
    append("}")
  }

  private mutating func strings(_ texts: [String]) { list(texts) { $0.string($1) } }

  private mutating func write(_ attributes: [ComputationGraph.RecordedAttribute]) {
    append("{")
    for (place, attribute) in attributes.enumerated() {
      if place > 0 { append(",") }
      string(attribute.name)
      append(":")
      write(attribute.value)
    }
    append("}")
  }

  private mutating func write(_ value: ComputationGraph.RecordedValue) {
    switch value {
    case .number(let number): self.number(number)
    case .text(let text): string(text)
    case .boolean(let isTrue): append(isTrue ? "true" : "false")
    case .list(let items): list(items) { $0.write($1) }
    }
  }

  private mutating func write(_ summary: ComputationGraph.NumberSummary) {
    append("{\"count\":")
    number(summary.count)
    for (key, value) in [
      ("min", summary.least), ("max", summary.greatest), ("mean", summary.mean), ("std", summary.deviation),
    ] {
      append(",\"\(key)\":")
      number(value)
    }
    append(",\"nan\":")
    number(summary.nans)
    if !summary.histogram.isEmpty { field("histogram") { writer in writer.list(summary.histogram) { $0.number($1) } } }
    append("}")
  }

  private mutating func write(_ slot: ComputationGraph.OptimizerSlot) {
    append("{\"name\":")
    string(slot.name)
    if !slot.before.isEmpty { field("before") { $0.numbers(slot.before) } }
    field("after") { $0.numbers(slot.after) }
    append("}")
  }
}
