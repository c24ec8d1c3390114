/// The placements of one composition's pieces, shared by its attempts at a width.
final class PlacedPieces {
  /// All that a placement depends on within one composition.
  struct Key: Hashable {
    var piece: Piece
    var middles: [Member: Double]
    var marked: Set<Int>
    var isCompact: Bool
  }

  private var known: [Key: PiecePlacement] = [:]

  subscript(key: Key) -> PiecePlacement? {
    get { known[key] }
    set { known[key] = newValue }
  }
}
