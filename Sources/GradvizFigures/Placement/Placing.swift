import GradvizDOT
import GradvizDrawing

/// Lays out a small layered graph with boxes of fixed size; Graphviz' dot does it, and a placer for
/// large graphs can take its seat without the drawing noticing.
public protocol PiecePlacer {
  /// Places the nodes of `graph`, ranks from left to right.
  ///
  /// - Throws: whatever the placer has to say; the drawing passes it on.
  func place(_ graph: Graph) throws -> PlacedPiece
}

/// Where a placer has put the nodes of a graph, in points, y downwards.
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
