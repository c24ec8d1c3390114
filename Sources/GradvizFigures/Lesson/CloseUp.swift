import Autograd
import GradvizDrawing
import GradvizGraph

/// One operation as a function of one number: where its local derivative comes from.
struct CloseUp {
  let user: Int
  let operand: Int
  /// The position of the number in its array; nil for a scalar.
  let entry: Int?
  let operation: Tape.Operation
  let x: Double
  let y: Double
  let slope: Double

  /// Those whose slope is the lesson.
  static func isLesson(_ node: ComputationGraph.Node) -> Bool {
    switch node.operation {
    case .tanh, .sigmoid, .relu, .exp, .log, .clampedLog: node.operands.count == 1
    case .power: node.exponent == 2 && node.operands.count == 1
    default: false
    }
  }

  /// Returns nil for an operation that has no curve, or a number off it.
  init?(_ graph: ComputationGraph, user: Int) {
    let node = graph.nodes[user]
    guard Self.isLesson(node), let operation = node.operation, node.fold == nil, !node.hidesOperands,
      let gradient = node.gradient, let operand = node.operands.first,
      graph.nodes[operand].value.count == node.value.count
    else { return nil }
    let place = gradient.indices.max { gradient[$0].magnitude < gradient[$1].magnitude } ?? 0
    self.user = user
    self.operand = operand
    self.operation = operation
    entry = node.shape.isEmpty ? nil : place
    x = graph.nodes[operand].value[place]
    y = node.value[place]
    slope = node.localDerivatives?.first ?? Self.slope(operation, x, y)
    guard x.isFinite, y.isFinite, slope.isFinite, x.magnitude < 1e4, Self.value(operation, x).isFinite,
      (slope - Self.slope(operation, x, y)).magnitude <= 1e-6 * max(1, slope.magnitude)
    else { return nil }
  }

  static func value(_ operation: Tape.Operation, _ x: Double) -> Double {
    operation == .power ? x * x : ElementRules.value(operation, x)
  }

  /// dy/dx at a point of the curve.
  static func slope(_ operation: Tape.Operation, _ x: Double, _ y: Double) -> Double {
    switch operation {
    case .tanh: 1 - y * y
    case .sigmoid: y * (1 - y)
    case .relu: x > 0 ? 1 : 0
    case .exp: y
    case .log, .clampedLog: 1 / x
    default: 2 * x
    }
  }

  /// The rule with the numbers of this point; nil where the rule is the number.
  var rule: Formula? {
    switch operation {
    case .tanh: .call(.subtract, [.number(1), .power(.number(y), .number(2))])
    case .sigmoid: .call(.multiply, [.number(y), .call(.subtract, [.number(1), .number(y)])])
    case .log, .clampedLog: .quotient(.number(1), .number(x))
    case .power: .call(.multiply, [.number(2), .number(x)])
    default: nil
    }
  }

  /// From where to where the curve is drawn.
  var range: ClosedRange<Double> {
    switch operation {
    case .exp: (x - 2.4)...(x + 0.9)
    case .log, .clampedLog: (x * 0.08)...(x * 2.6)
    case .power: -max(1, x.magnitude * 1.35)...max(1, x.magnitude * 1.35)
    default: -max(3, x.magnitude * 1.25)...max(3, x.magnitude * 1.25)
    }
  }
}
