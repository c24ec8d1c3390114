import Autograd
import Foundation
import GradvizDrawing
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// Sheets without their answers, and solutions with them.
@Suite("Exercises law")
struct ExerciseLawTests {
  /// A program with what is left out.
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var source: String?
    var blanks: [String]
    var testDescription: String { "\(name), \(blanks.joined(separator: ","))" }
  }

  private static let samples = [
    "one-neuron", "two-samples", "chain", "neuron", "reuse", "mazur", "minibatch", "polynomial", "xor",
    "gradient-descent", "momentum", "lecture-neuron", "logistic",
  ]

  static let cases: [Case] =
    samples.flatMap { name in
      [["gradients"], ["values"], ["values", "gradients"]].map { Case(name: name, blanks: $0) }
    }
    + Seeds.programs(default: 3, [.scalar, .batch]).flatMap { program in
      [["gradients"], ["values"]].map { Case(name: "\(program)", source: program.source, blanks: $0) }
    } + [Case(name: "one-neuron", blanks: ["w2", "b"]), Case(name: "mazur", blanks: ["w5"])]

  private func graph(_ one: Case) throws -> ComputationGraph {
    guard let source = one.source else { return try Project.graph(one.name, level: .scalar) }
    return try ComputationGraph.load(text: source, path: "random.grad", level: .scalar).graph
  }

  /// The blanks' numbers as a figure prints them, and those of everything that is given: the other numbers of the boxes, what
  /// the program is written with, and the numbers of steps, samples and names.
  private func numbers(_ one: Case, _ graph: ComputationGraph, _ format: NumberFormat) -> (
    missing: Set<String>, given: Set<String>
  ) {
    let blanks = try? Blanks(one.blanks, in: graph)
    var (missing, given): (Set<String>, Set<String>) = ([], [])
    func add(_ number: Double?, isMissing: Bool) {
      guard let number else { return }
      for text in [format, format.finer, format.full].map({ $0.text(number) }) {
        if isMissing { missing.insert(text) } else { given.insert(text) }
      }
    }
    for node in graph.nodes {
      add(node.value.first, isMissing: blanks?.hiddenValues.contains(node.name) ?? false)
      add(node.gradient?.first, isMissing: blanks?.hiddenGradients.contains(node.name) ?? false)
      if let exponent = node.exponent { add(exponent, isMissing: false) }
    }
    return (missing, given)
  }

  @Test(arguments: cases)
  func `a sheet has none of its answers, and its solution has all, with everything in the same place`(_ one: Case)
    throws
  {
    let graph = try graph(one)
    guard let blanks = try Blanks.ifAny(one.blanks, in: graph) else { return }
    let exercise = try #require(try Exercise.alike([graph], blanks: blanks).first)
    #expect(!exercise.answers.isEmpty)
    // The answers are the graph's numbers.
    for answer in exercise.answers {
      let node = try #require(graph.nodes.first { $0.name == answer.name })
      let number = answer.kind == .value ? node.value.first : node.gradient?.first
      // Less than the last bit of its shares is 0, as in the figures.
      let isRounding = answer.number == 0 && abs(number ?? 1) < 1e-15
      #expect(isRounding || number?.bitPattern == answer.number.bitPattern, "\(answer)")
    }
    let (sheet, solution) = (try exercise.sheet.svg(theme: .print), try exercise.solution.svg(theme: .print))
    let format = Words(graph.presentation).numbers(exercise.precision(graph))
    let (missing, given) = numbers(one, graph, format)
    // What is given stands in formulas with the other sign, too: |−0.42| where −f is taken of f = 0.42.
    let secrets = missing.subtracting(given).subtracting(given.map { "−" + $0 }).filter { $0.count > 2 }
    let shown = Self.tokens(sheet)
    for secret in secrets.sorted() { #expect(!shown.contains(secret), "\(secret) is on the sheet") }
    for mark in [BlankMark.begin, BlankMark.end] {
      #expect(!sheet.unicodeScalars.contains(mark) && !solution.unicodeScalars.contains(mark))
    }
    // A blank for each answer and for what is computed with it.
    #expect(Self.blanks(sheet) == Self.blanks(solution))
    #expect(Self.blanks(sheet).count >= exercise.answers.count)
    let written = Self.answers(solution)
    for answer in exercise.answers where !answer.text.contains("×10") {
      #expect(written.contains(answer.text), "\(answer) is not in the solution")
    }
    #expect(Self.answers(sheet).isEmpty)
    #expect(Self.withoutAnswers(solution, Set(written)) == Self.withoutAnswers(sheet, []))
  }

  /// Whatever the missing gradients are, the texts of a sheet are the same: it says nothing about them.
  ///
  /// Other values, or gradients that no shares of samples add up to, would fit no rule: a figure would leave it out. In a
  /// larger program other widths of blanks would give other rows, and so other marks where these break.
  @Test(arguments: cases.filter { $0.source == nil && $0.blanks == ["gradients"] })
  func `a sheet is the same with other answers`(_ one: Case) throws {
    let graph = try graph(one)
    guard graph.laneCount < 2 else { return }
    guard let blanks = try Blanks.ifAny(one.blanks, in: graph) else { return }
    var random = SeededNumbers(seed: 11)
    var other = graph
    for index in other.nodes.indices {
      let node = other.nodes[index]
      if blanks.hiddenValues.contains(node.name) { other.nodes[index].value = [random.drawNormal()] }
      if blanks.hiddenGradients.contains(node.name) { other.nodes[index].gradient = [random.drawNormal()] }
    }
    let sheet = try #require(try Exercise.alike([graph], blanks: blanks).first).sheet
    let second = try #require(try Exercise.alike([other], blanks: blanks).first).sheet
    #expect(try Self.letters(sheet) == Self.letters(second))
  }

  /// Values that pass a gradient on share a line, and with it the answer.
  @Test func `a line of several values has no number where one of them is asked for`() throws {
    let graph = try Project.graph("neuron", level: .scalar)
    let exercise = try #require(try Exercise.alike([graph], blanks: Blanks(["b"], in: graph)).first)
    let sheet = try exercise.sheet.svg(theme: .print)
    // In the boxes of n1 to n4, and in the lines of n4 and of n1 with n2; not in that of n3 with b.
    #expect(sheet.matches(of: />\[?0\.4200\]?</).count == 6)
  }

  // MARK: Reading SVG

  /// All letters and digits of texts, titles and descriptions, sorted: lines may be broken elsewhere.
  private static func letters(_ figure: Figure) throws -> String {
    let svg = try figure.svg(theme: .print)
    let texts = MarkupScan.texts(in: svg) + MarkupScan.values(of: "title", in: svg)
    return String(texts.joined().filter { $0.isLetter || $0.isNumber || "−.,()?".contains($0) }.sorted())
  }

  /// Every number anywhere in a file, in texts and attributes, as long as it goes on.
  private static func tokens(_ svg: String) -> Set<String> {
    // Coordinates say nothing; texts, titles and descriptions do.
    #expect(!svg.contains(" data-"), "a further attribute that may have numbers")
    let attributes = ["aria-label", "title", "id", "class"].flatMap { MarkupScan.values(of: $0, in: svg) }
    return Set((MarkupScan.texts(in: svg) + attributes).flatMap(MarkupScan.numbers))
  }

  /// The frames of blanks: a shape of its own where it is empty, the first of a group where it has a text.
  private static func blanks(_ svg: String) -> [String] {
    let lines = svg.split(separator: "\n").map(String.init)
    return lines.indices.filter { index in
      lines[index].hasPrefix("<rect")
        && (lines[index].contains(" class=\"blank\"") || index > 0 && lines[index - 1] == "<g class=\"blank\">")
    }.map { lines[$0].replacing(" class=\"blank\"", with: "") }
  }

  private static let ink = "#1F46C8"

  /// The texts in the ink of answers.
  private static func answers(_ svg: String) -> [String] {
    svg.split(separator: "\n").filter { $0.hasPrefix("<text") && $0.uppercased().contains(ink) }.compactMap { line in
      line.firstMatch(of: />([^<]*)</).map { String($0.output.1) }
    }
  }

  /// What does not depend on the answers: all shapes and all other texts.
  private static func withoutAnswers(_ svg: String, _ answers: Set<String>) -> [String] {
    svg.replacing(" class=\"blank\"", with: "").split(separator: "\n").map(String.init).filter { line in
      ["<rect", "<path", "<polygon", "<circle", "<ellipse", "<text"].contains { line.hasPrefix($0) }
        && !(line.hasPrefix("<text") && line.uppercased().contains(ink))
    }
  }
}

extension Exercise {
  /// The digits of its numbers.
  fileprivate func precision(_ graph: ComputationGraph) -> Int {
    graph.presentation.precision ?? (LaneDivision(graph).lanes.isEmpty ? 4 : 3)
  }
}

extension Blanks {
  /// nil where a graph has no such numbers: no value but those of functions, or no gradient.
  static func ifAny(_ words: [String], in graph: ComputationGraph) throws -> Blanks? {
    do { return try Blanks(words, in: graph) } catch {
      let computed = graph.nodes.filter { !$0.isLeaf && !$0.isGivenResult }
      let hasAll = words.allSatisfy { $0 == "values" ? !computed.isEmpty : graph.loss != nil }
      #expect(!hasAll, "\(error)")
      return nil
    }
  }
}
