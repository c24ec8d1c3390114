import ArgumentParser
import Autograd
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizSystem

/// What `gradviz draw` does with a program or graph, one step after the other.
extension Draw {
  typealias DrawnFile = (name: String, bytes: [UInt8])

  /// The files of the program or graph; nothing is written before all of them are there, so that an error leaves
  /// the former ones as they are.
  func draw(_ text: String, _ limits: Limits, _ line: PhaseLine) throws -> [DrawnFile] {
    line.begin("reading \(Terminal.line(file))")
    let loaded = try load(text, limits)
    var graph = loaded.graph
    setPresentation(&graph.presentation)
    let choice = stage ?? loaded.stage.map(StageChoice.stage) ?? .all
    let formats = try chosenFormats(choice)
    if noPositions, formats == [.dot], collapse == Collapse.none, only.isEmpty,
      graph.nodes.count > Collapse.maxBoxesUnfolded
    {
      line.begin("writing \(graph.nodes.count) values")
      return [("graph.dot", graph.encodeDOT())]
    }
    line.begin("laying out \(graph.nodes.count) values")
    let figures = formats == [.json] ? nil : try layOut(graph)
    let stages = try chosenStages(figures, choice)
    return try formats.flatMap { format throws -> [DrawnFile] in
      guard let kind = format.ofFigure else { return [("graph.json", Array(graph.encodeJSON()))] }
      guard let figures else { return [] }
      return try files(of: figures, stages, kind, theme: graph.presentation.theme ?? .auto, line)
    }
  }

  private func load(_ text: String, _ limits: Limits) throws -> LoadedGraph {
    let loaded: LoadedGraph
    do {
      loaded = try ComputationGraph.load(
        text: text, path: file, level: level?.level ?? (stage?.stage == .shares || samples == .all ? .scalar : nil),
        limits: limits, allowsDataOutside: allowDataOutside)
    } catch {
      throw Failure.input(error.description)
    }
    for warning in loaded.warnings { Terminal.note(warning) }
    // What the program's own lines do not say.
    for warning in loaded.graph.nonFiniteWarnings(values: loaded.warnings.isEmpty) {
      Terminal.note("\(Terminal.line(file)): warning: \(warning)")
    }
    return loaded
  }

  /// What a flag sets wins over the program, and travels with an exported graph.
  private func setPresentation(_ shown: inout ComputationGraph.Presentation) {
    if let precision { shown.precision = precision }
    if let gradients { shown.gradients = gradients }
    if let formulas { shown.formulas = formulas }
    if let samples { shown.samples = samples }
    if let closeUps { shown.closeUps = closeUps }
    if let direction { shown.direction = direction }
    if let lang { shown.language = lang }
    if let parameters { shown.parameters = parameters }
    if let width { shown.width = width }
    if let view = level?.view { shown.view = view }
    if let theme { shown.theme = theme }
    pageOptions.apply(to: &shown)
  }

  private func layOut(_ graph: ComputationGraph) throws -> FigureSet {
    let figures: FigureSet
    do {
      figures = try FigureSet(
        graph,
        options: FigureOptions(
          only: only.isEmpty ? nil : Excerpt(of: only, with: with ?? .both),
          collapse: depth == nil && open.isEmpty ? collapse : .scopes(depth: depth, opened: open),
          maxBoxes: maxBoxes, maxArrows: maxArrows, dataGradients: dataGradients))
    } catch {
      throw Failure.input("\(Terminal.line(file)): error: \(error.advised)")
    }
    if let folding = figures.folding {
      let hint = figures.isFolded ? "; `--collapse none` shows each" : ""
      Terminal.note("\(Terminal.line(file)): note: \(folding)\(hint)")
    }
    return figures
  }

  private func files(
    of figures: FigureSet, _ stages: [Stage], _ format: FigureFormat, theme: ComputationGraph.Presentation.Theme,
    _ line: PhaseLine
  ) throws -> [DrawnFile] {
    var drawn = try stages.map { (name: $0.rawValue, figure: try figures.figure($0)) }
    if steps, stages.contains(.backward) {
      drawn += try (0..<figures.stepCount).map { ("backward-\($0 + 1)", try figures.frame($0 + 1)) }
    }
    return try drawn.enumerated().map { number, one in
      line.begin("drawing \(one.name) (\(number + 1) of \(drawn.count))")
      do {
        let bytes =
          format == .dot && noPositions
          ? Array(one.figure.dotWithoutPositions.text.utf8) : try one.figure.data(format, theme: theme)
        return ("\(one.name).\(format.rawValue)", bytes)
      } catch {
        throw Failure.input("\(Terminal.line(file)): error: \(error)")
      }
    }
  }

  func drawDerivative(_ name: String, _ text: String) throws {
    do {
      let program = try Program.load(
        text: text, path: file, limits: limitOptions.limits, allowsDataOutside: allowDataOutside)
      for warning in program.warnings { Terminal.note(warning.rendered(file: file)) }
      var shown = program.settings.presentation
      pageOptions.apply(to: &shown)
      let title =
        file == "-" ? "Program" : FilePath.stem(file)
      let plot = try program.derivativePlot(
        of: name,
        options: PlotOptions(
          title: shown.title ?? title, id: FigureSet.identifier(shown.title ?? title),
          language: lang ?? shown.language ?? .english,
          precision: precision ?? shown.precision ?? 4, page: PageStyle(shown)))
      let theme = theme ?? shown.theme ?? .auto
      let results = try chosenFormats(.derivative).map { format -> (name: String, bytes: [UInt8]) in
        guard let kind = format.ofFigure, kind != .dot else {
          throw Failure.commandLine("a plot is written as svg, png or pdf, not as \(format.rawValue)")
        }
        return ("derivative.\(format.rawValue)", try plot.data(kind, theme: theme))
      }
      try write(results)
    } catch let error as InputError {
      let words = error.description
      throw Failure.input(
        words.hasPrefix(Terminal.line(file)) ? words : "\(Terminal.line(file)): error: \(words)")
    }
  }

  private func chosenFormats(_ choice: StageChoice) throws -> [Format] {
    if !formats.isEmpty { return formats }
    guard let output, output != "-", !output.hasSuffix("/") else { return [.svg] }
    let ending = FilePath.ending(output)
    // Whether the folder is there already makes no difference: the same command gives the same files.
    guard !ending.isEmpty, let format = Format(rawValue: ending.lowercased()) else {
      if ending.isEmpty || choice == .all || FilePath.isFolder(output) { return [.svg] }
      throw Failure.commandLine("unknown format `.\(ending)`; use svg, dot, pdf, png or json")
    }
    return [format]
  }

  private func chosenStages(_ figures: FigureSet?, _ choice: StageChoice) throws -> [Stage] {
    guard let figures else { return [] }
    if let stage = choice.stage {
      if let reason = figures.reasonAgainst(stage) {
        throw Failure.input("\(Terminal.line(file)): error: there is no \(stage.rawValue) figure: \(reason)")
      }
      return [stage]
    }
    for stage in Stage.usual {
      if let reason = figures.reasonAgainst(stage) {
        Terminal.note("\(Terminal.line(file)): note: no \(stage.rawValue) figure: \(reason)")
      }
    }
    return figures.stages
  }
}
