import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizSystem

/// A block that includes a graph as JSON, such as a step that was recorded in Python.
extension BlockDrawer {
  /// The figures of the graph: its stages, as it has no program to train or to change.
  func drawingOfGraph() throws(Fault) -> BlockDrawing {
    if options.explorer != nil {
      throw .block("there is an explorer of programs only, not of a graph in JSON", .explorer)
    }
    if options.level != nil { throw .block("a graph in JSON has one level; only a program has both", .level) }
    let (graph, report) = try decoded().checked()
    let pictures = options.pictures ?? [.stage(graph.loss == nil ? .forward : .backward)]
    if let plot = pictures.first(where: { $0.stage == nil }) {
      throw .block("`\(plot.name)` is of a program's training; a graph in JSON has its stages only", .stage)
    }
    var result = BlockDrawing()
    result.dependencies = reads.paths
    result.warnings = report.problems.prefix(Self.maxWarnings).map { problem in
      Diagnostic(
        severity: .warning, file: program.dataFile, line: 1, column: 1, length: 1, message: problem.description,
        hint: nil, sourceLine: "", caretOffset: 0)
    }
    try drawStages(graph, pictures, &result)
    return result
  }

  private static let maxWarnings = 5

  private func decoded() throws(Fault) -> ComputationGraph {
    let folder = DataFolder(besideFile: program.dataFile, within: root)
    do {
      return try ComputationGraph.decodeJSON(Data(program.text.utf8)) { path in
        if let file = try? folder.path(path) { reads.paths.append(file) }
        return try folder.bytes(path)
      }
    } catch {
      throw .block("`\(program.dataFile)`: \(error)", .include)
    }
  }
}
