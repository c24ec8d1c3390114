import Autograd
import Foundation
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

@Suite("Numbers in figures")
struct NumbersInFiguresTests {
  private func document(_ graph: ComputationGraph, _ stage: Stage, _ options: FigureOptions = .init()) throws
    -> SVGDocument
  {
    SVGDocument(try FigureSet(graph, options: options).figure(stage).svg())
  }

  private func box(_ document: SVGDocument, _ id: String) -> [SVGDocument.Element] {
    document.texts.filter { $0.groups.last?.id.hasSuffix("-\(id)") == true }
  }

  // MARK: Infinite, and almost 0

  @Test func `an infinite gradient is red, and warned of`() throws {
    let graph = try Project.graph(program: "param v = 0\nq = -log(v)\nloss L = q + 1\nrate 0.1")
    let backward = try document(graph, .backward)
    let red = Palette.entry(.warning).light.hex
    let gradient = try #require(box(backward, "v").first { $0.text == "[−∞]" })
    #expect(gradient.attributes["fill"] == red)
    #expect(backward.texts.contains { $0.text == "⚠ ∂L/∂v is −∞" })
    #expect(box(backward, "L").contains { $0.text == "∞" })
    let table = UpdateTableReader(try document(graph, .update)).rows
    #expect(table.first?["gradient"] == "−∞" && table.first?["after"] == "∞")
    let french = try document(graph, .overview, .init(language: .french))
    #expect(french.texts.contains { $0.text == "⚠ ∂L/∂v vaut −∞" })
  }

  @Test func `draw warns on the terminal, and draws`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("param v = 800\nq = exp(v)\nloss L = q + 1\nrate 0.1\n", to: "a.grad")
    let result = try ProcessResult(Project.gradviz, ["draw", path, "--stage", "backward", "-o", "-"])
    #expect(result.status == 0)
    #expect(result.errors.contains("a.grad: warning: ∂L/∂v is ∞\n"))
    // A graph in JSON has no source lines to point at: its values are named as well.
    let data = try ProcessResult(Project.gradviz, ["draw", path, "-T", "json", "-o", "-"]).output
    let json = folder.file("a.json")
    try data.write(to: json)
    let drawn = try ProcessResult(Project.gradviz, ["draw", json.path, "--stage", "update", "-o", "-"])
    #expect(drawn.status == 0)
    #expect(drawn.errors.contains("warning: q = exp(v) is ∞\n"))
  }

  @Test func `train and document warn of what draw warns of`() throws {
    let folder = try TemporaryFolder()
    let program = "input z = 0\nparam y = 4\ns = sqrt(z)\nloss L = s * y + y\nrate 0.1\nsteps 2\n"
    _ = try folder.write(program, to: "a.grad")
    _ = try folder.write("```grad\n\(program)```\n", to: "a.md")
    for arguments in [
      ["draw", "a.grad", "--stage", "backward", "-o", "-"], ["train", "a.grad", "-o", "out"], ["document", "a.md"],
    ] {
      let result = try ProcessResult(Project.gradviz, arguments, in: folder.url)
      #expect(result.status == 0 && result.errors.contains("warning: ∂L/∂z is ∞"), "\(arguments): \(result.errors)")
    }
  }

  @Test(arguments: [
    ("param w = 0.5\nbig = 1e15\nn = big + w\nm = n - big\nloss L = m * m", "m", "0.5"),
    ("param x = 18\ny = tanh(x)\nd = y - 1\nloss L = d**2", "d", "−4.441×10⁻¹⁶"),
    ("param a = 1e16\nd = a + 2 - 1e16\nloss L = d * a", "d", "2"),
    // A rounding error that shows elsewhere is kept.
    ("param a = 0.1\nd = a + 0.2 - 0.3\nloss L = log(d)", "d", "5.551×10⁻¹⁷"),
    ("param a = 0.1\nd = a + 0.2 - 0.3\nloss L = d**2", "d", "0"),
    ("param a = 0.1\nparam b = 3\nd = (a * b - 0.3) * 7\nloss L = d + a", "d", "0"),
  ])
  func `what is not 0 is not shown as 0 where it shows`(program: String, name: String, value: String) throws {
    let shown = try document(Project.graph(program: program), .forward)
    #expect(box(shown, name).map(\.text).contains(value), "\(box(shown, name).map(\.text))")
  }

  @Test func `a gradient that is only rounding is 0`() throws {
    let graph = try Project.graph(
      program: "param a = 0.7\nx = tanh(a)\nloss L = x * 0.1 + x * 0.2 - x * 0.3 + a * 0\nrate 0.1")
    let node = try #require(graph.nodes.first { $0.name == "x" })
    let shown = box(try document(graph, .backward), "x").map(\.text)
    #expect(node.gradient?.first == 0 || shown.contains("[0]"), "\(shown)")
    // What the maximum adds to a softmax cancels out.
    let softmax = try Project.graph(program: "param z = [0.1, 1, 2]\np = softmax(z)\nloss L = -log(p[1])\nrate 0.5")
    let maximum = try #require(softmax.nodes.first { $0.operation == .maximumReduction })
    #expect(maximum.gradient != [0])
    #expect(box(try document(softmax, .backward), maximum.id).contains { $0.text == "[0]" })
  }

  // MARK: Whole and rounded

  @Test func `a change shows in digits that are not zeros`() throws {
    let graph = try Project.graph(
      program: "param a = 20164\nparam b = 999999999\nloss L = -b * a * 1000 + a\nrate 1e-15")
    let rows = UpdateTableReader(try document(graph, .update)).rows
    #expect(rows.first { $0[""] == "a" }?["after"] == "20164.001", "\(rows)")
    #expect(box(try document(graph, .update), "a").contains { $0.text == "20164 → 20164.001" })
    let loss = try FigureSet(Project.graph(program: "param a = 0.02\nloss L = a * 1\nrate 1e-6")).figure(.update)
    let lines = FormulaReader(svg: try loss.svg(), id: loss.id).lines.map { $0.text.replacing(" ", with: "") }
    #expect(lines.contains { $0.contains("L:0.02→0.019999") }, "\(lines)")
  }

  @Test func `a divisor with a power of ten is in parentheses`() throws {
    let graph = try Project.graph(program: "param a = 2\nparam b = 3e-15\nloss L = a / b + a**2 + a * b")
    for stage in [Stage.forward, .loss] {
      let texts = try document(graph, stage).texts.map(\.text).joined().replacing(" ", with: "")
      #expect(texts.contains("2/(3×10⁻¹⁵)"), "\(texts)")
    }
  }

  @Test func `a share that is subtracted has one sign`() throws {
    let graph = try Project.graph(program: "param a = 2\nloss L = a * a + a * (3 - a)")
    let figure = try FigureSet(graph).figure(.backward)
    let lines = FormulaReader(svg: try figure.svg(), id: figure.id).lines.map { $0.text.replacing(" ", with: "") }
    #expect(lines.contains { $0.hasPrefix("⟨∂L⁄∂a⟩") && $0.contains("−⟨∂L⁄∂") }, "\(lines)")
    #expect(!lines.contains { $0.contains("+−") }, "\(lines)")
  }

  @Test func `columns and rows of the training data are counted where they are left out`() throws {
    for (language, columns, rows) in [("en", "… 5 more", "… 3 more"), ("fr", "… encore 5", "… encore 3")] {
      let data = (0..<9).map { row in "[" + (0..<9).map { "\($0 + row)" }.joined(separator: ", ") + "]" }
      let graph = try Project.graph(
        program:
          "lang \(language)\nlevel tensor\ninput x = [\(data.joined(separator: ", "))]\nparam w = 2\nloss L = sum(x * w)\nrate 0.1"
      )
      let texts = try document(graph, .overview).texts.map(\.text)
      #expect(texts.contains(columns) && texts.contains(rows) && !texts.contains("…"), "\(texts)")
    }
  }

  @Test func `the rule is that of a parameter, or says what w is`() throws {
    for (program, rule, meaning) in [
      ("param a = 2\nloss L = a * a\nrate 0.1", "a ← a − lr ·", nil),
      ("param a = 2\nparam w = 1\nloss L = a * w\nrate 0.1", "a ← a − lr ·", "likewise for each parameter"),
      (
        "lang fr\nparam c = 0\nparam b = 1\nloss L = 3 * b * b + 0 * c\nrate 0.1", "b ← b − lr ·",
        "de même pour chaque paramètre"
      ),
      ("param a = 2\nloss L = a * a\noptimizer adam(rate: 0.1)", "g =", "w: a"),
      ("param a = 2\nparam b = 2\nloss L = a * b\noptimizer adam(rate: 0.1)", "g =", "w: each parameter"),
      ("param a = 2\nparam w = 1\nloss L = a * w\noptimizer adam(rate: 0.1)", "g =", "θ: each parameter"),
    ] {
      for stage in [Stage.update, .overview] {
        let figure = try FigureSet(Project.graph(program: program)).figure(stage)
        let lines = FormulaReader(svg: try figure.svg(), id: figure.id).lines.filter { $0.id.hasPrefix("update") }.map(
          \.text)
        let first = try #require(lines.first).replacing(" ", with: "")
        #expect(first.hasPrefix(rule.replacing(" ", with: "")), "\(first)")
        #expect(meaning.map { first.hasSuffix($0.replacing(" ", with: "")) } ?? true, "\(first)")
      }
    }
  }

  @Test func `the update says whether the loss is better, and that the rate is the default`() throws {
    func text(_ program: String) throws -> String {
      try document(Project.graph(program: program), .update).texts.map(\.text).joined(separator: " ")
    }
    #expect(try text("param a = 2\nloss L = a * a\nrate 0.1").contains("better by 1.44"))
    #expect(try text("param a = 2\nloss L = a * a\nrate 1.1").contains("worse by 1.76"))
    #expect(try text("param a = 2\nloss L = a * a").contains("(default)"))
    #expect(try !text("param a = 2\nloss L = a * a\nrate 0.01").contains("(default)"))
    #expect(try text("lang fr\nparam a = 2\nloss L = a * a").contains("(par défaut)"))
  }

  @Test func `whole numbers are whole`() throws {
    let graph = try Project.graph(
      program: "param w = 142\ninput x = 142\nloss L = (w - 2*x)**2 + 0.25\nrate 0.00001")
    let figures = try FigureSet(graph)
    let loss = try figures.figure(.loss)
    let lines = FormulaReader(svg: try loss.svg(), id: loss.id).lines.map(\.text)
    #expect(lines.contains { $0.contains("20164 + 0.25") }, "\(lines)")
  }

  @Test func `a negative number at the beginning has no parentheses, powers of ten a dot`() throws {
    func lines(_ program: String) throws -> String {
      let figure = try FigureSet(Project.graph(program: program)).figure(.loss)
      return FormulaReader(svg: try figure.svg(), id: figure.id).lines.map(\.text).joined(separator: "\n")
        .replacing(" ", with: "")
    }
    let squares = try lines("param a = -0.75\nparam b = -1\nloss L = (a - b)**2 + max(a, b)")
    #expect(squares.contains("(−0.75−(−1))^{2}+max(−0.75,−1)"), "\(squares)")
    #expect(try lines("param a = 1e-9\nparam b = 1e15\nloss L = a * b").contains("10⁻⁹·10¹⁵"))
  }

  @Test func `a loss over a few entries is worked out`() throws {
    let figure = try FigureSet(Project.graph("mlp")).figure(.loss)
    let lines = FormulaReader(svg: try figure.svg(), id: figure.id).lines.map { $0.text.replacing(" ", with: "") }
    #expect(lines.contains { $0.contains("(0.0749−1)^{2}+(0.0631−(−1))^{2}") }, "\(lines)")
    #expect(lines.contains { $0.contains("0.856+1.13+") }, "\(lines)")
  }

  @Test func `no line says the same twice`() throws {
    for program in ["param a = 2\nparam b = -4\nloss L = a * b", "param a = 0\nb = log(a)\nc = a / a\nloss L = b + c"] {
      let figure = try FigureSet(Project.graph(program: program)).figure(.loss)
      let sides = FormulaReader(svg: try figure.svg(), id: figure.id).lines.map(\.text)
        .filter { !$0.hasPrefix("⚠") }.map { $0.replacing(/^[=≈ ]+/, with: "") }
      #expect(Set(sides).count == sides.count, "\(sides)")
    }
  }

  // MARK: Arrays

  @Test(arguments: ["houses", "mlp", "moons", "iris", "xor", "attention"])
  func `no shape stands where a value or a gradient should`(sample: String) throws {
    let graph = try Project.graph(sample)
    for stage in [Stage.forward, .backward] {
      let shown = try document(graph, stage)
      // The forward pass has not come to the loss yet.
      let later = stage == .forward ? graph.lossMembers : []
      for (index, node) in graph.nodes.enumerated() where !node.shape.isEmpty {
        let texts = box(shown, node.id).map(\.text)
        guard !texts.isEmpty else { continue }
        let size = node.shape.map(String.init).joined(separator: "×")
        let label = node.shape.count == 1 ? "(\(size))" : size
        #expect(texts.count { $0 == label } == 1, "\(node.name) in \(sample): \(texts)")
        #expect(!texts.contains("[\(size)]"), "\(node.name) in \(sample)")
        let cells = heat(shown, node.id)
        let isBlank = later.contains(index) || !node.value.contains { $0 != 0 }
        #expect(!cells.isEmpty || texts.count > 2 || isBlank, "\(node.name): \(texts)")
      }
    }
  }

  /// The levels of a box's heat cells, row by row.
  private func heat(_ document: SVGDocument, _ id: String) -> [[String]] {
    var rows: [Double: [(x: Double, level: String)]] = [:]
    for element in document.elements where element.groups.last?.id.hasSuffix("-\(id)") == true {
      for cell in element.heatCells { rows[cell.y, default: []].append((cell.x, cell.level)) }
    }
    return rows.keys.sorted().map { y in
      (rows[y] ?? []).sorted { $0.x < $1.x }.map(\.level)
    }
  }

  @Test(arguments: [5, 16, 18, 33, 64])
  func `a heat map has a cell for each number, and none is a mean`(rows: Int) throws {
    // One-hot rows: a mean of two would be a half.
    func oneHot(_ row: Int) -> String { (0..<6).map { $0 == row % 6 ? "1" : "0" }.joined(separator: ", ") }
    let data = (0..<rows).map { "[\(oneHot($0))]" }
    let graph = try Project.graph(
      program:
        "level tensor\nparam W = [\(data.joined(separator: ", "))]\nn = W + 0\nloss L = sum((W * 2)**2) + sum(n)")
    let cells = heat(try document(graph, .forward), "W")
    #expect(cells.count == rows)
    for (number, row) in cells.enumerated() {
      #expect(row.count == 6)
      for (column, level) in row.enumerated() {
        #expect(level == (column == number % 6 ? "f-heat-above-4" : "f-heat-zero"), "row \(number): \(row)")
      }
    }
  }

  @Test func `of more rows some are drawn, and the figure says so`() throws {
    let graph = try Project.graph(
      program:
        "level tensor\nparam W = random(100, 3, seed: 1)\nparam b = random(90, seed: 2)\nloss L = sum(W) + sum(b)")
    let english = try document(graph, .forward)
    #expect(heat(english, "W").count == 16)
    #expect(box(english, "W").contains { $0.text == "16 of 100 rows" })
    #expect(box(english, "b").contains { $0.text == "16 of 90 numbers" })
    let french = try document(graph, .forward, .init(language: .french))
    #expect(box(french, "W").contains { $0.text == "16 lignes sur 100" })
    // Each row drawn is one of the array's, including the first and the last.
    let node = try #require(graph.nodes.first { $0.name == "W" })
    let greatest = node.value.map(\.magnitude).max() ?? 1
    func levels(_ row: Int) -> [String] {
      node.value[(row * 3)..<(row * 3 + 3)].map { value in
        let level = Int((value / greatest * 4).rounded(.toNearestOrAwayFromZero))
        return level == 0 ? "f-heat-zero" : level < 0 ? "f-heat-below-\(-level)" : "f-heat-above-\(level)"
      }
    }
    let own = Set((0..<100).map(levels))
    let shown = heat(english, "W")
    #expect(shown.allSatisfy { own.contains($0) })
    #expect(shown.first == levels(0) && shown.last == levels(99))
  }

  @Test func `the legend has the scale of heat maps, and only where there are any`() throws {
    func scale(_ program: String) throws -> Int {
      try document(Project.graph(program: program), .forward).elements.count {
        $0.name == "rect"
          && ($0.groups.last?.classes.contains("scale") == true
            || ($0.attributes["class"] ?? "").contains("legend scale"))
      }
    }
    #expect(try scale("level tensor\nparam W = random(5, 5, seed: 1)\nloss L = sum(W)") == 9)
    // Small tables are tinted by the same scale; numbers alone have none.
    #expect(try scale("level tensor\nparam W = random(2, 2, seed: 1)\nloss L = sum(W)") == 9)
    #expect(try scale("param w = 2\nloss L = w * w") == 0)
  }
}
