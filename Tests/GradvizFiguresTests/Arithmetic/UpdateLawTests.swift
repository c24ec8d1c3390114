import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

/// Each row of an update's table can be computed from its own numbers, by the rule above it.
@Suite("Updates as printed")
struct UpdateLawTests {
  static let optimizers = [
    "sgd(rate: 0.1)", "sgd(rate: 0.1, momentum: 0.9)", "sgd(rate: 0.1, momentum: 0.5, weight_decay: 0.01)",
    "sgd(rate: 0.07, momentum: 0.5, dampening: 0.3)", "nesterov(rate: 0.1)", "rmsprop(rate: 0.01)",
    "rmsprop(rate: 0.01, momentum: 0.9, weight_decay: 0.01)", "adagrad(rate: 0.1, lr_decay: 0.1)",
    "adam(rate: 0.1)", "adam(rate: 0.0123456789, weight_decay: 0.1)", "adamw(rate: 0.1, weight_decay: 0.3)",
  ]

  @Test(arguments: optimizers)
  func `the rule gives every step of a training`(optimizer: String) throws {
    let program = try Project.programText(
      """
      input x = [[0.5, -1.25], [2, 0.1], [-1, 0.7]]
      target y = [0.3, -0.9, 1]
      param w = [0.37, -1.2]
      param b = 0.123456
      predict p = tanh(x @ w + b)
      loss L = mean((p - y)**2)
      optimizer \(optimizer)
      steps 4
      """)
    let training = try ProgramTraining(program)
    for step in 0..<4 {
      training.prepareStep()
      for precision in [2, 4, 8] {
        let rows = try Self.check(training.graph(), precision, "\(optimizer), step \(step)")
        // Where all digits do not fit, w is drawn as an array with one row for its norm.
        #expect(rows == (precision == 4 ? 3 : rows) && rows > 1, "\(rows) rows of \(optimizer)")
      }
      _ = try training.next()
    }
  }

  @Test(arguments: Project.samples)
  func `of every sample`(sample: String) throws {
    let graph = try Project.graph(sample)
    try #require(graph.learningRate != nil)
    for precision in [1, 4, 12] { _ = try Self.check(graph, precision, sample) }
    // A graph in JSON draws the same table.
    let read = try ComputationGraph.decodeJSON(graph.encodeJSON())
    #expect(read == graph)
  }

  @Test func `of random programs`() throws {
    var rows = 0
    for (number, program) in Seeds.programs(default: 14, [.training, .scalar, .batch]).enumerated() {
      let graph = try Project.graph(program: program.source)
      guard graph.learningRate != nil else { continue }
      rows += try Self.check(graph, number % 12 + 1, "\(program)")
    }
    #expect(rows > Seeds.count(default: 14))
  }

  @Test(
    arguments: [(0.6, 1e-5), (0.6, 1e-9), (0.6, 1e-14), (123456, 1e-7), (0, 1e-30), (1.0 / 3, 1e-6)]
      as [(Double, Double)])
  func `before and after differ in print`(start: Double, step: Double) throws {
    for precision in [1, 3, 4, 12] {
      let graph = try Project.graph(program: "param a = \(start)\nloss L = a * \(step)\nrate 1")
      let text = try Self.update(graph, precision).texts.map(\.text).first { $0.contains("→") } ?? ""
      let sides = text.split(separator: " → ", maxSplits: 1).map(String.init)
      #expect(sides.count == 2 && sides[0] != sides[1], "\(text)")
      _ = try Self.check(graph, precision, "\(start) − \(step)")
    }
  }

  @Test func `what does not change is said not to`() throws {
    let graph = try Project.graph(program: "param a = 2\nparam b = 3\nloss L = relu(a - 5) + b\nrate 0.1")
    #expect(try Self.update(graph, 4).texts.contains { $0.text == "2 (unchanged)" })
  }

  // MARK: The law

  private static func update(_ graph: ComputationGraph, _ precision: Int) throws -> SVGDocument {
    let figures = try FigureSet(
      graph, options: .init(precision: precision, language: .english))
    return SVGDocument(try figures.figure(.update).svg())
  }

  /// Evaluates every row; returns the number of rows.
  static func check(_ graph: ComputationGraph, _ precision: Int, _ name: String) throws -> Int {
    let figures = try FigureSet(
      graph, options: .init(precision: precision, language: .english))
    let figure = try figures.figure(.update)
    let svg = try figure.svg()
    let lines = Self.plain(FormulaReader(svg: svg, id: figure.id).lines.map(\.text))
    var names: [String: Double] = [:]
    for line in lines where line.contains("lr =") || line.contains("t =") {
      for (word, pattern) in [("lr", /lr = (\S+)/), ("t", /(?:^| )t = (\S+)/)] {
        guard let text = line.firstMatch(of: pattern)?.1 else { continue }
        names[word] = PrintedText.value(String(text), precision: precision)?.value
      }
    }
    let rules = lines.filter { $0.contains("←") || $0.contains("̂ =") }
      // A comma without a space belongs to an index.
      .flatMap { $0.components(separatedBy: ", ") }
      // Plain descent's rule has the name of a parameter.
      .map { $0.replacing(/^\s*\S+ ← \S+ − lr( · ⟨∂.+⁄∂.+⟩.*|·g$)/, with: "w ← w − lr·g") }
    var count = 0
    for own in UpdateTableReader(SVGDocument(svg)).rows {
      let row = Dictionary(own.map { ($0.replacing("′", with: ""), $1) }) { first, _ in first }
      guard row["gradient"] != nil && row[""]?.contains("‖") == false else { continue }
      count += 1
      try check(row, rules, names, precision, "\(name), precision \(precision): \(row)")
    }
    return count
  }

  /// The rule in its own letters: a figure adds a prime, or takes another letter, where a value has the name.
  private static func plain(_ lines: [String]) -> [String] {
    let isOther = lines.contains { $0.contains("θ ←") }
    return lines.map {
      // What a line keeps is said behind it.
      let line = $0.replacing("′", with: "").replacing(
        /\s*(running mean of|momentum:|both corrected|sum of their|weight decay).*$/, with: "")
      return isOther ? line.replacing("θ", with: "w") : line
    }
  }

  private static func check(
    _ row: [String: String], _ rules: [String], _ given: [String: Double], _ precision: Int, _ place: String
  ) throws {
    func cell(_ heading: String) -> (value: PrintedText.Result, isAbout: Bool)? {
      guard let text = row[heading] else { return nil }
      let plain = text.replacing("≈ ", with: "").replacing(" (unchanged)", with: "")
      return PrintedText.value(plain, precision: precision).map { ($0, text.hasPrefix("≈")) }
    }
    #expect(row["before"] != nil && row["gradient"] != nil, "\(row.keys.sorted()) in \(place)")
    guard let before = cell("before"), let slope = cell("gradient") else { return }
    if let after = cell("after"), row["after"]?.contains("unchanged") == false {
      #expect(after.value.value != before.value.value || after.value.value.isNaN, "no change shows in \(place)")
    }
    var names = given
    names["w"] = before.value.value
    names["g"] = slope.value.value
    for term in ["m", "v", "s"] { names[term] = cell("\(term) before")?.value.value ?? 0 }
    func hold(_ result: Double, _ heading: String, _ size: Double) {
      guard let (shown, isAbout) = cell(heading), !isAbout else { return }
      #expect(
        ArithmeticLawTests.agree(result, shown.value, shown.halfUnit * (1 + 1e-6) + 1e-14 * size),
        "\(heading) is \(result) in \(place)")
    }
    for rule in rules {
      let sides = rule.split(separator: rule.contains("←") ? "←" : "=", maxSplits: 1).map(String.init)
      let name = sides[0].trimmingCharacters(in: .whitespaces)
      let isLater = sides[1].contains("(t > 1") && names["t"] == 1
      let formula = sides[1].split(separator: "(t > 1").first.map(String.init) ?? ""
      let result = PrintedText.value(formula, precision: precision, names: names)
      let value = try #require(result, "the rule \(rule) of \(place)")
      let root = cell("√\(name)")
      if name != "w", !isLater { hold(value.value, name, value.size) }
      if root != nil { hold(value.value.squareRoot(), "√\(name)", value.size) }
      names[name] =
        name == "w"
        ? value.value : cell(name)?.value.value ?? root.map { $0.value.value * $0.value.value } ?? value.value
    }
    let step = row.keys.first { $0.hasPrefix("step") } ?? "step"
    hold((names["w"] ?? .nan) - before.value.value, step, abs(before.value.value))
    if let shown = cell(step) { hold(before.value.value + shown.value.value, "after", abs(before.value.value)) }
  }
}
