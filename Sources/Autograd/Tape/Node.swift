/// A node of a tape without the tape, at a quarter of the memory of a ``Value``.
///
/// A ``Value`` knows its tape, and is told apart from those of another one. Loops that keep very many of them can keep
/// nodes instead, and name the tape themselves:
///
/// ```swift
/// let tape = Tape()
/// var sum = tape.parameter(0, name: "start").node
/// for number in numbers { sum = tape.record(.add, sum, tape.constant(number).node) }
/// tape.value(sum).backward()
/// ```
public struct Node: Sendable, Hashable {
  let index: Int32
}

extension Value {
  /// The same value as a node, which does not know its tape.
  public var node: Node { Node(index: Int32(truncatingIfNeeded: index)) }
}

extension Tape {
  /// The node as a value.
  ///
  /// - Precondition: a node of this tape. A node of another tape is not detected.
  public func value(_ node: Node) -> Value {
    precondition(Int(node.index) < count && isScalar(Int(node.index)), "this tape has no such number")
    return Value(tape: self, index: Int(node.index))
  }

  /// Records an operation on two numbers: + − · / ** max min.
  ///
  /// - Precondition: nodes of this tape, and an operation of two operands.
  public func record(_ operation: Operation, _ a: Node, _ b: Node) -> Node {
    let (a, b) = (Int(a.index), Int(b.index))
    precondition(max(a, b) < count, "a node from before the tape was emptied")
    return Node(index: Int32(truncatingIfNeeded: storage.pointee.binary(operation, a, b)))
  }

  /// Records an operation on one number, such as `tanh`.
  ///
  /// - Precondition: a node of this tape, and an operation of one operand.
  public func record(_ operation: Operation, _ a: Node) -> Node {
    precondition(operation.isElementFunction, "\(operation.rawValue) does not take one operand")
    precondition(Int(a.index) < count, "a node from before the tape was emptied")
    return Node(index: Int32(truncatingIfNeeded: storage.pointee.unary(operation, Int(a.index))))
  }
}
