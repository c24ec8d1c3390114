import GradvizDrawing
import GradvizGraph

/// The marks and laws above the columns of a batch with one row for each sample: what holds for all samples is said once.
struct ColumnHeads {
  private struct Head {
    var node: Int
    var mark: String?
    var law: [Figure.Run]
    var width: Double
    var x = 0.0
  }

  /// The marks that stand above a column.
  private(set) var marksAbove: Set<String> = []
  private var heads: [Head] = []
  private let y: Double

  /// How much room they need above the samples.
  static let height = 20.0
  private static let size = 13.0
  private static let gap = 10.0

  /// Returns nil where samples have several rows, or their columns no room for the laws.
  init?(_ context: FigureContext) {
    let (graph, sheet) = (context.graph, context.sheet)
    // Where numbers change each value has its own mark.
    guard graph.level == .scalar, !context.isTransposed, !context.text.isLive, let first = sheet.lanes.first,
      sheet.spots.allSatisfy({ $0.row == 0 })
    else { return nil }
    y = first.y - 7
    let spots = sheet.spots.filter { spot in
      graph.nodes[spot.node].lane == 0 && spot.disc != nil && !spot.isCell && !graph.nodes[spot.node].hidesOperands
    }
    var columns = OrderedTable<Int, [Sheet.Spot]>()
    for spot in spots { columns[Int(spot.disc?.x ?? spot.frame.x), default: []].append(spot) }
    // From right to left: each begins above its column, or further left where the next leaves it no room.
    var limit = first.right + 40
    for column in columns.values.sorted(by: { ($0[0].disc?.x ?? 0) > ($1[0].disc?.x ?? 0) }) {
      var own = column.sorted { $0.frame.y < $1.frame.y }.map { Self.head($0.node, context) }
      let width = own.reduce(-Self.gap) { $0 + $1.width + Self.gap }
      var x = min((column[0].disc?.x ?? column[0].frame.x) - 2, limit - Self.gap - width)
      guard x >= first.x - 2 else { return nil }
      limit = x
      for index in own.indices {
        own[index].x = x
        x += own[index].width + Self.gap
      }
      heads += own
      marksAbove.formUnion(own.compactMap(\.mark))
    }
    guard !heads.isEmpty else { return nil }
  }

  private static func head(_ node: Int, _ context: FigureContext) -> Head {
    let notation = context.text.notation
    let law = notation.line(context.text.notation.symbolic.definition(of: node, inlining: false), ofEverySample: true)
    let runs = (MathText(notation.typesetName(node, ofEverySample: true)) + " = " + law).runs(size: size)
    let mark = context.marks[node]
    return Head(
      node: node, mark: mark, law: runs, width: (mark.map { Typesetter.badge($0).width + 5 } ?? 0) + runs.width)
  }

  /// - Parameter marked: the values whose steps are shown.
  func add(to figure: inout Figure, marked: Set<Int>) {
    for head in heads {
      var x = head.x
      if let mark = head.mark {
        let size = Typesetter.badge(mark)
        if marked.contains(head.node) {
          figure.chips.append(
            Figure.Chip(
              frame: Rectangle(x: x, y: y - 13, width: size.width, height: size.height), text: mark, isBold: true,
              fill: .backwardBadge, stroke: .gradientInk, isRounded: true, classes: ["order"]))
        }
        x += size.width + 5
      }
      figure.labels += TextLine(head.law).labels(at: Point(x: x, y: y), classes: ["law"])
    }
  }
}
