import Autograd
import GradLanguage
import GradvizDOT
import GradvizExplorer
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizPlots
import GradvizSystem

/// The result of drawing a block: the contents of its figure files, and its table.
struct BlockDrawing: Sendable {
  struct Picture: Sendable {
    /// Such as `backward`, `backward-1` or `descent`.
    var name: String
    var description: String
    var light: Sheet
    /// The dark version, if there are two files.
    var dark: Sheet?
  }

  /// The contents of a figure file.
  struct Sheet: Sendable {
    let bytes: [UInt8]
    let fingerprint: String

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      fingerprint = Fingerprint(of: bytes).text()
    }
  }

  /// An interactive page.
  struct Page: Sendable {
    var title: String
    var sheet: Sheet
    /// In pixels, in a column of text.
    var height: Int
    /// What a link to it says.
    var invitation: String
  }

  var pictures: [Picture] = []
  /// The explorer, if the block asks for one.
  var page: Page?
  /// The lines of a Markdown table.
  var table: [String] = []
  /// Warnings that do not prevent drawing, such as the first value that is not finite.
  var warnings: [Diagnostic] = []
  /// That of the program's `lang`, in which its warnings are.
  var language = ComputationGraph.Presentation.Language.english
  /// The data files that were read.
  var dependencies: [String] = []
}

/// Records which files are read.
final class FileReads {
  var paths: [String] = []
}

/// Draws the program of a block according to its options.
struct BlockDrawer {
  let program: BlockProgram
  let options: BlockOptions
  /// The title of the figures if neither the program nor the options have one.
  let title: String
  let host: PageHost
  let format: FigureFormat
  /// That of the page, for a program that names none.
  let language: ComputationGraph.Presentation.Language?
  let root: String
  let reads: FileReads

  /// The reason why a block is not drawn.
  enum Fault: Error {
    /// Its errors, in the language of its figures.
    case program(DiagnosticList, ComputationGraph.Presentation.Language)
    /// About the whole block, or about one option.
    case block(String, BlockOptions.Key?)
  }

  func drawing() throws(Fault) -> BlockDrawing {
    if ComputationGraph.isJSON(program.text, path: program.dataFile) { return try drawingOfGraph() }
    var result = BlockDrawing()
    let program = try parsed()
    result.dependencies = reads.paths
    let recording = program.record()
    var graph = program.graph(of: recording, level: .tensor)
    result.language = language(of: program.settings.presentation.language)
    graph.presentation.language = result.language
    result.warnings = program.allWarnings(recording, graph)
    // What the program's own lines do not say, as `draw` does.
    result.warnings += graph.nonFiniteWarnings(values: result.warnings.isEmpty).compactMap(
      program.warningAtLoss)
    var pictures = options.pictures
    if pictures == nil {
      switch program.settings.stage {
      case "all": pictures = BlockOptions.Picture.defaults
      case let stage?: pictures = BlockOptions.Picture(name: stage).map { [$0] }
      case nil: break
      }
    }
    // A frame shows every stage.
    if options.explorer != nil, options.pictures == nil, showsFrame { pictures = [] }
    let chosen = pictures ?? [.stage(program.lossName == nil ? .forward : .backward)]
    if chosen.contains(where: { $0.stage != nil }) || options.hasTable {
      let level = options.level ?? (chosen.count == 1 && chosen[0].stage?.isOfNumbers ?? false ? .scalar : nil)
      try drawStages(program.drawnGraph(of: program.record(), level: level), chosen, &result)
    }
    if chosen.contains(where: { $0.stage == nil }) { try drawPlots(program, chosen, &result) }
    if options.explorer != nil { result.page = try page(program) }
    result.pictures = chosen.flatMap { picture in
      result.pictures.filter { $0.name == picture.name || $0.name.hasPrefix("\(picture.name)-") }
    }
    return result
  }

  private func parsed() throws(Fault) -> Program {
    let folder = DataFolder(besideFile: program.dataFile, within: root)
    do {
      return try Program.parse(program.source) { path in
        if let file = try? folder.path(path) { reads.paths.append(file) }
        return try folder.read(path)
      }
    } catch {
      throw .program(error, language(of: Program.language(of: program.text)))
    }
  }

  // MARK: Stages

  /// The language of the figures and of what is said about the program: the block's, the program's or the page's.
  private func language(of own: BlockOptions.Presentation.Language?) -> BlockOptions.Presentation.Language {
    options.presentation.language ?? own ?? language ?? .english
  }

  private func presentation(_ own: BlockOptions.Presentation) -> BlockOptions.Presentation {
    var shown = own
    let asked = options.presentation
    shown.title = asked.title ?? own.title ?? title
    shown.caption = asked.caption ?? own.caption
    shown.precision = asked.precision ?? own.precision
    shown.gradients = asked.gradients ?? own.gradients
    shown.direction = asked.direction ?? own.direction
    shown.language = asked.language ?? own.language ?? language
    shown.parameters = asked.parameters ?? own.parameters
    shown.formulas = asked.formulas ?? own.formulas
    shown.samples = asked.samples ?? own.samples
    shown.closeUps = asked.closeUps ?? own.closeUps
    shown.width = asked.width ?? own.width
    shown.scale = asked.scale ?? own.scale
    shown.background = asked.background ?? own.background
    shown.view = asked.view ?? own.view
    return shown
  }

  /// A graph in whose language a message about the page's text is: these are English, after an English `error:`.
  private static func inEnglish(_ graph: ComputationGraph) -> ComputationGraph {
    var graph = graph
    (graph.presentation.language, graph.presentation.decimal) = (.english, .point)
    return graph
  }

  func drawStages(
    _ graph: ComputationGraph, _ chosen: [BlockOptions.Picture], _ result: inout BlockDrawing
  ) throws(Fault) {
    var graph = graph
    graph.presentation = presentation(graph.presentation)
    if options.hasTable { result.table = ValueTable.lines(graph) }
    let theme = graph.presentation.theme
    let stages = chosen.compactMap(\.stage)
    guard !stages.isEmpty else { return }
    if options.animates, format != .svg { throw .block("only an SVG replays its stage", .animate) }
    do {
      var figureOptions = FigureOptions(collapse: options.collapse, hiddenParts: options.hiddenParts)
      figureOptions.of = options.of.first
      let figures = try FigureSet(graph, options: figureOptions)
      for stage in stages {
        let english = Words(.english)
        if let reason = figures.reasonAgainst(stage, english) {
          throw Fault.block(english.noFigure(stage, because: reason), .stage)
        }
        let figure = try figures.figure(stage)
        result.pictures.append(
          try picture(stage.rawValue, figure.description, theme) {
            try options.animates
              ? Array(figures.animatedSVG(stage, theme: $0).utf8) : figure.data(format, theme: $0)
          })
        guard options.hasSteps, stage == .backward else { continue }
        for step in 0..<figures.stepCount {
          let frame = try figures.frame(step + 1)
          result.pictures.append(
            try picture(figures.frameName(step + 1), frame.title + ".", theme) {
              try frame.data(format, theme: $0)
            })
        }
      }
      if options.hasSteps, !stages.contains(.backward) {
        throw Fault.block("`steps` belongs to `stage=backward`", .steps)
      }
    } catch let fault as Fault {
      throw fault
    } catch {
      throw .block("\(error)", nil)
    }
  }

  private func picture(
    _ name: String, _ description: String, _ own: BlockOptions.Presentation.Theme?,
    _ bytes: (BlockOptions.Presentation.Theme) throws -> [UInt8]
  ) throws -> BlockDrawing.Picture {
    let description = options.alt ?? description
    var theme = options.theme ?? own.flatMap { BlockOptions.Theme(rawValue: $0.rawValue) } ?? .auto
    // DocC has its own switch between light and dark.
    if host == .catalog, theme == .auto { theme = .both }
    if theme == .both, format == .pdf {
      throw Fault.block("a PDF cannot follow its reader: `theme=both` is for svg and png", .theme)
    }
    if theme == .both {
      return .init(
        name: name, description: description, light: .init(try bytes(.light)), dark: .init(try bytes(.dark)))
    }
    return .init(
      name: name, description: description,
      light: .init(try bytes(BlockOptions.Presentation.Theme(rawValue: theme.rawValue) ?? .auto)))
  }

  // MARK: The explorer

  var showsFrame: Bool { host.showsFrame(options.explorer) }

  private func page(_ program: Program) throws(Fault) -> BlockDrawing.Page {
    let recording = program.record()
    var graph = program.drawnGraph(
      of: recording, level: program.level(of: recording, maxNumbers: Explorer.maxValues))
    graph.presentation = presentation(graph.presentation)
    if let theme = options.theme { graph.presentation.theme = .init(rawValue: theme.rawValue) }
    if let reason = Explorer.reasonAgainst(Self.inEnglish(graph)) { throw .block(reason, .explorer) }
    do {
      let explorer = try Explorer(graph, optimizer: recording.tape.optimizer)
      let words = Words(graph.presentation.language ?? .english)
      let invitation = words.word("Step through this computation", "Parcourez ce calcul pas à pas")
      let change = explorer.canBeChanged ? words.word(", and change its numbers", ", et changez ses nombres") : ""
      return BlockDrawing.Page(
        title: graph.presentation.title ?? title, sheet: .init(Array(explorer.html.utf8)), height: explorer.frameHeight,
        invitation: invitation + change)
    } catch {
      throw .block("\(error)", .explorer)
    }
  }

  // MARK: Plots

  /// A plot's title and description, for screen readers.
  private static func sentence(_ plot: Plot, _ kind: BlockOptions.Picture.Plot) -> String {
    let words = plot.description
    // A name keeps its letters.
    let beginsWithName = kind == .descent || kind == .parameters
    let start = beginsWithName ? words : words.prefix(1).uppercased() + words.dropFirst()
    return "\(plot.title). \(start)" + (words.hasSuffix(".") ? "" : ".")
  }

  private func drawPlots(
    _ program: Program, _ chosen: [BlockOptions.Picture], _ result: inout BlockDrawing
  ) throws(Fault) {
    let shown = presentation(program.settings.presentation)
    let plotOptions = PlotOptions(
      title: shown.title ?? title, id: FigureSet.identifier(shown.title ?? title),
      language: shown.language ?? .english, precision: shown.precision ?? 4,
      page: PageStyle(shown), decimal: shown.decimal)
    do {
      var training: TrainedProgram?
      for kind in chosen.compactMap(\.plot) {
        let plot: Plot?
        if kind == .derivative {
          plot = try program.derivativePlot(of: options.of.first ?? "", options: plotOptions)
        } else if kind == .depth {
          plot = try ProgramTraining(program).depthPlot(options: plotOptions)
        } else {
          let trained = try training ?? TrainedProgram(program, compare: options.compare)
          training = trained
          plot = try trained.plot(kind, of: options.of, options: plotOptions)
        }
        guard let plot else {
          throw Fault.block(
            "there is no \(kind.rawValue) plot: \(TrainedProgram.reasonAgainst(kind))", .stage)
        }
        result.pictures.append(
          try picture(kind.rawValue, Self.sentence(plot, kind), shown.theme) { try plot.data(format, theme: $0) })
      }
    } catch let fault as Fault {
      throw fault
    } catch let error as InputError {
      throw .block(error.description, options.of.isEmpty ? .stage : .of)
    } catch {
      throw .block("\(error)", nil)
    }
  }
}
