import Autograd
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizSystem

/// A graph loaded from a file, with its warnings.
public struct LoadedGraph: Sendable {
  /// The graph.
  public var graph: ComputationGraph
  /// The only figure that the program requests with `stage`; nil for all.
  public var stage: Stage?
  /// What made the graph's update; nil for plain gradient descent, and for a graph that was loaded as data.
  package var optimizer: Optimizer?
  /// Rendered warnings, such as about the first value that is not finite.
  public var warnings: [String]
}

extension ComputationGraph {
  /// Loads the graph of a `.grad` program, or of a JSON export, which is recognized by its first character,
  /// `{` or `[`, or by a name that ends in `.json`.
  ///
  /// - Parameters:
  ///   - text: the content of the file.
  ///   - path: the file in diagnostics; its folder contains the program's data.
  ///   - level: arrays or scalars; nil for the program's own choice. A JSON graph has only one level.
  ///   - maxNumbers: up to how many values a program that chooses no level has scalars; nil for as many as a figure has.
  ///   - limits: how large the program, its data and a graph may be.
  ///   - allowsDataOutside: whether the program may read files outside its folder.
  ///   - language: that of messages about a program; nil for the program's own.
  ///   - change: what is done to the recording of a program before it is drawn, such as parameters that it loads.
  /// - Throws: `InputError` with all diagnostics of the program, and what `change` throws.
  public static func load(
    text: String, path: String, level: Level? = nil, maxNumbers: Int? = nil, limits: Limits = .init(),
    allowsDataOutside: Bool = false, language: Presentation.Language? = nil,
    change: ((Recording) throws(InputError) -> Void)? = nil
  ) throws(InputError) -> LoadedGraph {
    if isJSON(text, path: path) {
      let (graph, report) = try decode(text, path: path, level: level, limits).checked()
      return LoadedGraph(graph: graph, stage: nil, warnings: warnings(of: report, path: path))
    }
    let program = try Program.load(
      text: text, path: path, limits: limits, allowsDataOutside: allowsDataOutside, language: language)
    let recording = program.record()
    try change?(recording)
    let ownLevel = level ?? maxNumbers.map { program.level(of: recording, maxNumbers: $0) }
    var graph = program.drawnGraph(of: recording, level: ownLevel)
    // Who asks for numbers gets a box for each, even where they are a network.
    if ownLevel == .scalar { graph.presentation.view = .values }
    if graph.presentation.title == nil {
      graph.presentation.title =
        path == "-" ? "Program" : FilePath.stem(path)
    }
    let spoken = language ?? program.settings.presentation.language ?? .english
    return LoadedGraph(
      graph: graph, stage: program.settings.stage.flatMap(Stage.init), optimizer: recording.tape.optimizer,
      warnings: program.allWarnings(recording, graph, hasOwnNumbers: change == nil).map {
        $0.rendered(file: path, language: spoken)
      })
  }

  /// Whether a text is a graph in JSON rather than a program, by its first character or its file name.
  public static func isJSON(_ text: String, path: String) -> Bool {
    let first = text.unicodeScalars.first { !$0.properties.isWhitespace && $0 != "\u{FEFF}" }
    return first == "{" || first == "[" || path.lowercased().hasSuffix(".json")
  }

  /// The numbers of a graph that disagree with its other numbers: the first ones, and the count of the rest.
  private static func warnings(of report: GraphReport, path: String) -> [String] {
    let problems = report.problems
    let file = TerminalText.line(path)
    var lines = problems.prefix(maxWarnings).map { "\(file): warning: \($0.description)" }
    if problems.count > maxWarnings {
      lines.append(
        "\(file): warning: … and \(problems.count - maxWarnings) more; `gradviz check` shows them")
    }
    return lines
  }

  private static let maxWarnings = 5

  /// Reads a graph whose larger values may be in files beside it.
  ///
  /// - Parameter path: that of the graph's file; `-` stands for one in the current folder.
  package static func decodeJSON(
    _ text: String, besideFile path: String, limits: Limits
  ) throws(GraphFormatError) -> ComputationGraph {
    let folder = DataFolder(besideFile: path == "-" ? "./graph.json" : path, limits: limits)
    return try decodeJSON(Data(text.utf8), limits: limits) { try folder.bytes($0) }
  }

  private static func decode(_ text: String, path: String, level: Level?, _ limits: Limits) throws(InputError)
    -> ComputationGraph
  {
    let graph: ComputationGraph
    do {
      graph = try decodeJSON(text, besideFile: path, limits: limits)
    } catch {
      throw InputError(error.rendered(file: TerminalText.line(path)))
    }
    if let level, level != graph.level {
      throw InputError(
        "\(TerminalText.line(path)): error: the level of this graph is `\(graph.level.rawValue)`; only a program has both"
      )
    }
    return graph
  }
}

extension Program {
  /// The level of an interactive page: the program's own, else numbers if they are few enough for a box each.
  package func level(of recording: Recording, maxNumbers: Int) -> ComputationGraph.Level {
    settings.level ?? (graph(of: recording, level: .scalar).nodes.count <= maxNumbers ? .scalar : .tensor)
  }

  /// The graph that is drawn: where the program and `level` leave the choice, numbers if they are few and fit on a page,
  /// the neurons of a network if its layers are small, arrays otherwise.
  package func drawnGraph(of recording: Recording, level: ComputationGraph.Level?) -> ComputationGraph {
    let graph = graph(of: recording, level: level)
    guard level == nil, settings.level == nil else { return graph }
    guard graph.level == .tensor else { return lower(graph, of: recording) }
    guard scalarCount <= Self.maxNumbersOfNetwork else { return graph }
    var numbers = self.graph(of: recording, level: .scalar)
    guard numbers.isNetwork else { return graph }
    numbers.presentation.view = .neurons
    return numbers
  }

  /// The arrays of a graph of numbers whose figures are far higher than wide, as those of a loop that is unrolled, if
  /// theirs are lower; else the numbers.
  private func lower(_ numbers: ComputationGraph, of recording: Recording) -> ComputationGraph {
    guard numbers.nodes.count > Self.fewNumbers, settings.presentation.samples != .all,
      let height = FigureSet.height(of: numbers), height > Self.maxHeight
    else { return numbers }
    let arrays = graph(of: recording, level: .tensor)
    guard arrays.nodes.count < numbers.nodes.count, let lower = FigureSet.height(of: arrays), lower < height else {
      return numbers
    }
    return arrays
  }

  /// So few numbers are never too high.
  private static let fewNumbers = 60
  /// Twice as high as a page is wide.
  private static let maxHeight = 2 * FigureSet.defaultWidth

  /// Of more numbers it is not asked whether they are a network.
  private static let maxNumbersOfNetwork = 5_000.0

  /// The warnings about the program, about a recording of it, and about the training step in a graph.
  ///
  /// - Parameters:
  ///   - recording: a recording of the program.
  ///   - graph: the graph of that recording.
  ///   - hasOwnNumbers: whether the recording has the program's own numbers, those that its warnings are about.
  public func allWarnings(
    _ recording: Recording, _ graph: ComputationGraph, hasOwnNumbers: Bool = true
  ) -> [Diagnostic] {
    warnings + (hasOwnNumbers ? recording.warnings : []) + [warning(about: graph, of: recording)].compactMap { $0 }
  }

  /// Loads a checked program, with its data from the folder of `path`.
  ///
  /// Messages are in `language`; without one in the program's own.
  ///
  /// - Throws: `InputError` with all diagnostics.
  public static func load(
    text: String, path: String, steps: Int? = nil, limits: Limits = .init(), allowsDataOutside: Bool = false,
    language: ComputationGraph.Presentation.Language? = nil
  ) throws(InputError) -> Program {
    let folder = DataFolder(
      besideFile: path == "-" ? "./program.grad" : path, allowsOutside: allowsDataOutside, limits: limits)
    do {
      return try parse(
        SourceFile(name: path, text: text), steps: steps, limits: limits,
        allowsDataOutside: allowsDataOutside
      ) { try folder.read($0) }
    } catch {
      throw InputError(error.rendered(file: path, language: language ?? Self.language(of: text) ?? .english))
    }
  }
}
