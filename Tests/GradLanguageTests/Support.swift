import Foundation

@testable import GradLanguage

struct NoData: Error, CustomStringConvertible { var description: String { "no such file" } }

/// Parses text with the given data files.
func parse(_ text: String, data: [String: String] = [:]) throws(DiagnosticList) -> Program {
  try Program.parse(SourceFile(name: "x.grad", text: text)) { path in
    guard let file = data[path] else { throw NoData() }
    return file
  }
}

/// All diagnostics of a faulty text; empty for a valid one.
func diagnostics(_ text: String, data: [String: String] = [:]) -> String {
  do {
    _ = try parse(text, data: data)
    return ""
  } catch {
    return error.rendered(file: "x.grad")
  }
}

/// `line:column: message; hint` of each diagnostic.
func messages(_ text: String, data: [String: String] = [:]) -> [String] {
  do {
    _ = try parse(text, data: data)
    return []
  } catch {
    return error.diagnostics.map { diagnostic in
      "\(diagnostic.line):\(diagnostic.column): \(diagnostic.message)"
        + (diagnostic.hint.map { "; \($0)" } ?? "")
    }
  }
}

enum Samples {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Samples")

  static let names = [
    "attention", "autoencoder", "bigram", "chain", "conv", "dropout", "gradient-descent", "houses", "iris",
    "lecture-neuron", "logistic", "lstm", "mazur", "minibatch", "mlp", "momentum", "moons", "names", "neuron",
    "one-neuron", "polynomial", "residual", "reuse", "rnn", "softmax", "transformer", "two-samples", "xor",
  ]

  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent("\(name).grad"), encoding: .utf8)
  }

  static func program(_ name: String, text: String? = nil) throws -> Program {
    let path = folder.appendingPathComponent("\(name).grad").path
    let source = SourceFile(name: path, text: try text ?? self.text(name))
    return try Program.parse(source, loadData: DataFolder(besideFile: path).read)
  }
}
