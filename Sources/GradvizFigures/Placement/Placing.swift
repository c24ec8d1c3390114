import GradvizDOT
import GradvizDrawing

/// Lays out a small layered graph with boxes of fixed size.
///
/// Implemented with Graphviz' dot; other implementations can replace it.
public protocol PiecePlacer {
  /// Places the nodes of `graph`, with ranks from left to right.
  ///
  /// - Throws: an error of the placer, which the drawing rethrows.
  func place(_ graph: Graph) throws -> PlacedPiece
}

/// The positions of the nodes of a graph in points, with the y axis pointing down.
public struct PlacedPiece: Sendable {
  /// By node name.
  public var centers: [String: Point]
  /// Cubic Bézier points from tail to head, by the edge's `id`.
  public var paths: [String: [Point]]

  public init(centers: [String: Point], paths: [String: [Point]]) {
    self.centers = centers
    self.paths = paths
  }
}
