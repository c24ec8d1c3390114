import GradvizGraph

/// The evaluation of the loss: its formula with numbers, then with the value of each term, each line correct
/// as printed.
struct LossNumbers {
  struct Side {
    /// The sign at the start of the line.
    var relation: Relation
    var items: [Inline]
  }

  /// Without lines that repeat another, or the result.
  private(set) var sides: [Side] = []
  /// The sign before the result.
  private(set) var relation: Relation

  init(_ context: FigureContext, formula: Formula, result: Double, size: Double) {
    let notation = context.text.notation
    var sum: PrintedSum?
    var parts: [(formula: Formula, shown: PrintedNumber)] = []
    let terms = formula.terms
    if terms.count > 1 {
      let values = terms.compactMap { $0.evaluate(in: context.graph) }
      if values.count == terms.count {
        let printed = PrintedSum(values.map { [$0] }, result: result, format: notation.format)
        parts = zip(terms, values).map { ($0, printed.format.printed($1)) }
        sum = printed
      }
    }
    let numbers = NumberFormula(context, definition: formula, result: result, parts: parts)
    var texts = [notation.format.text(result)]
    relation = numbers.relation
    func add(_ relation: Relation, _ items: [Inline]) -> Bool {
      guard !texts.contains(items.plainText) else { return false }
      texts.append(items.plainText)
      sides.append(Side(relation: relation, items: items))
      return true
    }
    _ = add(.equal, numbers.inline(size: size))
    guard let sum else { return }
    let items = sum.terms.flatMap { term -> [Inline] in
      [term.sign, term.text].filter { !$0.isEmpty }.map {
        notation.text($0, size: size, tint: term.isFinite ? .ink : .warning)
      }
    }
    if add(numbers.relation, items) { relation = sum.relation }
  }
}

extension [Inline] {
  /// The texts in order, without positions and styles.
  var plainText: String {
    map { item in
      switch item {
      case .run(let run): run.text
      case .fraction(let top, let bottom): "\(top.plainText)/\(bottom.plainText)"
      case .chip(let inner, _), .token(let inner, _), .pill(let inner): inner.plainText
      case .space, .dot: ""
      case .badge(let text): text
      }
    }.joined()
  }
}
