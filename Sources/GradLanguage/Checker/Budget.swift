import Autograd
import GradvizGraph

/// What a program's values and operations cost, held against the limits before anything is computed.
struct Budget {
  let limits: Limits
  /// The operations and leaves after scalar expansion.
  var scalarCount = 0.0
  /// The elements of all arrays.
  var totalElements = 0
  /// The scalar operations of one forward pass, including those on constants.
  private(set) var operationCount = 0.0

  init(limits: Limits) { self.limits = limits }

  /// - Throws: if a forward pass exceeds the allowed number of operations. Called before anything is
  ///   computed.
  mutating func countOperations(_ count: Double, _ span: Span) throws(Issue) {
    operationCount += count
    guard operationCount <= Double(limits.operations) else {
      throw Issue(
        span, "a forward pass takes more than \(limits.operations) operations",
        hint: limits.hint(.operations))
    }
  }

  /// - Parameter others: the elements of other values created with this one.
  /// - Throws: if this shape, or all values together, exceed the allowed number of elements.
  func requireSize(_ shape: [Int], others: Int = 0, _ span: Span) throws(Issue) {
    guard let count = Shapes.count(shape), count <= limits.entries else {
      throw Issue(
        span, "this would have \(Shapes.text(shape)) entries, more than \(limits.entries)",
        hint: limits.hint(.entries))
    }
    let (total, overflow) = totalElements.addingReportingOverflow(count)
    guard !overflow, total <= limits.entries, others <= limits.entries - total else {
      throw Issue(
        span, "this brings the program's values to more than \(limits.entries) entries in total",
        hint: limits.hint(.entries))
    }
  }

  /// What is thrown where an array alone is too large.
  func tooManyEntries(_ span: Span) -> Issue {
    Issue(span, "this would have more than \(limits.entries) entries", hint: limits.hint(.entries))
  }
}
