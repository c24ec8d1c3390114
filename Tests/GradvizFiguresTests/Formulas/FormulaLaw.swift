import Autograd
import Foundation
import GradvizGraph
import GradvizKit

@testable import GradvizFigures

/// Checks the formulas in a figure: each is evaluated from its printed text, and must give the value and the
/// shape of its subject.
struct FormulaLaw {
  let graph: ComputationGraph
  let figure: Figure
  let reader: FormulaReader
  private(set) var failures: [String] = []
  /// The number of evaluated formulas.
  private(set) var count = 0
  private var formula: PrintedFormula
  /// The values with a line in the backward panel, and in the forward panel.
  private(set) var derived: Set<Int> = []
  private(set) var defined: Set<Int> = []

  /// The graph before it was folded, with the names of the boxes, and those of its values that have a line.
  let unfolded: ComputationGraph?
  private(set) var derivedInside: Set<Int> = []
  /// What a formula means that names values inside a box of several.
  private var whole: PrintedFormula?

  /// - Parameter whole: the graph before it was folded.
  init(_ figure: Figure, of graph: ComputationGraph, foldedFrom whole: ComputationGraph? = nil) throws {
    self.graph = graph
    let whole = whole?.withoutRounding().named(asIn: graph)
    unfolded = whole
    self.whole = whole.map { PrintedFormula($0) }
    self.figure = figure
    reader = FormulaReader(svg: try figure.svg(), id: figure.id)
    formula = PrintedFormula(graph)
    checkLines()
    // They are the same in all stages, and in all copies of a box.
    if figure.stage == (graph.loss == nil ? .forward : .backward) {
      for tooltip in Set(reader.tooltips).sorted() { check(tooltip: tooltip) }
      checkLabels()
    }
    checkBrackets()
  }

  private mutating func fail(_ words: String) { failures.append("\(figure.stage): \(words)") }

  // MARK: Lines and tooltips

  private enum Subject {
    case value(Int)
    case gradient(Int)
    /// Of a value in a box of several.
    case gradientInside(Int)
  }

  private func numbers(_ subject: Subject) -> (shape: [Int], numbers: [Double]) {
    switch subject {
    case .value(let node): (graph.nodes[node].shape, graph.nodes[node].value)
    case .gradient(let node): (graph.nodes[node].shape, graph.nodes[node].gradient ?? [])
    case .gradientInside(let node): (unfolded?.nodes[node].shape ?? [], unfolded?.nodes[node].gradient ?? [])
    }
  }

  private mutating func checkLines() {
    var subject: Subject?
    for line in reader.lines where !line.id.hasPrefix("update") && !line.text.hasPrefix("⚠") {
      var text = line.text
      var shape: String?
      if let range = text.range(of: #" +(shape|forme) [0-9×]+$"#, options: .regularExpression) {
        shape = text[range].split(separator: " ").last.map(String.init)
        text.removeSubrange(range)
      }
      var sides = PrintedFormula.split(text, at: " = ").flatMap { PrintedFormula.split($0, at: " ≈ ") }
      for sign in ["= ", "≈ "] where sides[0].hasPrefix(sign) {
        sides[0] = String(sides[0].dropFirst(2))
        sides.insert("", at: 0)
      }
      if let norm = sides[0].wholeMatch(of: /‖ *(.+?) *‖/), let inner = self.subject(String(norm.1)), sides.count == 2 {
        checkNorm(sides[1], of: inner, in: text)
        if case .gradient(let node) = inner { derived.insert(node) }
        continue
      }
      if !sides[0].isEmpty { subject = self.subject(sides[0]) }
      guard let subject else {
        fail("`\(text)` is about nothing")
        continue
      }
      for side in sides.dropFirst() { check(side, is: subject, in: text) }
      let isBackward = line.id.hasPrefix("backward")
      for side in sides {
        switch self.subject(side) {
        case .gradient(let node) where isBackward: derived.insert(node)
        case .gradientInside(let node) where isBackward && side == sides[0]: derivedInside.insert(node)
        case .value(let node) where !isBackward && side == sides[0]: defined.insert(node)
        default: break
        }
      }
      if let shape, shape != Shapes.text(numbers(subject).shape) { fail("`\(line.text)`: the shape") }
    }
  }

  private func subject(_ text: String) -> Subject? {
    var formula = formula
    if let node = formula.partial(text) { return .gradient(node) }
    if let node = formula.node(text.trimmingCharacters(in: .whitespaces)) { return .value(node) }
    var whole = whole
    return whole?.partial(text).map { .gradientInside($0) }
  }

  private mutating func checkNorm(_ side: String, of subject: Subject, in text: String) {
    let norm = numbers(subject).numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard let shown = PrintedText.value(side, precision: graph.presentation.precision ?? 4) else { return fail(text) }
    if (shown.value - norm).magnitude > shown.halfUnit + 1e-9 * norm { fail("`\(text)` is \(norm)") }
  }

  /// - Parameter side: a formula, or numbers, whose arithmetic another law checks.
  private mutating func check(_ side: String, is subject: Subject, in text: String) {
    let expected = numbers(subject)
    if side.contains("…") || side.contains("shares") || side.contains("parts") { return }
    do {
      let (value, hasNames) = try value(side)
      guard hasNames else {
        let isOne = expected.numbers.count == 1
        if isOne, side.firstMatch(of: /^ *−?[0-9.×⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+ *$/) != nil,
          !isNear(value.numbers[0], expected.numbers[0], side)
        {
          fail("`\(text)`: \(side) is \(value.numbers), not \(expected.numbers)")
        }
        return
      }
      count += 1
      if value.shape != expected.shape {
        fail("`\(text)`: \(side) has the shape \(value.shape), not \(expected.shape)")
      } else if !value.agrees(with: expected.numbers) {
        fail("`\(text)`: \(side) is \(value.numbers), not \(expected.numbers)")
      }
    } catch {
      fail("`\(text)`: \(error)")
    }
  }

  private mutating func value(_ side: String) throws -> (PrintedArray, hasNames: Bool) {
    do { return (try formula.value(side), formula.hasNames) } catch {
      guard var whole else { throw error }
      return (try whole.value(side), whole.hasNames)
    }
  }

  /// Within the rounding of one digit.
  private func isNear(_ a: Double, _ b: Double, _ text: String = "") -> Bool {
    guard a.isFinite, b.isFinite else { return true }
    let halfUnit = PrintedText.value(text, precision: graph.presentation.precision ?? 4)?.halfUnit ?? 0
    let allowed: Double = max(0.1 * b.magnitude + 1e-3, halfUnit)
    return (a - b).magnitude <= allowed
  }

  private mutating func check(tooltip: String) {
    for part in tooltip.components(separatedBy: "; ") {
      let sides = PrintedFormula.split(part, at: " = ")
      guard sides.count > 2, let subject = subject(sides[0]) else { continue }
      for side in sides.dropFirst().dropLast() { check(side, is: subject, in: part) }
    }
  }

  // MARK: Arrows and boxes

  /// The place of a value by its element's id; the drawn graph of a folded figure has these ids already.
  private var places: [String: Int] {
    let drawn = graph.folding == nil ? graph.withElementIDs() : graph
    return Dictionary(uniqueKeysWithValues: drawn.nodes.enumerated().map { ($1.id, $0) })
  }

  /// The value and the operation that an arrow joins, by its id.
  private var edges: [String: (operand: Int, user: Int)] {
    var edges: [String: (operand: Int, user: Int)] = [:]
    let places = places
    func node(_ id: Substring) -> Int? {
      let id = id.trimmingCharacters(in: ["\""])
      let ids = [id, id.hasSuffix("_operation") ? String(id.dropLast("_operation".count)) : id]
      for own in ids { if let found = places[own] { return found } }
      // A copy of a value's box has its position after the value's id.
      return ids.lazy.compactMap { own in
        own.range(of: "__", options: .backwards).flatMap { places[String(own[..<$0.lowerBound])] }
      }.first
    }
    let pattern = /^\s*(\S+) -> (\S+) \[.*id="(edge-[^"]*-[0-9]+)"/
    for line in figure.dot.text.split(separator: "\n") {
      guard let match = line.firstMatch(of: pattern), let operand = node(match.1), let user = node(match.2)
      else { continue }
      edges[String(match.3)] = (operand, user)
    }
    return edges
  }

  private mutating func checkLabels() {
    let edges = edges
    var sums: [Int: (total: PrintedArray?, uses: Int)] = [:]
    var unclear: Set<Int> = []
    defer { formula.lane = nil }
    for (edge, text) in reader.labels {
      guard let (operand, user) = edges[edge] else {
        fail("nothing has the label \(text) of \(edge)")
        continue
      }
      formula.lane = graph.nodes[user].lane ?? graph.nodes[operand].lane
      if graph.level == .scalar || graph.nodes[user].localDerivatives != nil {
        check(label: text, user: user, operand: operand)
        continue
      }
      guard graph.nodes[user].gradient != nil else { continue }
      if text.hasSuffix("′"), text.hasPrefix("×") {
        unclear.insert(operand)
        continue
      }
      do {
        let node = graph.nodes[user]
        let upstream = PrintedArray(shape: node.shape, numbers: node.gradient ?? [])
        let passed = try formula.passed(text, upstream, through: user, from: operand)
        count += 1
        guard let share = passed.spread(to: graph.nodes[operand].shape) else {
          fail("the label \(text) gives the shape \(passed.shape) at `\(graph.nodes[operand].name)`")
          continue
        }
        let before = sums[operand]?.total
        sums[operand] = (before.map { PrintedArray.zip2($0, share, +) } ?? share, (sums[operand]?.uses ?? 0) + 1)
      } catch {
        fail("the label \(text): \(error)")
      }
    }
    for (operand, sum) in sums where !unclear.contains(operand) && !graph.nodes[operand].hidesUses {
      let uses = graph.nodes.reduce(0) { count, node in
        let passes = node.gradient != nil && node.operation?.hasNoBackwardPass != true && !node.hidesOperands
        return count + (passes ? node.operands.count { $0 == operand } : 0)
      }
      guard let total = sum.total, sum.uses == uses else { continue }
      if !total.agrees(with: graph.nodes[operand].gradient ?? []) {
        fail("the labels on the arrows to `\(graph.nodes[operand].name)` give \(total.numbers)")
      }
    }
  }

  /// `w = 2`: of one number.
  private mutating func check(label: String, user: Int, operand: Int) {
    let sides = PrintedFormula.split(label, at: " = ")
    let local = graph.nodes[user].operands.indices.filter { graph.nodes[user].operands[$0] == operand }
      .compactMap { graph.nodes[user].localDerivatives?[$0] }
    guard let value = try? formula.value(String(sides[0])) else {
      // A rule that has no room is named: `log′ = 0.5`.
      let isNamed = sides[0].hasSuffix("′") || Self.otherFactors.contains(String(sides[0]))
      guard sides.count == 2, isNamed, let number = try? formula.value(String(sides[1])).numbers.first else {
        return fail("the label \(label)")
      }
      count += 1
      if !local.contains(where: { isNear(number, $0, String(sides[1])) }) { fail("the label \(label), not \(local)") }
      return
    }
    count += 1
    let isExact = formula.hasNames
    let holds = local.contains { isExact ? value.agrees(with: [$0]) : isNear(value.numbers[0], $0, String(sides[0])) }
    if !holds { fail("the label \(label) is \(value.numbers), not \(local)") }
  }

  private static let otherFactors = [Words(.english).otherFactor, Words(.french).otherFactor]

  /// Such as `[f·b = −0.84]`.
  private mutating func checkBrackets() {
    let places = places
    var named: Set<String> = []
    for (box, text) in reader.brackets {
      guard let node = places[box], text.hasSuffix("]"),
        graph.nodes[node].gradient != nil
      else { continue }
      // The first may be a part of the name, where `w[0]` stands beside `w1`.
      if graph.nodes[node].name.hasSuffix(text), named.insert(box).inserted { continue }
      let inner = String(text.dropFirst().dropLast())
      let gradient = graph.nodes[node].gradient ?? []
      if gradient.count > 1, let numbers = Self.numbers(inner) {
        count += 1
        // One number stands for many that are alike.
        let all = numbers.count == 1 ? Array(repeating: numbers[0], count: gradient.count) : numbers
        let holds = all.count == gradient.count && zip(all, gradient).allSatisfy { isNear($0, $1) }
        if !holds { fail("\(graph.nodes[node].name): \(text) is \(gradient)") }
        continue
      }
      for side in PrintedFormula.split(inner, at: " = ") where !side.contains("…") {
        check(side, is: .gradient(node), in: "\(graph.nodes[node].name): \(text)")
      }
    }
  }

  /// `0, −0.33`: the numbers of a list.
  private static func numbers(_ text: String) -> [Double]? {
    let parts = text.split(separator: ", ", omittingEmptySubsequences: false)
    let numbers = parts.compactMap {
      PrintedText.value(String($0), precision: 4).flatMap { $0.isNumber ? $0.value : nil }
    }
    return numbers.count == parts.count ? numbers : nil
  }
}
