import Autograd
import GradvizGraph

/// A line of the backward panel: `∂L/∂w₂ = ∂L/∂n₂·x₂ = 0.42 × (−2) = −0.84`.
struct ChainRuleLine {
  let context: FigureContext
  let isBrief: Bool
  /// Whether there are so many lines that each shows only its number.
  let isCrowded: Bool
  /// Whether all shares are listed, however many there are.
  let isWhole: Bool

  init(_ context: FigureContext, isBrief: Bool, isCrowded: Bool, isWhole: Bool = false) {
    self.context = context
    self.isBrief = isBrief
    self.isCrowded = isCrowded
    self.isWhole = isWhole
  }

  private typealias Use = (user: Int, position: Int)

  var graph: ComputationGraph { context.graph }
  var notation: Notation { context.text.notation }
  let size = PanelContent.size
  /// More shares than this are counted instead of listed.
  private static let maxShares = 12
  private static let maxProducts = 4

  func line(_ entry: ChainRulePlan.Entry) -> PanelContent.Line {
    if let member = entry.member, let line = line(ofMember: member, in: entry.nodes[0]) { return line }
    if let norm = norm(entry) { return norm }
    var parts: [[Inline]] = []
    for (number, node) in entry.nodes.enumerated() {
      parts.append((number == 0 ? [] : [text(" = ")]) + [target(node)])
    }
    let node = entry.nodes[0]
    let source = entry.source == graph.loss ? nil : entry.source
    if let source { parts.append([text(" = "), partial(source)]) }
    if graph.level == .tensor {
      parts += array(node, isPassedOn: source != nil)
    } else {
      let derivation =
        entry.source == nil && !graph.nodes[node].hidesUses ? derivation(node) : (parts: [], relation: .equal)
      parts += derivation.parts
      parts.append(result(node, derivation.relation, of: entry.nodes))
      if entry.source != nil, !isBrief { parts.append([.space(10), .dot]) }
    }
    let whole = source == nil ? wholeFormula(node) : nil
    let remark = whole.map { context.text.insideBoxes($0.formula, size: size - 1) } ?? []
    return .init(
      parts: parts, badge: badge(entry.nodes), law: law(entry), remark: remark, indent: 24, isFree: true)
  }

  /// `n₄ = n₃ + b`: the operation that the gradient comes through.
  private func law(_ entry: ChainRulePlan.Entry) -> [Inline] {
    guard graph.level == .scalar, !isBrief, !isCrowded else { return [] }
    let uses = context.uses[entry.nodes[0]].filter { graph.passesBack(user: $0.user, position: $0.position) }
    guard uses.count == 1, let user = uses.first?.user, !graph.nodes[user].hidesOperands,
      graph.nodes[user].operation != nil
    else { return [] }
    let formula = notation.symbolic.definition(of: user, inlining: false)
    let law =
      notation.name(user, size: size).map { Inline.run($0) } + [text(" = ")] + notation.formula(formula, size: size)
    return Typesetter.extent(law).width > Self.widestLaw ? [] : law
  }

  private static let widestLaw = 170.0

  /// ∂L/∂x in the tint of the box it belongs to.
  func target(_ node: Int) -> Inline {
    let tint = graph.nodes[node].role.tint
    return isBrief || tint == .plain ? partial(node) : .token([partial(node)], tint)
  }

  func text(_ words: String, tint: Tint = .ink, isBold: Bool = false) -> Inline {
    notation.text(words, size: size, tint: tint, isBold: isBold)
  }

  func partial(_ node: Int) -> Inline {
    notation.partial(graph.loss ?? node, by: node, size: size)
  }

  func badge(_ nodes: [Int]) -> [Inline] {
    guard !isBrief, let marks = context.marks.text(nodes) else { return [] }
    return [.badge(marks), .space(8)]
  }

  /// - Parameter nodes: all values of the line: where one's gradient is left out, so is what they have together.
  func result(_ node: Int, _ relation: Relation = .equal, of nodes: [Int]) -> [Inline] {
    let value = graph.nodes[node]
    let formats = nodes.map { notation.format(ofGradient: $0) }
    if value.fold != nil, let range = context.text.gradient(node)?.plain.dropFirst().dropLast() {
      return [text(" = "), text(String(range), tint: .gradientInk, isBold: true)]
    }
    return [
      text(" \(context.sign(relation, ofGradient: node)) "),
      notation.number(
        value.gradient?.first ?? .nan, size: size, tint: .gradientInk, isBold: true,
        format: formats.first(where: \.isHidden) ?? formats[0]),
    ]
  }

  // MARK: Numbers

  /// The rule with names, with the requested formula, and with numbers.
  private func derivation(_ node: Int) -> (parts: [[Inline]], relation: Relation) {
    let uses = context.uses[node].filter { graph.passesBack(user: $0.user, position: $0.position) }
    guard !uses.isEmpty else { return ([], .equal) }
    let isShared = uses.count > (graph.laneCount > 1 ? 1 : 3)
    if !isCrowded, !isBrief, uses.count == 1, let single = single(uses[0], of: node) { return single }
    let names = isCrowded ? [] : rule(node, uses, isShared: isShared)
    let numbers =
      isShared || isBrief
      ? shares(uses, of: node) : isCrowded ? (parts: [], relation: .equal) : products(uses, of: node)
    return (names + numbers.parts, numbers.relation)
  }

  /// `= ∂L/∂n₁·x₁ = 0.42 × (−2)` of a value with one use: the gradient of its user as in its box, the local
  /// derivative as on the wire; nil where the rule has no name.
  private func single(_ use: Use, of node: Int) -> (parts: [[Inline]], relation: Relation)? {
    let rule = notation.symbolic.localDerivative(of: use.user, operand: use.position)
    if case .number = rule { return nil }
    guard let local = graph.nodes[use.user].localDerivatives?[use.position],
      let upstream = graph.nodes[use.user].gradient?.first, let gradient = graph.nodes[node].gradient?.first
    else { return nil }
    var parts: [[Inline]]
    var relation = Relation.equal
    let written = written(node, besides: notation.symbolic.term(user: use.user, position: use.position))
    if use.user == graph.loss {
      parts = [[text(" = "), .pill(notation.formula(rule, size: size))]] + written
      if case .value = rule {
      } else {
        let numbers = NumberFormula(context, definition: rule, result: gradient)
        // A mean's 1/3 has no names.
        if numbers.inline(size: size).plainText != notation.formula(rule, size: size).plainText {
          parts.append([text(" = ")] + numbers.inline(size: size))
        }
        relation = numbers.relation
      }
    } else {
      let named = notation.formula(.product([.gradient(of: use.user), rule]), size: size)
      let factors = named.drop { [$0].plainText != "·" }.dropFirst()
      guard !factors.isEmpty else { return nil }
      parts = [[text(" = "), partial(use.user), text(" · "), .pill(Array(factors))]] + written
      let sum = PrintedSum([[upstream, local]], result: gradient, format: notation.format)
      parts.append([text(" = ")] + product(sum.terms[0]))
      relation = sum.relation
    }
    return (parts, relation)
  }

  /// A product of a gradient and a local derivative, each as in the picture.
  private func product(_ term: PrintedSum.Term) -> [Inline] {
    guard term.isFinite, term.factors.count == 2, !isBrief else {
      return [text(term.text, tint: term.isFinite ? .ink : .warning)]
    }
    return [
      .token([text(term.factors[0])], .backwardRow), text(term.cross), .pill([text(PrintedSum.bare(term.factors[1]))]),
    ]
  }

  /// `= ∂L/∂n₁·x₁ + ∂L/∂n₂·x₂`, each term in the tint of its sample, written out on request.
  private func rule(_ node: Int, _ uses: [Use], isShared: Bool) -> [[Inline]] {
    var parts: [[Inline]] = []
    let terms = uses.compactMap { notation.symbolic.term(user: $0.user, position: $0.position) }
    let whole = Formula.sum(terms)
    if terms.count == uses.count, isWhole || terms.count <= Self.maxProducts {
      if isShared {
        for (number, (term, use)) in zip(terms, uses).enumerated() {
          let isSubtracted = number > 0 && term.isNegative
          let items = notation.formula(isSubtracted ? .negative(term) : term, size: size)
          parts.append([
            text(number == 0 ? " = " : isSubtracted ? " − " : " + "),
            graph.nodes[use.user].lane.map { .chip(items, context.laneChip($0)) } ?? .chip(items, .panel),
          ])
        }
      } else {
        parts += equation(terms.count == 1 ? terms[0] : whole, notation)
      }
    }
    return parts + written(node, besides: parts.isEmpty ? nil : whole)
  }

  /// The gradient's formula, where it is asked for and says more than the term before.
  private func written(_ node: Int, besides term: Formula?) -> [[Inline]] {
    guard context.text.gradients != .numeric, let formula = notation.symbolic.gradient(of: node),
      formula != .gradient(of: node),
      notation.formula(formula, size: size).plainText != term.map({ notation.formula($0, size: size).plainText })
    else { return [] }
    return equation(formula, notation)
  }

  func equation(_ formula: Formula, _ notation: Notation) -> [[Inline]] {
    // A plain number is the result, which follows anyway.
    if case .number = formula { return [] }
    var parts = Typesetter.breakable(notation.formula(formula, size: size))
    parts[0].insert(text(" = "), at: 0)
    return parts
  }

  /// `= 0.42 × (−2) + 0.1 × 3`, correct as printed.
  private func products(_ uses: [Use], of node: Int) -> (parts: [[Inline]], relation: Relation) {
    let products = uses.compactMap { use -> [Double]? in
      guard let local = graph.nodes[use.user].localDerivatives?[use.position],
        let upstream = graph.nodes[use.user].gradient?.first
      else { return nil }
      if use.user == graph.loss { return [local] }
      return switch notation.symbolic.localDerivative(of: use.user, operand: use.position) {
      case .number(1): [upstream]
      case .number(-1): [-upstream]
      default: [upstream, local]
      }
    }
    guard products.count == uses.count, products.count > 1 || products[0].count > 1 else { return ([], .equal) }
    let sum = PrintedSum(products, result: graph.nodes[node].gradient?.first ?? .nan, format: notation.format)
    return (
      sum.terms.enumerated().map { number, term in
        [text(number == 0 ? " = " : term.sign)] + product(term)
      }, sum.relation
    )
  }

  /// `= 0.2 + 0.04 − 0.2`, each share in the tint of its sample.
  private func shares(_ uses: [Use], of node: Int) -> (parts: [[Inline]], relation: Relation) {
    let terms = uses.compactMap { use in
      graph.contribution(user: use.user, position: use.position).map {
        (amount: $0, lane: graph.nodes[use.user].lane)
      }
    }
    guard terms.count > 1 else { return ([], .equal) }
    guard isWhole || terms.count <= Self.maxShares else {
      return ([[text(" = "), text(context.words.sumOfShares(terms.count), tint: .muted)]], .equal)
    }
    let sum = PrintedSum(
      terms.map { [$0.amount] }, result: graph.nodes[node].gradient?.first ?? .nan, format: notation.format)
    let parts = zip(terms, sum.terms).enumerated().map { number, both -> [Inline] in
      let (term, printed) = both
      let run = notation.text(
        printed.text, size: size,
        tint: printed.isFinite ? term.lane.map(context.laneInk) ?? .ink : .warning, isBold: true)
      return [
        text(number == 0 ? " = " : printed.sign), term.lane.map { .chip([run], context.laneChip($0)) } ?? run,
      ]
    }
    return (parts, sum.relation)
  }
}
