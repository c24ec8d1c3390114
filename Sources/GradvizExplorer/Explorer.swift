import Autograd
import GradvizFigures
import GradvizGraph

/// The reason why there is no page of a graph.
public struct ExplorerError: Error, CustomStringConvertible, Sendable {
  /// What stands in the way, in one sentence without a period.
  public var description: String
}

/// One interactive page of a graph: it replays the training step, lets its reader change any number, and says where each
/// gradient comes from.
///
/// ```swift
/// let page = try Explorer(loss.tape.graph(loss: loss, level: .scalar))
/// print(page.html)
/// ```
///
/// The page is one file that requests no other; where scripts may not run it is the complete figure, the chain rule of
/// every value and the table of the update.
public struct Explorer: Sendable {
  /// More values than these are too many for one page.
  public static let maxValues = 300

  /// The page as HTML.
  public let html: String

  /// The height in pixels of a frame in a column of text, in which drawing and inspector are both in sight.
  package let frameHeight: Int

  /// Whether its reader can change numbers: a page of very large arrays has the given ones only.
  package let canBeChanged: Bool

  /// Makes the page of a graph.
  ///
  /// - Parameters:
  ///   - graph: with a loss, of numbers or of arrays; of very large arrays the page has the given numbers only.
  ///   - optimizer: what made the graph's update, so that the page can go on with it; without one it goes on with plain
  ///     gradient descent, and shows the graph's own update where that has another rule.
  ///   - options: of the drawing; the page needs a box for each value, so how it is folded and laid out is not asked.
  /// - Throws: ``ExplorerError`` for a graph of too many values or without a loss; `FigureError` for one that
  ///   cannot be drawn; `GraphvizError`.
  public init(_ graph: ComputationGraph, optimizer: Optimizer? = nil, options: FigureOptions = .init()) throws {
    if let reason = Self.reasonAgainst(graph) { throw ExplorerError(description: reason) }
    var options = options
    options.isLive = true
    options.view = .values
    options.samples = .rows
    options.parameters = .shared
    options.direction = .leftToRight
    options.gradients = .numeric
    options.collapse = Collapse.none
    options.only = nil
    options.dataGradients = true
    options.width = options.width ?? FigureSet.defaultWidth
    let set = try FigureSet(graph, options: options)
    let live = set.liveValues
    let drawing = try LiveDrawing(set.live, label: PageWords(words: live.words).graph)
    frameHeight = drawing.frameHeight
    canBeChanged = !ArrayData(graph: graph).isStored
    html = PageMarkup(graph: graph, live: live, drawing: drawing, optimizer: optimizer).html
  }

  /// Why there is no page of a graph, in the graph's language; nil if there is one.
  public static func reasonAgainst(_ graph: ComputationGraph) -> String? {
    let words = PageWords(words: Words(graph.presentation))
    if graph.loss == nil { return words.withoutLoss }
    return graph.nodes.count > maxValues ? words.tooMany(graph.nodes.count, most: maxValues) : nil
  }

  /// The text of every page's only script, the same for all programs.
  public static let script = String(decoding: PackageResources.explorer_js, as: UTF8.self)

  /// The script's hash as a Content-Security-Policy names it: `sha256-…`.
  public static let scriptHash = SecureHash.source(script)
}
