import Autograd
import Foundation
import GradvizGraph
import GradvizKit

@testable import GradvizFigures

/// An error in a printed formula.
struct UnreadableFormula: Error, CustomStringConvertible {
  var description: String
}

/// Parses a printed formula and evaluates it with the numbers of a graph.
///
/// Rejects ambiguous formulas: `·` beside `@`, two divisions in a row.
struct PrintedFormula {
  let graph: ComputationGraph
  /// By their names in figures: `n4_1`, `n₄⁽¹⁾`; without their sample, those of one lane.
  let names: [Unicode.Scalar: [(text: [Unicode.Scalar], node: Int, lane: Int?)]]
  /// The sample to which names without one belong.
  var lane: Int?
  private let nodes: [String: Int]
  var text: [Unicode.Scalar] = []
  var at = 0
  /// Whether the last formula contained a name or a shape, and not only numbers.
  var hasNames = false

  init(_ graph: ComputationGraph) {
    self.graph = graph
    var names: [Unicode.Scalar: [(text: [Unicode.Scalar], node: Int, lane: Int?)]] = [:]
    var nodes: [String: Int] = [:]
    let typeset = TypesetNames(graph.nodes.map { ($0.name, $0.lane) })
    for (index, node) in graph.nodes.enumerated() where node.isNamed || !node.isLeaf || !node.shape.isEmpty {
      let flat = typeset.flat(node.name, lane: node.lane)
      for name in Set([node.name, flat, flat.replacing(" ", with: "")]) {
        let scalars = Array(name.unicodeScalars)
        guard let first = scalars.first else { continue }
        names[first, default: []].append((scalars, index, nil))
        nodes[name] = index
      }
      if node.lane != nil {
        let scalars = Array(typeset[node.name, node.lane].ofEverySample.flat.unicodeScalars)
        if let first = scalars.first { names[first, default: []].append((scalars, index, node.lane)) }
      }
    }
    self.names = names.mapValues { $0.sorted { ($0.text.count, $0.node) > ($1.text.count, $1.node) } }
    self.nodes = nodes
  }

  /// - Throws: if the text is not a formula, or is ambiguous.
  mutating func value(_ text: String) throws -> PrintedArray {
    begin(text)
    hasNames = false
    let value = try sum()
    try end()
    return value
  }

  /// The node that a text names.
  func node(_ name: String) -> Int? { nodes[name] }

  /// The node of `∂L/∂x`, on one line or as a fraction; nil for anything else.
  mutating func partial(_ text: String) -> Int? {
    derivative(text).flatMap { $0.of == graph.loss ? $0.by : nil }
  }

  /// The nodes of `∂ŷ/∂x`, on one line or as a fraction; nil for anything else.
  mutating func derivative(_ text: String) -> (of: Int, by: Int)? {
    begin(text)
    guard let nodes = try? readPartial(), (try? end()) != nil else { return nil }
    return nodes
  }

  /// The derivative of one number by another, along all ways between them.
  static func slope(of end: Int, by node: Int, in graph: ComputationGraph) -> Double {
    var slopes = [Double](repeating: 0, count: graph.nodes.count)
    slopes[end] = 1
    for index in stride(from: end, to: node, by: -1) where slopes[index] != 0 {
      for (position, operand) in graph.nodes[index].operands.enumerated() {
        slopes[operand] += slopes[index] * (graph.nodes[index].localDerivatives?[position] ?? .nan)
      }
    }
    return slopes[node]
  }

  // MARK: Reading

  mutating func begin(_ text: String) {
    // `n₄_1` and `n₄.w` are drawn in parts.
    self.text = Array(text.replacing(" _", with: "_").replacing(" .", with: ".").unicodeScalars)
    at = 0
  }

  mutating func end() throws {
    skip()
    guard at == text.count else { throw problem("something is left over") }
  }

  func problem(_ words: String) -> UnreadableFormula {
    UnreadableFormula(description: "\(words) at \(at) of `\(String(String.UnicodeScalarView(text)))`")
  }

  mutating func skip() { while at < text.count, text[at] == " " { at += 1 } }

  func stands(_ words: String) -> Bool {
    var place = at
    for scalar in words.unicodeScalars {
      guard place < text.count, text[place] == scalar else { return false }
      place += 1
    }
    return true
  }

  mutating func take(_ words: String) -> Bool {
    skip()
    guard stands(words) else { return false }
    at += words.unicodeScalars.count
    return true
  }

  mutating func expect(_ words: String) throws {
    guard take(words) else { throw problem("`\(words)` is missing") }
  }

  func require(_ value: PrintedArray?, _ words: String) throws -> PrintedArray {
    guard let value else { throw problem("shapes do not fit: \(words)") }
    return value
  }

  mutating func next() -> Unicode.Scalar? {
    skip()
    return at < text.count ? text[at] : nil
  }

  static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  mutating func readDigits() -> Int? {
    skip()
    var digits = ""
    while at < text.count, Self.isDigit(text[at]) {
      digits.unicodeScalars.append(text[at])
      at += 1
    }
    return Int(digits)
  }
}
