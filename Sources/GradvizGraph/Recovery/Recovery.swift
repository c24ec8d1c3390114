/// A tape of numbers as a person knows it: the products of matrices, norms, softmaxes and heads of attention that its
/// numbers were written out of.
///
/// The tape stays as it is: each number is in a box, or on its own, and has its place there.
public struct Recovery: Equatable, Sendable {
  /// The same operation on several samples or positions, or an array of leaves.
  public struct Box: Equatable, Sendable {
    /// Where it is, such as `attention.head 1.head 1 softmax`.
    public var path: String
    /// What it computes: `linear`, `softmax`, or one of the engine's operations on each number; nil for leaves.
    public var operation: String?
    /// The exponent of a power.
    public var exponent: Double?
    /// The numbers that it shows, by rows; the rows of a causal attention grow.
    public var rows: [[Int]]
    /// Its numbers, with those on the way.
    public var nodes: [Int]
  }

  /// In evaluation order of their first results.
  public internal(set) var boxes: [Box] = []
  /// The box of each number; −1 for one that is not recognized.
  public internal(set) var boxOf: [Int]
  /// The row and the column of each number that a box shows; −1 for others.
  package internal(set) var places: [(row: Int32, column: Int32)]

  /// Whether both have the same boxes.
  public static func == (a: Recovery, b: Recovery) -> Bool { a.boxes == b.boxes && a.boxOf == b.boxOf }
}
