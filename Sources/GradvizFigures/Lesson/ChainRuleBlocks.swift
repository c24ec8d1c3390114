import Autograd
import GradvizDrawing
import GradvizGraph

/// The chain rule of a batch as blocks: a column for each sample with a tinted block for each factor, its rule and
/// its number below, a brace to the product, and then a line for each parameter: share + share + … = gradient.
struct ChainRuleBlocks {
  let shares: SampleShares
  private let context: FigureContext
  private let columns: BlockColumns
  private let width: Double

  private var notation: Notation { context.text.notation }
  private static let size = BlockColumns.size
  private static let rowHeight = 27.0

  /// Returns nil for a graph that has no common way for its samples, or no room for it.
  init?(_ context: FigureContext, width: Double) {
    guard let shares = SampleShares(context), let columns = BlockColumns(shares, context, width: width) else {
      return nil
    }
    self.context = context
    self.shares = shares
    self.columns = columns
    self.width = width
  }

  /// What the blocks multiply and add.
  private var paths: String {
    let graph = context.graph
    let loss = notation.flatName(graph.loss ?? 0)
    // By value, in how many ways its gradient comes back from the loss; two stand for all.
    var ways = [Int](repeating: 0, count: graph.nodes.count)
    func count(_ uses: [Use]) -> Int {
      uses.reduce(0) { graph.passesBack(user: $1.user, position: $1.position) ? min($0 + ways[$1.user], 2) : $0 }
    }
    for node in graph.nodes.indices.reversed() {
      ways[node] = node == graph.loss ? 1 : count(context.uses[node].map { ($0.user, $0.position) })
    }
    let isSingle = shares.rows.allSatisfy { row in
      let uses = Dictionary(grouping: context.uses[row.parameter]) { graph.nodes[$0.user].lane ?? -1 }
      return uses[-1] == nil
        && (0..<graph.laneCount).allSatisfy { count((uses[$0] ?? []).map { ($0.user, $0.position) }) < 2 }
    }
    return isSingle
      ? context.words.onePathEach(graph.sampleCount, loss: loss) : context.words.severalPathsEach(loss: loss)
  }

  private typealias Use = (user: Int, position: Int)

  /// Adds the blocks with their top left at `origin`; returns their extent.
  func add(to figure: inout Figure, at origin: Point) -> Size {
    let words = context.words
    let title = [
      notation.text(words.chainRuleInNumbers + " ", size: Self.size, isBold: true),
      notation.text(paths, size: Self.size, tint: .muted),
    ]
    let titleRows = Typesetter.extent(title).width <= width ? [title] : title.map { [$0] }
    var y = origin.y
    for row in titleRows {
      y += 13
      Typesetter.set(row, at: Point(x: origin.x, y: y), in: &figure, classes: ["note"])
      y += 5
    }
    y = addBlocks(to: &figure, at: Point(x: origin.x, y: y + 10))
    y += shares.beginsWithProducts ? 0 : addProducts(to: &figure, at: Point(x: origin.x, y: y))
    for number in columns.rows.indices {
      addRow(number, to: &figure, at: Point(x: origin.x, y: y + 18))
      y += Self.rowHeight
    }
    let titleWidth = titleRows.map { Typesetter.extent($0).width }.max() ?? 0
    return Size(width: max(columns.width, titleWidth), height: y + 4 - origin.y)
  }

  // MARK: Blocks

  private func addBlocks(to figure: inout Figure, at origin: Point) -> Double {
    let all = columns.blocks.flatMap { $0 }
    let above = all.map { Typesetter.extent($0.fraction).ascent }.max() ?? 0
    let below = all.map { Typesetter.extent($0.fraction).descent }.max() ?? 0
    let rule = all.map { Typesetter.extent($0.rule) }.filter { $0.width > 0 }
    let fractionLine = origin.y + 9 + above
    var line = fractionLine + below
    var ruleLine: Double?
    if let ascent = rule.map(\.ascent).max(), let descent = rule.map(\.descent).max() {
      line += 8 + ascent
      ruleLine = line
      line += descent
    }
    let numberLine = line + 17
    let bottom = numberLine + 8
    for (text, line) in [(context.words.blockFormula, ruleLine), (context.words.blockNumbers, numberLine)] {
      guard let line else { continue }
      Typesetter.set(
        [notation.text(text, size: Self.size - 1, tint: .muted)], at: Point(x: origin.x, y: line), in: &figure)
    }
    for column in columns.columns where column.isWhole {
      let blocks = columns.blocks[column.lane]
      let total = columns.blockWidths.reduce(0, +) + BlockColumns.blockGap * Double(blocks.count - 1)
      let left = origin.x + column.right - total
      var x = left
      for (place, block) in blocks.enumerated() {
        let width = columns.blockWidths[place]
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: x, y: origin.y, width: width, height: bottom - origin.y),
            fill: context.laneChip(column.lane)))
        func center(_ items: [Inline], _ y: Double, _ kind: String) {
          let start = x + (width - Typesetter.extent(items).width) / 2
          Typesetter.set(
            items, at: Point(x: start, y: y), in: &figure,
            classes: ["block", "\(kind)-\(column.lane + 1)-\(place + 1)"])
        }
        center([block.fraction], fractionLine, "fraction")
        if let ruleLine { center(block.rule, ruleLine, "rule") }
        center([notation.text(block.number, size: Self.size, isBold: true)], numberLine, "factor")
        x += width
        if place + 1 < blocks.count {
          for (sign, y) in [("·", fractionLine), ("×", numberLine)] {
            let run = notation.text(sign, size: Self.size)
            let middle = x + (BlockColumns.blockGap - Typesetter.extent(run).width) / 2
            Typesetter.set([run], at: Point(x: middle, y: y), in: &figure)
          }
          x += BlockColumns.blockGap
        }
      }
      addDisc(column.lane, at: Point(x: left - 11, y: origin.y + 9), to: &figure)
      addBrace(
        from: left, to: x, tip: origin.x + column.right - columns.shareWidth / 2, y: bottom + 3, column.lane,
        to: &figure)
    }
    return bottom + 16
  }

  private func addDisc(_ lane: Int, at center: Point, to figure: inout Figure) {
    figure.discs.append(
      Figure.Disc(
        id: "block-\(lane + 1)", classes: ["sample"], tooltip: context.words.sample(lane + 1), center: center,
        size: Size(width: Figure.Disc.sampleSide, height: Figure.Disc.sampleSide), text: "\(lane + 1)",
        textSize: Typography.smallest, textTint: .page, isBold: true, fill: context.laneInk(lane), stroke: nil))
  }

  private func addBrace(
    from left: Double, to right: Double, tip: Double, y: Double, _ lane: Int, to figure: inout Figure
  ) {
    for (number, end) in [left, right].enumerated() {
      figure.arrows.append(
        Figure.Arrow(
          id: "brace-\(lane + 1)-\(number + 1)", classes: ["brace"], kind: .note, tail: "block-place",
          head: "block-place",
          path: Path(
            through: [
              Point(x: end, y: y), Point(x: end, y: y + 5), Point(x: tip, y: y + 5), Point(x: tip, y: y + 11),
            ], radius: 4), tint: context.laneInk(lane), width: 1.2, hasHead: false))
    }
  }

  // MARK: Rows

  /// The products of the blocks, where no parameter has them as its shares; returns the height.
  private func addProducts(to figure: inout Figure, at origin: Point) -> Double {
    let format = notation.format
    for column in columns.columns where column.isWhole {
      let gradient = context.graph.nodes[shares.pivots[column.lane]].gradient?.first ?? .nan
      let left = addShare(
        format.text(gradient), column, baseline: origin.y + 18, originX: origin.x, to: &figure,
        classes: ["factor-\(column.lane + 1)-share"])
      if columns.signs[column.lane] == Relation.about.rawValue {
        set(Relation.about.rawValue, rightAt: left - 6, origin.y + 18, ["factor-\(column.lane + 1)-about"], &figure)
      }
    }
    let label = [notation.text(context.words.product, size: Self.size - 1, tint: .muted)]
    Typesetter.set(label, at: Point(x: origin.x, y: origin.y + 18), in: &figure)
    return Self.rowHeight
  }

  private func addRow(_ number: Int, to figure: inout Figure, at origin: Point) {
    let row = columns.rows[number]
    let classes = ["formula", "\(Stage.backward.rawValue)-\(number + 1)"]
    Typesetter.set([.token(row.label, .parameter)], at: origin, in: &figure, classes: classes)
    set("=", rightAt: origin.x + columns.labelWidth - 8, origin.y, classes, &figure)
    for (place, column) in columns.columns.enumerated() {
      let isFirst = number == 0 && shares.beginsWithProducts
      let own =
        ["product-\(number + 1)-\(column.lane + 1)"]
        + (isFirst && column.isWhole ? ["factor-\(column.lane + 1)-share"] : [])
      let left = addShare(
        row.shares[column.lane], column, baseline: origin.y, originX: origin.x, to: &figure, classes: classes + own)
      let sign = isFirst ? columns.signs[column.lane] : row.signs[column.lane]
      if column.isWhole { addProduct(number, column.lane, sign, right: left, origin.y, own, to: &figure) }
      if place + 1 < columns.columns.count || columns.isCut || row.rest != nil {
        set("+", rightAt: origin.x + column.right + columns.gap / 2 + 7, origin.y, classes, &figure)
      }
    }
    var x = origin.x + (columns.columns.last?.right ?? 0) + BlockColumns.plus
    if columns.isCut {
      Typesetter.set([notation.text("…", size: Self.size)], at: Point(x: x, y: origin.y), in: &figure, classes: classes)
      x += 24
      if row.rest != nil { set("+", rightAt: x - 2, origin.y, classes, &figure) }
    }
    if let rest = row.rest {
      Typesetter.set(
        [.token([notation.text(rest, size: Self.size)], .backwardRow)], at: Point(x: x, y: origin.y), in: &figure,
        classes: classes)
    }
    let end = [
      notation.text("\(row.relation) ", size: Self.size),
      notation.text(row.total, size: Self.size, tint: .gradientInk, isBold: true),
    ]
    Typesetter.set(end, at: Point(x: origin.x + columns.totalX + 8, y: origin.y), in: &figure, classes: classes)
  }

  /// The share in the sample's tint; returns its left end.
  @discardableResult
  private func addShare(
    _ text: String, _ column: BlockColumns.Column, baseline: Double, originX: Double, to figure: inout Figure,
    classes: [String]
  ) -> Double {
    let frame = Rectangle(
      x: originX + column.right - columns.shareWidth, y: baseline - 14, width: columns.shareWidth, height: 19)
    figure.chips.append(
      Figure.Chip(
        frame: frame, fill: context.laneChip(column.lane), stroke: context.laneInk(column.lane), isRounded: true))
    let run = notation.text(text, size: Self.size, tint: context.laneInk(column.lane), isBold: true)
    let x = frame.center.x - Typesetter.extent(run).width / 2
    Typesetter.set([run], at: Point(x: x, y: baseline), in: &figure, classes: classes)
    return frame.x
  }

  /// `0.200 × 0.5 =` before its share; where the gradient is passed on, the hollow dot.
  private func addProduct(
    _ number: Int, _ lane: Int, _ sign: String, right: Double, _ y: Double, _ classes: [String],
    to figure: inout Figure
  ) {
    let factors = columns.rows[number].products[lane]
    guard factors.count == 2 else {
      if sign == Relation.about.rawValue {
        set(sign, rightAt: right - 6, y, ["factor-\(lane + 1)-about"], &figure)
      }
      return
    }
    let local = [notation.text(factors[1], size: Self.size)]
    var factor = Inline.pill(local)
    if case .value(let node) = shares.rows[number].shares[lane].factors?.rule,
      context.graph.nodes[node].role.tint != .plain
    {
      factor = .token(local, context.graph.nodes[node].role.tint)
    }
    let items: [Inline] = [
      .token([notation.text(factors[0], size: Self.size)], context.laneChip(lane)),
      notation.text(" × ", size: Self.size),
      factor, notation.text(" \(sign) ", size: Self.size),
    ]
    let width = Typesetter.extent(items).width
    Typesetter.set(items, at: Point(x: right - width, y: y), in: &figure, classes: classes)
  }

  private func set(_ text: String, rightAt x: Double, _ y: Double, _ classes: [String], _ figure: inout Figure) {
    let run = notation.text(text, size: Self.size)
    Typesetter.set([run], at: Point(x: x - Typesetter.extent(run).width, y: y), in: &figure, classes: classes)
  }
}
