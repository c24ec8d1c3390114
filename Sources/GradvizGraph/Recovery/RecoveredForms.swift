import Autograd

/// What the numbers of recovered boxes are computed by, said once where many are computed alike: every row of a product,
/// every number of a map.
///
/// With it the boxes can be expanded into the tape again, value for value: nothing was guessed, and nothing is lost.
package struct RecoveredForms {
  /// What an operation takes: an earlier step of the same form, or a value from outside.
  package enum Operand: Hashable { case step(Int), argument(Int) }

  /// One operation of a form.
  package struct Step: Hashable {
    package var operation: Tape.Operation?
    package var exponent: Double?
    package var operands: [Operand]
  }

  /// A form with the values that it computes, a step each, and those that it is computed from.
  package struct Instance {
    package var form: Int
    package var values: [Int]
    package var arguments: [Int]
  }

  /// Each once.
  package private(set) var forms: [[Step]] = []
  /// By box.
  package private(set) var instances: [[Instance]] = []

  package init(_ recovery: Recovery, of graph: ComputationGraph) {
    var numbers: [[Step]: Int] = [:]
    for (number, box) in recovery.boxes.enumerated() {
      let nodes = box.nodes.filter { !graph.nodes[$0].isLeaf }.sorted()
      instances.append([])
      for values in Self.components(nodes, number, recovery, graph) {
        let (steps, arguments) = Self.form(of: values, graph)
        if numbers[steps] == nil {
          numbers[steps] = forms.count
          forms.append(steps)
        }
        instances[number].append(Instance(form: numbers[steps] ?? 0, values: values, arguments: arguments))
      }
    }
  }

  /// Values of a box that are computed from one another.
  private static func components(
    _ nodes: [Int], _ box: Int, _ recovery: Recovery, _ graph: ComputationGraph
  ) -> [[Int]] {
    var placeOf: [Int: Int] = [:]
    for (place, member) in nodes.enumerated() { placeOf[member] = place }
    var sets = DisjointSets(count: nodes.count)
    for (place, member) in nodes.enumerated() {
      for operand in graph.nodes[member].operands where recovery.boxOf[operand] == box {
        if let other = placeOf[operand] { sets.join(place, other) }
      }
    }
    var result: [[Int]] = []
    var components: [Int: Int] = [:]
    for (place, member) in nodes.enumerated() {
      let root = sets.root(place)
      if let component = components[root] {
        result[component].append(member)
      } else {
        components[root] = result.count
        result.append([member])
      }
    }
    return result
  }

  private static func form(of values: [Int], _ graph: ComputationGraph) -> (steps: [Step], arguments: [Int]) {
    var stepOf: [Int: Int] = [:]
    for (place, value) in values.enumerated() { stepOf[value] = place }
    var argumentOf: [Int: Int] = [:]
    var arguments: [Int] = []
    let steps = values.map { value in
      let node = graph.nodes[value]
      let operands = node.operands.map { operand -> Operand in
        if let step = stepOf[operand] { return .step(step) }
        if argumentOf[operand] == nil {
          argumentOf[operand] = arguments.count
          arguments.append(operand)
        }
        return .argument(argumentOf[operand] ?? 0)
      }
      return Step(operation: node.operation, exponent: node.exponent, operands: operands)
    }
    return (steps, arguments)
  }

  /// The graph with the operations of all recovered values as their forms say, whatever it had.
  package func expanded(in graph: ComputationGraph) -> ComputationGraph {
    var result = graph
    for instance in instances.joined() {
      for (value, step) in zip(instance.values, forms[instance.form]) {
        result.nodes[value].operation = step.operation
        result.nodes[value].exponent = step.exponent
        result.nodes[value].operands = step.operands.map { operand in
          switch operand {
          case .step(let place): instance.values[place]
          case .argument(let place): instance.arguments[place]
          }
        }
      }
    }
    return result
  }
}
