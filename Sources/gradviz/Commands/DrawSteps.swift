import ArgumentParser
import Autograd
import GradLanguage
import GradvizExplorer
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizSystem

/// What `gradviz draw` does with a program or graph, one step after the other.
extension Draw {
  /// The files of the program or graph; nothing is written before all of them are there, so that an error leaves
  /// the former ones as they are.
  func draw(_ text: String, _ limits: Limits, _ line: PhaseLine) throws -> [DrawnFile] {
    var clock = Clock()
    line.begin(Words(lang ?? .english).reading(Terminal.line(file)))
    let loaded = try load(text, limits)
    var graph = loaded.graph
    setPresentation(&graph.presentation)
    let words = Words(graph.presentation)
    let choices = stages.isEmpty ? [loaded.stage.map(StageChoice.stage) ?? .all] : stages
    let formats = try chosenFormats(choices)
    if noPositions, formats == [.dot], collapse == Collapse.none, only.isEmpty,
      graph.nodes.count > Collapse.maxBoxesUnfolded
    {
      line.begin(words.writing(graph.nodes.count))
      return [DrawnFile(name: "graph.dot", bytes: graph.encodeDOT(), format: .dot, words: words, seconds: clock.lap())]
    }
    line.begin(words.layingOut(graph.nodes.count))
    let figures = formats.contains { $0.ofFigure != nil || $0.moves } ? try layOut(graph) : nil
    let stages = try chosenStages(figures, choices)
    let theme = graph.presentation.theme ?? .auto
    return try formats.flatMap { format throws -> [DrawnFile] in
      if format == .html {
        let page = try explorer(graph, loaded.optimizer, line)
        return [DrawnFile(name: "explorer.html", bytes: page, format: format, words: words, seconds: clock.lap())]
      }
      if format.moves { return try figures.map { [try moving($0, format, theme: theme, line, &clock)] } ?? [] }
      guard format.ofFigure != nil else {
        let bytes = Array(graph.encodeJSON())
        return [DrawnFile(name: "graph.json", bytes: bytes, format: format, words: words, seconds: clock.lap())]
      }
      guard let figures else { return [] }
      return try files(of: figures, stages, format, theme: theme, line, &clock)
    }
  }

  private func load(_ text: String, _ limits: Limits) throws -> LoadedGraph {
    let loaded: LoadedGraph
    let saved = try SavedParameters(load, for: file, text, limits: limitOptions.limits, lang)
    do {
      loaded = try ComputationGraph.load(
        text: text, path: file,
        level: level?.level ?? (stages.contains { $0.stage?.isOfNumbers ?? false } || samples == .all ? .scalar : nil),
        maxNumbers: asksForPageOnly ? Explorer.maxValues : nil, limits: limits, allowsDataOutside: allowDataOutside,
        language: lang, change: saved?.put)
    } catch {
      throw Failure.input(error.description)
    }
    for warning in loaded.warnings { Terminal.note(warning) }
    // What the program's own lines do not say.
    var graph = loaded.graph
    setPresentation(&graph.presentation)
    for warning in graph.nonFiniteWarnings(values: saved != nil || loaded.warnings.isEmpty) {
      Terminal.note("\(Terminal.line(file)): \(Words(graph.presentation).warningLabel) \(warning)")
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
      var options = FigureOptions(
        only: only.isEmpty ? nil : Excerpt(of: only, with: with ?? .both),
        collapse: depth == nil && open.isEmpty ? collapse : .scopes(depth: depth, opened: open),
        maxBoxes: maxBoxes, maxArrows: maxArrows, dataGradients: dataGradients,
        hiddenParts: Set(hideLists.flatMap(\.words)))
      options.of = of
      figures = try FigureSet(graph, options: options)
    } catch {
      throw Failure.input(file, error.advised, in: graph.presentation.language)
    }
    if let folding = figures.folding {
      let words = figures.words
      let hint = figures.isFolded ? words.semicolon + words.showsEach("`--collapse none`") : ""
      Terminal.note("\(Terminal.line(file)): \(words.noteLabel) \(folding)\(hint)")
    }
    return figures
  }

  private func explorer(_ graph: ComputationGraph, _ optimizer: Optimizer?, _ line: PhaseLine) throws -> [UInt8] {
    line.begin(Words(graph.presentation).writingPage)
    do {
      return Array(try Explorer(graph, optimizer: optimizer).html.utf8)
    } catch let error as ExplorerError {
      throw Failure.input("\(Terminal.line(file)): \(Words(graph.presentation).errorLabel) \(error)")
    } catch {
      throw Failure.input(file, "\(error)", in: graph.presentation.language)
    }
  }

  private func files(
    of figures: FigureSet, _ stages: [Stage], _ format: Format, theme: ComputationGraph.Presentation.Theme,
    _ line: PhaseLine, _ clock: inout Clock
  ) throws -> [DrawnFile] {
    guard let kind = format.ofFigure else { return [] }
    if animate { return try animated(figures, stages, theme, line, &clock) }
    let frames =
      steps && stages.contains(.backward) ? try (0..<figures.stepCount).map { try figures.frame($0 + 1) } : []
    // A PDF has pages: those of its file are the steps.
    var drawn = try stages.map { stage in
      (name: stage.rawValue, pages: kind == .pdf && stage == .backward && steps ? frames : [try figures.figure(stage)])
    }
    if kind != .pdf { drawn += frames.enumerated().map { (figures.frameName($0 + 1), [$1]) } }
    return try drawn.enumerated().map { number, one in
      line.begin(figures.words.drawing(one.name, number + 1, of: drawn.count))
      do {
        let bytes = try bytes(of: one.pages, kind, theme: theme)
        return DrawnFile(
          name: "\(one.name).\(format.ending)", bytes: bytes, format: format, words: figures.words,
          seconds: clock.lap())
      } catch {
        throw Failure.input(file, "\(error)", in: figures.words.language)
      }
    }
  }

  /// The steps of the backward pass as one picture.
  private func moving(
    _ figures: FigureSet, _ format: Format, theme: ComputationGraph.Presentation.Theme, _ line: PhaseLine,
    _ clock: inout Clock
  ) throws -> DrawnFile {
    line.begin(figures.words.replaying(Stage.backward.rawValue))
    do {
      let frames = try (0..<figures.stepCount).map { try figures.frame($0 + 1) } + [try figures.figure(.backward)]
      let bytes =
        try format == .gif ? Figure.gif(frames: frames, theme: theme) : Figure.apng(frames: frames, theme: theme)
      return DrawnFile(
        name: "backward.\(format.ending)", bytes: bytes, format: format, words: figures.words, seconds: clock.lap())
    } catch {
      throw Failure.input(file, "\(error)", in: figures.words.language)
    }
  }

  private func animated(
    _ figures: FigureSet, _ stages: [Stage], _ theme: ComputationGraph.Presentation.Theme, _ line: PhaseLine,
    _ clock: inout Clock
  ) throws -> [DrawnFile] {
    try stages.map { stage in
      line.begin(figures.words.replaying(stage.rawValue))
      do {
        let bytes = Array(try figures.animatedSVG(stage, theme: theme).utf8)
        return DrawnFile(
          name: "\(stage.rawValue).svg", bytes: bytes, format: .svg, words: figures.words, seconds: clock.lap())
      } catch {
        throw Failure.input(file, "\(error)", in: figures.words.language)
      }
    }
  }

  private func bytes(
    of pages: [Figure], _ kind: FigureFormat, theme: ComputationGraph.Presentation.Theme
  ) throws -> [UInt8] {
    if kind == .pdf, steps { return try Figure.pdf(pages: pages, theme: theme) }
    if kind == .dot, noPositions { return Array(pages[0].dotWithoutPositions.text.utf8) }
    return try pages[0].data(kind, theme: theme)
  }

  func plotted(_ kind: StageChoice, _ text: String) throws -> [DrawnFile] {
    if ComputationGraph.isJSON(text, path: file) {
      throw Failure.commandLine("`--stage \(kind.name)` computes a program again; a graph is data")
    }
    var clock = Clock()
    let saved = try SavedParameters(load, for: file, text, limits: limitOptions.limits, lang)
    do {
      let program = try Program.load(
        text: text, path: file, limits: limitOptions.limits, allowsDataOutside: allowDataOutside, language: lang)
      var shown = program.settings.presentation
      let language = lang ?? shown.language ?? .english
      for warning in program.warnings { Terminal.note(warning.rendered(file: file, language: language)) }
      pageOptions.apply(to: &shown)
      let title =
        file == "-" ? "Program" : FilePath.stem(file)
      let options = PlotOptions(
        title: shown.title ?? title, id: FigureSet.identifier(shown.title ?? title),
        language: language,
        precision: precision ?? shown.precision ?? 4, page: PageStyle(shown), decimal: shown.decimal)
      let plot = try plot(kind, program, saved, options)
      let theme = theme ?? shown.theme ?? .auto
      return try chosenFormats([kind]).map { format -> DrawnFile in
        guard let own = format.ofFigure, own != .dot else {
          throw Failure.commandLine("a plot is written as svg, png, pdf or tikz, not as \(format.rawValue)")
        }
        let bytes = try plot.data(own, theme: theme)
        return DrawnFile(
          name: "\(kind.name).\(format.ending)", bytes: bytes, format: format,
          words: Words(language), seconds: clock.lap())
      }
    } catch let error as InputError {
      let words = error.description
      throw words.hasPrefix(Terminal.line(file))
        ? Failure.input(words) : Failure.input(file, words, in: lang ?? Program.language(of: text))
    }
  }

  private func plot(
    _ kind: StageChoice, _ program: Program, _ saved: SavedParameters?, _ options: PlotOptions
  ) throws -> Plot {
    guard kind == .depth else {
      let recording = program.record()
      do { try saved?.put(into: recording) } catch { throw Failure.input(error.description) }
      return try program.derivativePlot(of: of ?? "", in: recording, options: options)
    }
    let training = try ProgramTraining(program)
    do { try saved?.put(into: training.recording) } catch { throw Failure.input(error.description) }
    guard let plot = training.depthPlot(options: options) else {
      throw InputError("there is no depth plot: it needs a layer with relu, tanh or sigmoid before the loss")
    }
    if let error = training.error {
      let words = options.words
      Terminal.note("\(Terminal.line(file)): \(words.warningLabel) \(words.failure(error))")
    }
    return plot
  }

  private func chosenFormats(_ choices: [StageChoice]) throws -> [Format] {
    if !formats.isEmpty { return formats }
    guard let output, output != "-", !output.hasSuffix("/") else { return [.svg] }
    let ending = FilePath.ending(output)
    // Whether the folder is there already makes no difference: the same command gives the same files.
    guard !ending.isEmpty, let format = Format(ending: ending) else {
      if ending.isEmpty || choices == [.all] || FilePath.isFolder(output) { return [.svg] }
      throw Failure.commandLine("unknown format `.\(ending)`; use svg, dot, pdf, png, apng, gif, tex, html or json")
    }
    return [format]
  }

  private func chosenStages(_ figures: FigureSet?, _ choices: [StageChoice]) throws -> [Stage] {
    guard let figures else { return [] }
    if !choices.contains(.all) {
      return try choices.compactMap(\.stage).map { stage in
        if let reason = figures.reasonAgainst(stage) {
          let words = figures.words
          throw Failure.input(
            "\(Terminal.line(file)): \(words.errorLabel) \(words.noFigure(stage, because: reason))")
        }
        return stage
      }
    }
    for stage in Stage.defaults {
      if let reason = figures.reasonAgainst(stage) {
        let words = figures.words
        Terminal.note("\(Terminal.line(file)): \(words.noteLabel) \(words.without(stage, because: reason))")
      }
    }
    return figures.stages
  }
}

/// Seconds from one file to the next.
struct Clock {
  private var begin = Date()

  mutating func lap() -> Double {
    let now = Date()
    defer { begin = now }
    return now.timeIntervalSince(begin)
  }
}
