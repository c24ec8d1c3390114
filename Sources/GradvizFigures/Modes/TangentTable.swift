import Autograd
import GradvizDrawing
import GradvizGraph

/// The panel of forward mode: how many passes each mode takes, and a row for each value with its tangent, computed from
/// top to bottom, and its adjoint, computed from bottom to top.
struct TangentTable {
  private let context: FigureContext
  private let lesson: Tangents
  private let width: Double

  /// More values are counted.
  static let maxRows = 28
  private static let size = 13.0
  /// Of a row of words, above and below its baseline.
  private static let (ascent, descent) = (17.0, 4.0)
  private static let gap = 26.0

  /// The three columns of a row.
  private struct Row {
    var node: Int
    var cells: [[Inline]]
  }

  init(_ context: FigureContext, _ lesson: Tangents, width: Double) {
    self.context = context
    self.lesson = lesson
    self.width = width
  }

  private var graph: ComputationGraph { context.graph }
  private var notation: Notation { context.text.notation }
  private var words: Words { context.words }

  private func text(_ words: String, tint: Tint = .ink, isBold: Bool = false) -> Inline {
    notation.text(words, size: Self.size, tint: tint, isBold: isBold)
  }

  private func name(_ node: Int) -> [Inline] { notation.name(node, size: Self.size).map { .run($0) } }

  private func partial(_ node: Int, by other: Int) -> [Inline] {
    [text("∂")] + name(node) + [text("/∂")] + name(other)
  }

  // MARK: Drawing

  func add(to figure: inout Figure, at origin: Point) -> Size {
    var y = origin.y
    var widest = 0.0
    for line in passes {
      for row in wrapped(line) {
        y += 15
        Typesetter.set(row, at: Point(x: origin.x, y: y), in: &figure, classes: ["passes"])
        widest = max(widest, Typesetter.extent(row).width)
        y += 6
      }
    }
    y += 8
    let rows = rows
    let columns = columns(rows)
    var x = origin.x
    for (column, items) in heads.enumerated() {
      Typesetter.set(items, at: Point(x: x, y: y + 12), in: &figure, classes: ["table-head"])
      x += columns[column]
    }
    y += 18
    let total = columns.reduce(0, +) - Self.gap
    figure.chips.append(
      Figure.Chip(frame: Rectangle(x: origin.x, y: y, width: total, height: 1), fill: .faint))
    for row in rows {
      // Fractions, and names with a sample above and a number below, are higher than words.
      let extents = row.cells.map { Typesetter.extent($0) }
      y += max(Self.ascent, (extents.map(\.ascent).max() ?? 0) + 2)
      x = origin.x
      for (column, items) in row.cells.enumerated() {
        Typesetter.set(
          items, at: Point(x: x, y: y), in: &figure,
          classes: ["table", Self.columnClasses[column], "row-\(graph.nodes[row.node].id)"])
        x += columns[column]
      }
      y += max(Self.descent, extents.map(\.descent).max() ?? 0)
    }
    for line in notes {
      y += 19
      Typesetter.set(line, at: Point(x: origin.x, y: y), in: &figure, classes: ["note"])
      widest = max(widest, Typesetter.extent(line).width)
    }
    return Size(width: max(total, widest), height: y + 8 - origin.y)
  }

  static let columnClasses = ["value-column", "tangent-column", "adjoint-column"]

  /// The lines of words and fractions that fit the panel.
  private func wrapped(_ line: [Inline]) -> [[Inline]] {
    line.reduce(into: [[Inline]]()) { rows, item in
      if let last = rows.last, Typesetter.extent(last + [item]).width <= width {
        rows[rows.count - 1].append(item)
      } else {
        rows.append([item])
      }
    }
  }

  /// A sentence as words that a line may break between.
  private func sentence(_ sentence: String, tint: Tint = .ink) -> [Inline] {
    sentence.split(separator: " ").map { text($0 + " ", tint: tint) }
  }

  private var passes: [[Inline]] {
    let variables = graph.variables
    let areParameters = variables.contains { graph.nodes[$0].role == .parameter }
    let leaf = notation.flatName(lesson.leaf)
    let loss = graph.loss.map { notation.flatName($0) } ?? "L"
    func line(_ mode: String, _ tint: Tint, _ pass: String, _ passes: Int) -> [Inline] {
      [text(mode + words.colon, tint: tint, isBold: true)] + sentence(pass)
        + sentence(
          words.passesForGradient(passes, variables: variables.count, areParameters: areParameters, loss: loss),
          tint: .muted)
    }
    return [
      line(words.forwardModeName, .forwardInk, words.onePassFrom(leaf), variables.count),
      line(words.reverseModeName, .gradientInk, words.onePassBackFrom(loss), 1),
    ]
  }

  private var heads: [[Inline]] {
    let loss = graph.loss ?? lesson.leaf
    return [
      [text(words.value, tint: .muted)],
      [text("∂·/∂", tint: .forwardInk)] + name(lesson.leaf) + [text("  " + words.goesForward, tint: .muted)],
      [text("∂", tint: .gradientInk)] + name(loss)
        + [text("/∂·", tint: .gradientInk), text("  " + words.goesBack, tint: .muted)],
    ]
  }

  private var notes: [[Inline]] {
    var notes: [[Inline]] = []
    let all = tabled
    if all.count > Self.maxRows { notes.append([text(words.more(all.count - Self.maxRows), tint: .muted)]) }
    if graph.laneCount > 1 { notes.append([text(words.ofSample(sample + 1), tint: .muted)]) }
    if let loss = graph.loss, let end = lesson.tangents[loss], let start = graph.nodes[lesson.leaf].gradient?.first {
      notes.append(
        partial(loss, by: lesson.leaf) + [
          text(" = "), .token([number(end, .forwardInk)], .forwardRow), text(" = "),
          .token([number(start, .gradientInk)], .backwardRow), text("  " + words.sameEitherWay, tint: .muted),
        ])
    }
    return notes
  }

  private func number(_ number: Double, _ tint: Tint) -> Inline {
    notation.number(number, size: Self.size, tint: tint, isBold: true)
  }

  // MARK: Rows

  /// That of the leaf, or the first.
  private var sample: Int { graph.nodes[lesson.leaf].lane ?? 0 }

  /// Those of one sample, and those of all.
  private var tabled: [Int] {
    graph.nodes.indices.filter { index in
      let node = graph.nodes[index]
      // The data of a batch has no adjoint in its figures.
      return !BoxSizes.isPlainConstant(node) && node.lane ?? sample == sample && !(node.isData && node.gradient == nil)
    }
  }

  private var rows: [Row] {
    let nodes = tabled.prefix(Self.maxRows)
    // Where the products have no room, only their results.
    for detail in [(tangents: true, adjoints: true), (false, true), (false, false)] {
      let rows = nodes.map { node in
        Row(node: node, cells: [law(node), tangent(node, isFull: detail.0), adjoint(node, isFull: detail.1)])
      }
      if columns(rows).reduce(0, +) - Self.gap <= width { return rows }
    }
    return nodes.map { node in
      let value = name(node) + [text(" = "), number(graph.nodes[node].value[0], .ink)]
      return Row(node: node, cells: [value, tangent(node, isFull: false), adjoint(node, isFull: false)])
    }
  }

  private func columns(_ rows: [Row]) -> [Double] {
    heads.indices.map { column in
      let cells = rows.map { Typesetter.extent($0.cells[column]).width }.max() ?? 0
      return max(cells, Typesetter.extent(heads[column]).width) + Self.gap
    }
  }

  /// `n₁ = log(x₁) = 0.6931`.
  private func law(_ node: Int) -> [Inline] {
    let value = graph.nodes[node]
    let rule =
      value.isLeaf
      ? []
      : [text(" = ")] + notation.formula(notation.symbolic.definition(of: node, inlining: false), size: Self.size)
    return name(node) + rule + [
      text(" = "),
      notation.number(value.value[0], size: Self.size, isBold: true, format: notation.format(ofValue: node)),
    ]
  }

  /// `1 × 5 + 0 × 2 = 5`: of each operand its tangent times the local derivative.
  private func tangent(_ node: Int, isFull: Bool) -> [Inline] {
    let own = lesson.tangents[node]
    let result = own.map { number($0, .forwardInk) } ?? text("0", tint: .muted)
    if node == lesson.leaf { return [result, text("  " + words.seedOfPass, tint: .muted)] }
    guard isFull, let own, let local = graph.nodes[node].localDerivatives else { return [result] }
    let products = zip(graph.nodes[node].operands, local).compactMap { operand, factor in
      lesson.tangents[operand].map { [$0, factor] }
    }
    return sum(products, own, .forwardInk)
  }

  /// `1 × 5 + (−0.28) × 1`: of each use the adjoint of its user times the local derivative.
  private func adjoint(_ node: Int, isFull: Bool) -> [Inline] {
    guard let own = graph.nodes[node].gradient?.first else { return [text("0", tint: .muted)] }
    let result = number(own, .gradientInk)
    if node == graph.loss { return [result, text("  " + words.seedOfPass, tint: .muted)] }
    guard isFull else { return [result] }
    let products = context.uses[node].compactMap { use -> [Double]? in
      guard graph.passesBack(user: use.user, position: use.position),
        let upstream = graph.nodes[use.user].gradient?.first,
        let local = graph.nodes[use.user].localDerivatives?[use.position]
      else { return nil }
      return [upstream, local]
    }
    return sum(products, own, .gradientInk)
  }

  private static let maxProducts = 3

  private func sum(_ products: [[Double]], _ result: Double, _ tint: Tint) -> [Inline] {
    guard !products.isEmpty, products.count <= Self.maxProducts else { return [number(result, tint)] }
    let sum = PrintedSum(products, result: result, format: notation.format)
    return [
      text(sum.terms.map { $0.sign + $0.text }.joined()), text(" \(sum.relation.rawValue) "), number(result, tint),
    ]
  }
}
