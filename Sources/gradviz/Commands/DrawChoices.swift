import ArgumentParser
import Autograd
import GradvizFigures
import GradvizGraph
import GradvizKit

/// One of several words, in capitals or not: `-T PNG`, `--lang FR`.
protocol Choice: ExpressibleByArgument, CaseIterable, RawRepresentable where RawValue == String {}

extension Choice {
  /// The case whose name the word is.
  public init?(argument: String) {
    guard let choice = Self.allCases.first(where: { $0.rawValue.lowercased() == argument.lowercased() }) else {
      return nil
    }
    self = choice
  }
}

/// What `-T` names: a format of figures, the interactive page of all stages, or the graph as data.
enum Format: String, CaseIterable, Choice {
  case svg, dot, pdf, png, apng, gif, tikz, html, json

  /// nil for the pictures that move, the page and the graph.
  var ofFigure: FigureFormat? { FigureFormat(rawValue: rawValue) }

  /// Whether it is one picture that moves through the steps.
  var moves: Bool { self == .apng || self == .gif }

  /// What the names of such files end in.
  var ending: String { ofFigure?.ending ?? rawValue }

  /// Whether a terminal can show it.
  var isText: Bool { self == .dot || self == .tikz || self == .json }

  /// The format of files with that ending.
  init?(ending: String) {
    guard let format = Self.allCases.first(where: { [$0.ending, $0.rawValue].contains(ending.lowercased()) }) else {
      return nil
    }
    self = format
  }
}

extension ComputationGraph.Level: ExpressibleByArgument {}

/// What `-T` names for plots.
enum PlotFormat: String, CaseIterable, Choice {
  case svg, png, pdf, tikz

  var ofFigure: FigureFormat? { FigureFormat(rawValue: rawValue) }
}

/// What `-T` names for exercises.
enum ExerciseFormat: String, CaseIterable, Choice {
  case svg, png, pdf, tikz, html

  /// nil for the page that takes answers.
  var ofFigure: FigureFormat? { FigureFormat(rawValue: rawValue) }
}

/// What `-T` names for the figures of Markdown pages.
enum DocumentFormat: String, CaseIterable, Choice {
  case svg, pdf, png

  var ofFigure: FigureFormat? { FigureFormat(rawValue: rawValue) }
}

extension Collapse: ExpressibleByArgument {
  /// The level that the words of an option name.
  public init?(argument: String) { self.init(argument.lowercased()) }
}
extension Excerpt.Relatives: Choice {}
extension ComputationGraph.Presentation.Gradients: Choice {}
extension ComputationGraph.Presentation.Background: Choice {}
extension ComputationGraph.Presentation.Direction: Choice {}
extension ComputationGraph.Presentation.Language: Choice {}
extension ComputationGraph.Presentation.ParameterStyle: Choice {}
extension ComputationGraph.Presentation.Formulas: Choice {}
extension ComputationGraph.Presentation.Samples: Choice {}
extension ComputationGraph.Presentation.CloseUps: Choice {}
extension ComputationGraph.Presentation.Theme: Choice {}

/// `all`, one stage, or a plot: of a derivative, or of the gradients by depth.
enum StageChoice: Equatable, CaseIterable {
  case stage(Stage)
  case all, derivative, depth

  static let allCases = Stage.allCases.map(Self.stage) + [.all, .derivative, .depth]
  static let allValueStrings = allCases.map(\.name)

  init?(_ word: String) {
    guard let choice = Self.allCases.first(where: { $0.name == word.lowercased() }) else { return nil }
    self = choice
  }

  var name: String {
    switch self {
    case .stage(let stage): stage.rawValue
    case .all: "all"
    case .derivative: "derivative"
    case .depth: "depth"
    }
  }

  /// Whether it is a plot, not the figure of a graph.
  var isPlot: Bool { self == .derivative || self == .depth }

  var stage: Stage? {
    if case .stage(let stage) = self { stage } else { nil }
  }
}

/// What `--stage` names: `backward`, or several with commas.
struct StageList: ExpressibleByArgument {
  var choices: [StageChoice]

  static let allValueStrings = StageChoice.allValueStrings

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    choices = words.compactMap { StageChoice(String($0).trimmed) }
    guard choices.count == words.count else { return nil }
  }
}

/// One or several words with commas, in capitals or not: `--hide title,panel`.
struct WordList<Word: RawRepresentable & CaseIterable>: ExpressibleByArgument where Word.RawValue == String {
  var words: [Word]

  static var allValueStrings: [String] { Word.allCases.map(\.rawValue) }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    words = parts.compactMap { Word(rawValue: String($0).trimmed.lowercased()) }
    guard words.count == parts.count else { return nil }
  }
}

extension Derivation.Format: Choice {}

enum LevelChoice: String, CaseIterable, Choice {
  case auto, tensor, scalar, neurons

  var level: ComputationGraph.Level? { self == .neurons ? .scalar : ComputationGraph.Level(rawValue: rawValue) }
  var view: ComputationGraph.Presentation.View? {
    switch self {
    case .auto, .tensor: nil
    case .scalar: .values
    case .neurons: .neurons
    }
  }
}
