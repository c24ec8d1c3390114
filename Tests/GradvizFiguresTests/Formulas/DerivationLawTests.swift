import Autograd
import Foundation
import GradLanguage
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// Every line of a derivation is correct in value, in each notation, and every value and gradient has one.
@Suite("Derivations")
struct DerivationLawTests {
  /// A line's subject: a value, or the derivative of one value by another.
  private enum Subject {
    case value(Int)
    case slope(of: Int, by: Int)
  }

  /// What a derivation says, read back from its text.
  private struct Law {
    let graph: ComputationGraph
    var formula: PrintedFormula
    var failures: [String] = []
    var defined: Set<Int> = []
    var derived: Set<Int> = []
    var count = 0
    /// The values whose lines come before those of their operands.
    var early: [String] = []
    var precision: Int { graph.presentation.precision ?? (graph.laneCount > 1 ? 3 : 4) }

    init(_ graph: ComputationGraph) {
      self.graph = graph
      formula = PrintedFormula(graph)
    }

    mutating func check(_ line: String) {
      let text = line.replacing(#/ +(shape|forme) [0-9× ]+$/#, with: "")
      let parts = PrintedFormula.split(text, at: " = ")
      let sides = parts.flatMap { PrintedFormula.split($0, at: " ≈ ") }
      guard let subject = subject(sides[0]) else {
        failures.append("`\(line)` is about nothing")
        return
      }
      let expected = numbers(subject)
      for (place, side) in sides.enumerated() {
        if case .slope(let of, let by)? = self.subject(side), of == graph.loss { derived.insert(by) }
        if place == 0 { continue }
        check(side, expected.shape, expected.numbers, result: text.contains(" ≈ ") ? nil : sides.last, line)
      }
      guard case .value(let node) = subject else { return }
      defined.insert(node)
      let isEarly = graph.nodes[node].operands.contains { operand in
        !graph.nodes[operand].isLeaf && !defined.contains(operand)
      }
      if isEarly { early.append(graph.nodes[node].name) }
    }

    private mutating func subject(_ text: String) -> Subject? {
      let text = text.trimmingCharacters(in: .whitespaces)
      if let (top, bottom) = formula.derivative(text) { return .slope(of: top, by: bottom) }
      return formula.node(text).map { .value($0) }
    }

    private func numbers(_ subject: Subject) -> (shape: [Int], numbers: [Double]) {
      switch subject {
      case .value(let node): (graph.nodes[node].shape, graph.nodes[node].value)
      case .slope(let of, let by):
        of == graph.loss
          ? (graph.nodes[by].shape, graph.nodes[by].gradient ?? [])
          : ([], [PrintedFormula.slope(of: of, by: by, in: graph)])
      }
    }

    /// - Parameter result: what the line ends with; nil where it has ≈.
    private mutating func check(
      _ side: String, _ shape: [Int], _ numbers: [Double], result: String?, _ line: String
    ) {
      let side = side.trimmingCharacters(in: .whitespaces)
      count += 1
      if !shape.isEmpty, side.hasPrefix("["), side.contains(/^\[+[−0-9∞N]/), !side.contains(">"), side.hasSuffix("]") {
        return checkList(side, numbers, line)
      }
      do {
        let value = try formula.value(side)
        guard formula.hasNames else { return checkNumbers(side, numbers, result: result, line) }
        if value.shape != shape || !value.agrees(with: numbers) {
          failures.append(
            "`\(line)`: \(side) is \(value.numbers.prefix(4)) of \(value.shape), not \(numbers.prefix(4))")
        }
      } catch {
        failures.append("`\(line)`: \(side): \(error)")
      }
    }

    /// What a pocket calculator makes of a side is what is printed at the end.
    private mutating func checkNumbers(_ side: String, _ numbers: [Double], result: String?, _ line: String) {
      guard let own = PrintedText.value(side, precision: precision) else {
        failures.append("`\(line)`: \(side) is not arithmetic")
        return
      }
      guard numbers.count == 1, own.value.isFinite, numbers[0].isFinite else { return }
      if own.isNumber {
        let slack = max(own.halfUnit * 1.001, 1e-12 * numbers[0].magnitude)
        if abs(own.value - numbers[0]) > slack { failures.append("`\(line)`: \(side), not \(numbers[0])") }
        return
      }
      let printed = result.flatMap { PrintedText.value($0, precision: precision) }
      // Where the line says ≈, as near as its rounded numbers are.
      let slack =
        printed.map { $0.halfUnit * 1.001 + 1e-12 * own.size } ?? 0.1 * numbers[0].magnitude + 4 * own.halfUnit
      if abs(own.value - (printed?.value ?? numbers[0])) > max(slack, 1e-300) {
        failures.append("`\(line)`: \(side) is \(own.value), not \(result ?? "\(numbers[0])")")
      }
    }

    private mutating func checkList(_ side: String, _ numbers: [Double], _ line: String) {
      let words = side.split { "[], ".contains($0) }.map(String.init)
      let read = words.compactMap { PrintedText.value($0, precision: precision) }
      let holds =
        read.count == numbers.count
        && zip(read, numbers).allSatisfy {
          !$1.isFinite || abs($0.value - $1) <= $0.halfUnit * 1.001 + 1e-12 * $1.magnitude
        }
      if !holds { failures.append("`\(line)`: \(side) is not \(numbers)") }
    }
  }

  private func failures(_ graph: ComputationGraph) throws -> (failures: [String], count: Int) {
    let shown = graph.hidingMisfits().withoutRounding().withShares().withoutIdleUpdates().withElementIDs()
    let derivation = try Derivation(graph)
    var failures: [String] = []
    var counts: [Int] = []
    for format in Derivation.Format.allCases {
      var law = Law(shown)
      let lines = try DerivationReader.lines(derivation.text(format), format)
      for line in lines {
        law.check(line)
        _ = ArithmeticLawTests.check(
          line.replacing(#/ +(shape|forme) [0-9×]+$/#, with: ""), law.precision,
          "\(format) of \(graph.nodes.count) values")
      }
      failures += law.early.map { "\(format): `\($0)` comes before what it is computed from" }
      failures += law.failures.map { "\(format): \($0)" }
      counts.append(lines.count)
      let isBatch = shown.laneCount > 1 || shown.isBatchOfArrays
      for (index, node) in shown.nodes.enumerated() {
        let isPlain = node.role == .constant && !node.isNamed && node.shape.isEmpty
        if !isPlain, !node.isLeaf || node.isNamed, !law.defined.contains(index) {
          failures.append("\(format): no line has `\(node.name)`")
        }
        let isData = node.role == .input || node.role == .target
        guard node.gradient != nil, node.role != .constant, shown.loss != nil, !(isBatch && isData) else { continue }
        if !law.derived.contains(index) { failures.append("\(format): no line has ∂L/∂\(node.name)") }
      }
    }
    if Set(counts).count != 1 { failures.append("lines: \(counts)") }
    return (failures, counts[0])
  }

  private static let samples = Project.samples.filter { sample in
    (try? Project.graph(sample)).map { $0.nodes.count < 100 } ?? false
  }

  @Test(arguments: samples)
  func `every line of a sample's derivation is true, and nothing is left out`(sample: String) throws {
    let (failures, count) = try failures(Project.graph(sample))
    #expect(failures.isEmpty, "\(failures.count): \(failures.prefix(6).joined(separator: "\n"))")
    #expect(count > 5)
  }

  @Test func `every line of the derivation of random programs is true`() throws {
    var wrong: [String] = []
    for program in Seeds.programs(default: 5) {
      for level in ComputationGraph.Level.allCases {
        let graph = try Program.load(text: program.source, path: "program.grad").graph(level: level)
        guard graph.nodes.count < 120 else { continue }
        let (failures, count) = try failures(graph)
        wrong += failures.prefix(5).map { "\(level), \($0) in \(program)" }
        #expect(count > 0)
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(10).joined(separator: "\n"))")
  }

  // MARK: The article

  /// A side as the article writes it in code, in our notation: `2*o1 - 2*y[0]` is `2o₁ − 2y₁`.
  private static func translated(_ code: String, _ names: [(String, String)]) -> String {
    var text = code.replacing("torch.", with: "").replacing("**2", with: "²").replacing(/d([LWo]\w*)\/d(\w+)/) {
      "∂\($0.1)/∂\($0.2)"
    }
    for (own, ours) in names { text = text.replacing(own, with: ours) }
    text = text.replacing("-", with: "−").replacing("*", with: "·")
    return squeezed(text)
  }

  /// Without spaces, and without the dot behind a coefficient.
  private static func squeezed(_ text: String) -> String {
    text.replacing(" ", with: "").replacing(/(^|[^₀-₉0-9.])([0-9]+)·([^0-9])/) { "\($0.1)\($0.2)\($0.3)" }
  }

  private func equations(_ sample: String) throws -> [[String]] {
    let text = try Derivation(Project.graph(sample)).text(.plain)
    return text.split(separator: "\n").filter { $0.contains(" = ") }.map { line in
      line.components(separatedBy: " = ").map(Self.squeezed)
    }
  }

  @Test func `one neuron is derived line by line as in the article`() throws {
    let names = [("o1", "ŷ"), ("n1", "n"), ("w1", "w₁"), ("x1", "x₁")]
    let lines = try equations("one-neuron")
    for (left, right) in [
      ("L", "(o1 - y)**2"), ("o1", "torch.tanh(n1)"), ("dL/do1", "2*o1 - 2*y"),
      ("do1/db", "1 - torch.tanh(n1)**2"), ("dL/db", "dL/do1 * do1/db"), ("dL/dw1", "dL/do1 * do1/dw1"),
      ("do1/dw1", "x1*(1-torch.tanh(n1)**2)"), ("dL/dw1", "(2*o1 - 2*y)*x1*(1-torch.tanh(n1)**2)"),
    ] {
      let (subject, side) = (Self.translated(left, names), Self.translated(right, names))
      #expect(lines.contains { $0[0] == subject && $0.dropFirst().contains(side) }, "\(subject) = \(side)")
    }
  }

  @Test func `two samples are derived line by line as in the article`() throws {
    var names = [
      ("x1[0]", "x₁₁"), ("x1[1]", "x₁₂"), ("x2[0]", "x₂₁"), ("x2[1]", "x₂₂"), ("y[0]", "y₁"), ("y[1]", "y₂"),
    ]
    for letter in ["o", "n", "w"] {
      for digit in 1...2 { names.append(("\(letter)\(digit)", letter + ["₁", "₂"][digit - 1])) }
    }
    let lines = try equations("two-samples")
    // The article's dLdw11 … dLdw22, and their sums.
    let shares = [
      ["(2*o1- 2*y[0])*x1[0]*(1-torch.tanh(n1)**2)", "(2*o2- 2*y[1])*x2[0]*(1-torch.tanh(n2)**2)"],
      ["(2*o1- 2*y[0])*x1[1]*(1-torch.tanh(n1)**2)", "(2*o2- 2*y[1])*x2[1]*(1-torch.tanh(n2)**2)"],
    ]
    var known = [
      ("L", "(o1 - y[0])**2 + (o2 - y[1])**2"), ("dL/do1", "2*o1- 2*y[0]"), ("dL/do2", "2*o2- 2*y[1]"),
      ("dL/dw1", "dL/do1 * do1/dw1 + dL/do2 * do2/dw1"), ("do1/dw1", "x1[0]*(1-torch.tanh(n1)**2)"),
    ]
    for (weight, own) in zip(["w1", "w2"], shares) { known.append(("dL/d\(weight)", own[0] + "+" + own[1])) }
    for (left, right) in known {
      let (subject, side) = (Self.translated(left, names), Self.translated(right, names))
      #expect(lines.contains { $0[0] == subject && $0.dropFirst().contains(side) }, "\(subject) = \(side)")
    }
  }

  // MARK: TeX

  /// Between its arguments French has a semicolon.
  private static let arguments = "param a = 2\nparam b = 3\nloss L = max(a, b) * where(a > 1, b, 4)\nrate 0.1"

  /// In French as well, where babel makes commands of signs.
  @Test(
    .enabled(if: Project.tool("pdflatex") != nil, "pdflatex is not installed"),
    arguments: ["one-neuron", "minibatch", "mlp", "attention", ""], ComputationGraph.Presentation.Language.allCases)
  func `LaTeX sets every line`(sample: String, language: ComputationGraph.Presentation.Language) throws {
    let tex = try #require(Project.tool("pdflatex"))
    let folder = try TemporaryFolder()
    var graph = try sample.isEmpty ? Project.graph(program: Self.arguments) : Project.graph(sample)
    graph.presentation.language = language
    let text = try Derivation(graph).text(.tex)
    #expect(text.contains(language == .french ? "Rétropropagation" : "Backward pass"))
    _ = try folder.write(
      """
      \\documentclass{article}\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}\\usepackage{amsmath}
      \\begin{document}
      \(TeXSigns.active)
      \(text)\\end{document}
      """, to: "page.tex")
    let result = try ProcessResult(tex, ["-halt-on-error", "-interaction=nonstopmode", "page.tex"], in: folder.url)
    #expect(result.status == 0, "\(result.text.suffix(600))")
  }

  @Test func `names of all kinds are letters in every notation`() throws {
    let graph = try Project.graph(
      program: """
        title "50 % & <more> _x_ $1"
        input the_grade = 2
        param θ = 0.5
        param ŵ = 3
        param v_2_1 = 1
        h = relu(θ * the_grade) + max(ŵ, 1)
        loss L = h * v_2_1 + exp(θ) / 1e9
        """)
    let derivation = try Derivation(graph)
    let tex = derivation.text(.tex)
    #expect(tex.contains("\\theta") && tex.contains("\\hat{w}") && tex.contains("\\mathit{the\\_grade}"))
    #expect(derivation.text(.mathML).contains("<h1>50 % &amp; &lt;more&gt; _x_ $1</h1>"))
    #expect(derivation.text(.markdown).hasPrefix("# 50 % & \\<more\\> \\_x\\_ \\$1\n"))
    let (failures, _) = try failures(graph)
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }
}
