import Autograd
import GradvizFigures
import GradvizGraph

/// One interactive page of an exercise: the sheet, and a field for each missing number; it says whether an answer is right,
/// and of one that is not, which slip gives it.
///
/// The page is one file that requests no other, and has no answer in it: its script computes them.
public struct ExercisePage: Sendable {
  /// The page as HTML.
  public let html: String

  /// Makes the page of an exercise.
  ///
  /// - Parameters:
  ///   - graph: of numbers.
  ///   - blanks: the numbers to find.
  ///   - options: of the drawing; it has no title and no panel.
  /// - Throws: ``ExplorerError`` for a graph of too many values, or with an operation that the script does not know;
  ///   `FigureError` for one of arrays, or that cannot be drawn; `GraphvizError`.
  public init(_ graph: ComputationGraph, blanks: Blanks, options: FigureOptions = .init()) throws {
    if let reason = Self.reasonAgainst(graph) { throw ExplorerError(description: reason) }
    var graph = graph
    // The sheet is what is to be found now, not how training goes on.
    for index in graph.nodes.indices { graph.nodes[index].updated = nil }
    let sheet = try LiveSheet(graph, blanks: blanks, options: options)
    html = try ExerciseMarkup(graph: graph, sheet: sheet).html
  }

  /// Why an exercise has no page, in the language of its graph; nil if it has one.
  private static func reasonAgainst(_ graph: ComputationGraph) -> String? {
    let words = PageWords(words: Words(graph.presentation))
    if graph.nodes.count > Explorer.maxValues { return words.tooMany(graph.nodes.count, most: Explorer.maxValues) }
    let other = graph.nodes.first { node in node.operation.map { Templates.of($0) == nil } ?? !node.isLeaf }
    return other.map { words.unknownOperation($0.operation?.rawValue ?? $0.name) }
  }

  /// The text of every page's only script.
  static let script = String(decoding: PackageResources.exercise_js, as: UTF8.self)
}
