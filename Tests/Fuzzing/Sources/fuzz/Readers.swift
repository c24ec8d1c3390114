import Autograd
import Foundation
import GradLanguage
import GradvizGraph
import GradvizKit

/// Small, so that what is slow is slow for its own sake.
let limits: Limits = {
  var limits = Limits()
  limits.entries = 20_000
  limits.values = 5_000
  limits.operations = 2_000_000
  limits.steps = 1_000
  return limits
}()

/// `.grad` text → program → tape, forward, backward, update → export, and the import of that.
func fuzzLanguage(_ text: String) {
  guard let program = program(text) else { return }
  let graph = program.graph()
  let warnings = program.allWarnings(program.record(), graph)
  claim(warnings.allSatisfy { $0.severity == .warning && $0.line >= 1 }, "a warning stands somewhere")
  guard let loss = graph.loss else { return }
  claim(graph.nodes[loss].value.count == 1, "the loss is one number")
  fuzzJSON(exported(graph), isExported: true)
}

/// A graph as data: read, written, read again.
func fuzzJSON(_ text: String, isExported: Bool = false) {
  do {
    let graph = try ComputationGraph.decodeJSON(Data(text.utf8), limits: limits)
    let written = exported(graph)
    claim(!isExported || written == text, "an export read and written again is the same")
    let report = graph.recomputed()
    claim(report.problems.allSatisfy { !$0.description.isEmpty }, "a problem of a graph has words")
    let again = try? ComputationGraph.decodeJSON(Data(written.utf8), limits: limits)
    claim(again.map(exported) == written, "what is written can be read, and is the same then")
  } catch {
    claim(!isExported, "an export can be read: \(error)")
    claim(!"\(error)".isEmpty, "an error has words")
  }
}

/// A data file: all columns, the first one by its name and by its position, its words, and with decimal commas.
func fuzzCSV(_ text: String) {
  let header = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
  let first = header.split(separator: ",").first.map(String.init) ?? ""
  let name = first.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  for options in [
    "", ", columns: [\"\(name)\"]", ", rows: [0, 1]", ", header: false, columns: 0:1", ", columns: class(0), rows: 1:",
    ", decimal: \",\"",
  ] {
    let source = "input x = csv(\"data.csv\"\(options))\nparam w = 1\nloss L = sum(x * w)\n"
    guard let program = program(source, data: text) else { continue }
    let graph = program.graph(level: .tensor)
    let numbers = graph.nodes.first { $0.name == "x" }?.value ?? []
    claim(!numbers.isEmpty && numbers.allSatisfy(\.isFinite), "a data file holds finite numbers")
  }
}

/// - Parameter data: the text of every data file; nil for those that the fuzzer has.
func program(_ text: String, data: String? = nil) -> Program? {
  do {
    return try Program.parse(SourceFile(name: "fuzz.grad", text: text), limits: limits) { _ in
      data ?? "x1,x2,side\n0,1,-1\n0.5,-2,1\n1,0,1\n3,4,-1\n"
    }
  } catch {
    claim(!error.diagnostics.isEmpty, "a program that is refused has an error")
    for diagnostic in error.diagnostics {
      claim(
        diagnostic.line >= 1 && diagnostic.column >= 1 && diagnostic.length >= 1, "an error stands somewhere")
    }
    claim(!error.rendered(file: "fuzz.grad", color: true).isEmpty, "an error has words")
    return nil
  }
}

private func exported(_ graph: ComputationGraph) -> String {
  guard let data = try? graph.encodeJSON() else {
    claim(false, "every graph can be written")
    return ""
  }
  return String(decoding: data, as: UTF8.self)
}
