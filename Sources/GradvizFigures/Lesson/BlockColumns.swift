import GradvizDrawing
import GradvizGraph

/// The texts of the chain rule's blocks, and how wide each column has to be.
struct BlockColumns {
  /// A sample's column: with its blocks and products, or with its shares alone.
  struct Column {
    var lane: Int
    var x: Double
    var width: Double
    var isWhole: Bool
    var right: Double { x + width }
  }

  /// The texts of a block.
  struct Block {
    var fraction: Inline
    /// Empty where the rule is too long, or several ways join.
    var rule: [Inline]
    var number: String
  }

  /// The texts of a row: the products that give the shares, and the shares themselves.
  struct Row {
    var label: [Inline]
    /// By sample; empty where the gradient is passed on unchanged.
    var products: [[String]]
    /// The sign between a product and its share.
    var signs: [String]
    var shares: [String]
    var rest: String?
    var relation: String
    var total: String
  }

  let blocks: [[Block]]
  /// The sign between the product of a sample's blocks and its share.
  let signs: [String]
  let rows: [Row]
  private(set) var columns: [Column] = []
  private(set) var blockWidths: [Double] = []
  private(set) var labelWidth = 0.0
  private(set) var shareWidth = 0.0
  /// Between the columns: room for a sign and, where a block begins right behind it, for the disc of its sample.
  private(set) var gap = plus
  /// Where the totals begin.
  private(set) var totalX = 0.0
  private(set) var width = 0.0
  /// Whether the shares of further samples have no room.
  private(set) var isCut = false

  static let size = 13.0
  static let blockGap = 14.0
  static let plus = 16.0
  private static let widestRule = 150.0

  init?(_ shares: SampleShares, _ context: FigureContext, width room: Double) {
    let notation = context.text.notation
    let format = notation.format
    var rows: [Row] = []
    // Where the products of the blocks are shares of the first row, they have its digits.
    var formatOfProducts: NumberFormat?
    for row in shares.rows {
      let terms = row.shares.map(\.amount) + [row.rest].compactMap { $0 }
      let sum = PrintedSum(terms.map { [$0] }, result: row.total, format: format)
      if shares.beginsWithProducts, formatOfProducts == nil { formatOfProducts = sum.format }
      let products = row.shares.map { share in
        share.factors.flatMap { factors in
          share.isUnchanged
            ? nil
            : PrintedSum([[factors.upstream, factors.local]], result: share.amount, format: sum.format)
        }
      }
      rows.append(
        Row(
          label: Self.flatPartial(row.parameter, notation),
          products: products.map { $0?.terms[0].factors.map(PrintedSum.bare) ?? [] },
          signs: products.map { $0?.relation.rawValue ?? "=" }, shares: row.shares.map { sum.format.text($0.amount) },
          rest: row.rest.map(sum.format.text), relation: sum.relation.rawValue, total: format.text(row.total)))
    }
    self.rows = rows
    let printed = shares.factors.enumerated().map { lane, way in
      let result = context.graph.nodes[shares.pivots[lane]].gradient?.first ?? .nan
      return PrintedSum([way.factors.map(\.value)], result: result, format: formatOfProducts ?? format)
    }
    signs = printed.map(\.relation.rawValue)
    blocks = zip(shares.factors, printed).map { way, sum in
      zip(way.factors, sum.terms[0].factors.map(PrintedSum.bare)).map { factor, number in
        let rule = factor.rule.map { notation.formula($0, size: Self.size) } ?? []
        return Block(
          fraction: notation.partial(factor.of, by: factor.by, size: Self.size),
          rule: Typesetter.extent(rule).width > Self.widestRule ? [] : rule, number: number)
      }
    }
    guard place(context.words, room) else { return nil }
  }

  /// `∂L/∂w₁` on one line.
  private static func flatPartial(_ node: Int, _ notation: Notation) -> [Inline] {
    let loss = notation.graph.loss.map { notation.name($0, size: size) } ?? []
    return [notation.text("∂", size: size)] + loss.map { .run($0) } + [notation.text("/∂", size: size)]
      + notation.name(node, size: size).map { .run($0) }
  }

  static func textWidth(_ text: String, isBold: Bool = false) -> Double {
    Figure.Run(text: text, size: size, isBold: isBold).width
  }

  /// Places the columns: with the blocks of all samples, with those of the first and the others' shares, or with
  /// those of the first alone; returns whether one of these fits.
  private mutating func place(_ words: Words, _ room: Double) -> Bool {
    blockWidths = (0..<blocks[0].count).map { place in
      blocks.map { lane in
        let block = lane[place]
        let widths = [Typesetter.extent(block.fraction), Typesetter.extent(block.rule)].map(\.width)
        return max(widths[0], widths[1], Self.textWidth(block.number, isBold: true)) + 18
      }.max() ?? 0
    }
    let labels =
      rows.map { Typesetter.extent($0.label).width + 8 }
      + [words.blockFormula, words.blockNumbers].map { Self.textWidth($0) }
    labelWidth = (labels.max() ?? 0) + 22
    shareWidth = (rows.flatMap(\.shares).map { Self.textWidth($0, isBold: true) }.max() ?? 0) + 12
    let products = rows.flatMap(\.products).filter { !$0.isEmpty }.map { parts in
      parts.map { Self.textWidth($0) + 8 }.reduce(Self.textWidth(" ×  ≈ ") + 6, +)
    }
    let blocksWidth = blockWidths.reduce(0, +) + Self.blockGap * Double(blockWidths.count - 1)
    let whole = max(blocksWidth, shareWidth + (products.max() ?? 0))
    let rest = rows.compactMap(\.rest).map { Self.textWidth($0) + Self.plus + 8 }.max() ?? 0
    let end = rest + 20 + (rows.map { Self.textWidth($0.total, isBold: true) }.max() ?? 0)
    let count = blocks.count
    func fits(_ columns: [Double]) -> Bool {
      labelWidth + columns.reduce(0, +) + gap * Double(columns.count - 1) + end <= room
    }
    gap = max(Self.plus, Figure.Disc.sampleSide + 4 - (whole - blocksWidth))
    var widths = [Double](repeating: whole, count: count)
    if !fits(widths) {
      gap = Self.plus
      widths = [whole] + [Double](repeating: shareWidth, count: count - 1)
    }
    if !fits(widths) {
      widths = [whole]
      isCut = true
    }
    guard isCut ? labelWidth + whole + Self.plus + 24 + end <= room : fits(widths) else { return false }
    var x = labelWidth
    for (lane, width) in widths.enumerated() {
      columns.append(Column(lane: lane, x: x, width: width, isWhole: width == whole))
      x += width + gap
    }
    totalX = x - gap + (isCut ? Self.plus + 24 : 0) + rest
    width = totalX + end - rest
    return true
  }
}
