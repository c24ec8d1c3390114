import Autograd
import GradvizDrawing

/// Where every value of a graph stands, the same through all stages.
///
/// Composed in a space where columns grow with x; ``Sheet/isTransposed`` turns the finished sheet for
/// drawings from top to bottom.
struct Sheet {
  /// A box on the sheet, and the tab of the operation that makes it.
  struct Spot {
    enum Kind: Hashable {
      case value
      /// A leaf drawn where it is used; the value's own box is elsewhere, or it has several such places.
      case slot(lane: Int?, use: Int)
      /// The only box of a leaf that several lanes share.
      case shared
    }
    var node: Int
    var kind: Kind
    var frame: Rectangle
    /// The operation's tab.
    var disc: Rectangle?
    /// Its row in the lane.
    var row = 0
    /// Whether it is only a tab, on the box of the value that it is computed for.
    var isTab = false
    /// Whether it is a cell of the samples' table, without a name and an operation.
    var isCell = false
  }

  /// A wire from an operand's spot to the tab of an operation, and the gradient's back.
  struct Link {
    var from: Int
    var to: Int
    var position: Int
    var wire: PiecePlacement.Wire
    /// Whether the wire is drawn: not between the cells of the samples' table.
    var isDrawn = true
    var path: Path { wire.forward }
  }

  /// Where a value's wire leaves its row, or goes on in a later one: two marks with the same letter.
  struct Turn {
    var spot: Int
    var letter: Int
    var lane: Int?
    var row: Int
    var frame: Rectangle
    /// From the value to the mark; nil where it goes on.
    var wire: PiecePlacement.Wire?
  }

  /// The path of a shared leaf to one of its slots: from its box along a trunk to the slot.
  struct Branch {
    var shared: Int
    var slot: Int
    var path: Path
    /// Whether the path starts on the trunk of another branch instead of at the box.
    var beginsOnTrunk: Bool
    /// The same for the gradient's way back, among the branches that carry one; nil if there is none.
    var gradient: (path: Path, endsOnTrunk: Bool)?
  }

  var spots: [Spot] = []
  var links: [Link] = []
  var branches: [Branch] = []
  var turns: [Turn] = []
  /// The frames of the lanes; those of the samples' table are its rows.
  var lanes: [Rectangle] = []
  /// Where the samples' titles begin, on their baselines.
  var titles: [Point] = []
  /// The names above the columns of the samples' table.
  var heads: [(node: Int, frame: Rectangle)] = []
  /// Around the prediction, the targets and everything up to the loss; the first has the badge.
  var lossRegions: [Rectangle] = []
  /// Around the column of shared parameters.
  var sharedRegion: Rectangle?
  var bounds = Rectangle(x: 0, y: 0, width: 0, height: 0)
  var isTransposed = false

  /// The spot of a node's own value: not a slot if there is another spot.
  func mainSpot(of node: Int) -> Int? { main[node] }
  var main: [Int: Int] = [:]

  mutating func add(_ spot: Spot) -> Int {
    spots.append(spot)
    let index = spots.count - 1
    if case .slot = spot.kind, main[spot.node] != nil { return index }
    main[spot.node] = index
    return index
  }

  /// The sheet, moved so that its top left is at `origin`, and transposed for drawings from top to bottom.
  func placed(at origin: Point, transposed: Bool) -> Sheet {
    var result = self
    let bounds = self.bounds
    func map(_ point: Point) -> Point {
      let x = point.x - bounds.x
      let y = point.y - bounds.y
      return transposed
        ? Point(x: y + origin.x, y: x + origin.y) : Point(x: x + origin.x, y: y + origin.y)
    }
    func map(_ frame: Rectangle) -> Rectangle {
      Rectangle(
        center: map(frame.center),
        size: transposed
          ? Size(width: frame.height, height: frame.width) : Size(width: frame.width, height: frame.height))
    }
    func map(_ path: Path) -> Path { Path(points: path.points.map(map)) }
    for index in spots.indices {
      result.spots[index].frame = map(spots[index].frame)
      result.spots[index].disc = spots[index].disc.map(map)
    }
    func map(_ wire: PiecePlacement.Wire) -> PiecePlacement.Wire {
      var result = wire
      result.forward = map(wire.forward)
      result.gradient = wire.gradient.map(map)
      result.mark = map(wire.mark)
      result.share = map(wire.share)
      return result
    }
    for index in links.indices { result.links[index].wire = map(links[index].wire) }
    for index in turns.indices {
      result.turns[index].frame = map(turns[index].frame)
      result.turns[index].wire = turns[index].wire.map(map)
    }
    for index in branches.indices {
      result.branches[index].path = map(branches[index].path)
      result.branches[index].gradient = branches[index].gradient.map { (map($0.path), $0.endsOnTrunk) }
    }
    result.lanes = lanes.map(map)
    result.titles = titles.map(map)
    result.heads = heads.map { ($0.node, map($0.frame)) }
    result.lossRegions = lossRegions.map(map)
    result.sharedRegion = sharedRegion.map(map)
    result.bounds = map(bounds)
    result.isTransposed = transposed
    return result
  }
}
