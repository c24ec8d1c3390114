import Autograd
import GradvizGraph

/// The whole derivation of a training step in lines of mathematics: every value, the loss, and the chain rule for every
/// gradient, with names, rules and numbers.
///
/// ```swift
/// print(try Derivation(loss.tape.graph(loss: loss, level: .scalar)).text(.plain))
/// ```
///
/// The lines are those of the panels, all of them; of a network whose parameters come through predictions, the chain
/// rule is also written as by hand.
public struct Derivation {
  /// A part of the derivation.
  public enum Part: String, CaseIterable, Sendable {
    /// The lines of that stage.
    case forward, loss, backward

    var stage: Stage {
      switch self {
      case .forward: .forward
      case .loss: .loss
      case .backward: .backward
      }
    }
  }

  /// A notation of mathematics.
  public enum Format: String, CaseIterable, Sendable {
    /// Markdown with TeX's formulas between dollar signs.
    case markdown = "md"
    /// LaTeX with the package amsmath, to be included in a document.
    case tex
    /// HTML with MathML.
    case mathML = "mathml"
    /// Unicode, one equation a line.
    case plain = "txt"
  }

  /// What stands on a line.
  enum Entry: Equatable {
    case heading(String)
    case note(String)
    case line(MathLine)
  }

  let title: String
  private let words: Words
  let entries: [(part: Part, entry: Entry)]

  /// Works out the lines of every value.
  ///
  /// - Parameters:
  ///   - graph: the step; one without a loss has a forward pass only.
  ///   - options: its precision, language and gradients of data.
  /// - Throws: ``FigureError`` for a graph that is too large to be drawn, or whose parts do not fit together.
  public init(_ graph: ComputationGraph, options: FigureOptions = .init()) throws(FigureError) {
    try FigureLimits.requireFit(graph, options)
    var options = options
    options.formulas = .all
    options.gradients = .both
    options.collapse = Collapse.none
    options.samples = .rows
    options.view = .values
    let context: FigureContext
    do {
      var views = FoldedViews(graph, options)
      context = try FigureSet(SheetParts(&views, options), options).context
    } catch {
      throw error as? FigureError ?? .cancelled
    }
    let writer = DerivationLines(context)
    words = context.words
    title = graph.presentation.title ?? words.computation
    entries = Part.allCases.flatMap { part in writer.entries(part).map { (part, $0) } }
  }

  /// The derivation as a text that ends with a line break.
  ///
  /// - Parameters:
  ///   - format: what it is written for.
  ///   - parts: those that it has, in the order of the step.
  public func text(_ format: Format, parts: [Part] = Part.allCases) -> String {
    let shown = entries.filter { parts.contains($0.part) }.map(\.entry)
    return switch format {
    case .markdown: TeXWriter.markdown(title, shown)
    case .tex: TeXWriter.document(words.needs("\\usepackage{amsmath}", title), shown)
    case .mathML: MathMLWriter.document(title, shown)
    case .plain: PlainWriter.document(title, shown)
    }
  }
}
