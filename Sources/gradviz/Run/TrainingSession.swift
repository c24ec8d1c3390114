import Autograd
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizPlots
import GradvizSystem

/// Whether Ctrl-C has been pressed since training started.
enum Interruption {
  // A signal handler may only set a flag: a single word, written once and read between steps.
  private nonisolated(unsafe) static var flag: sig_atomic_t = 0

  static var isAsked: Bool { flag != 0 }

  /// From now on, Ctrl-C requests a stop; a second one ends the program at once.
  static func watch() {
    flag = 0
    // The parent process may have blocked the signals.
    var interrupt = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    sigaddset(&interrupt, SIGTERM)
    sigprocmask(SIG_UNBLOCK, &interrupt, nil)
    signal(SIGINT) { _ in
      Interruption.flag = 1
      signal(SIGINT, SIG_DFL)
    }
  }
}

/// A training run on the command line: its progress, figures and files.
struct TrainingSession {
  let training: ProgramTraining
  /// The program's, for warnings.
  let file: String
  let folder: String
  let formats: [FigureFormat]
  let theme: ComputationGraph.Presentation.Theme
  let options: PlotOptions
  let isQuiet: Bool
  private var written: [String] = []
  /// The error of standard output, reported once the files are written.
  private var unsaid: (any Error)?
  private let files: FileGroup
  private let history: HistoryFile
  /// The file for the parameters; nil for standard output as well.
  private let saved: PendingFile?
  private let isSavedToOutput: Bool
  /// The steps whose update is drawn.
  private let figures: Set<Int>
  /// The graphs of the steps whose updates are drawn.
  private var chosen: [(step: Int, graph: ComputationGraph)] = []

  /// - Throws: before training, if a file of the run cannot be created.
  init(
    training: ProgramTraining, file: String, folder: String, formats: [FigureFormat],
    theme: ComputationGraph.Presentation.Theme, options: PlotOptions, figures: Set<Int>, save: String?, isQuiet: Bool
  ) throws {
    // What the flags of `train` say, each once.
    self.training = training
    self.file = file
    self.folder = folder
    self.formats = formats
    self.theme = theme
    self.options = options
    self.isQuiet = isQuiet
    self.figures = figures
    let files = FileGroup()
    self.files = files
    isSavedToOutput = save == "-"
    saved = try save.flatMap { $0 == "-" ? nil : try PendingFile($0, in: files) }
    history = try HistoryFile(folder: folder, in: files)
    let others = ["descent", "parameters"] + figures.sorted().map { "update-\($0)" }
    let places = try others.flatMap { name in
      try formats.map { try PendingFile.place(of: "\(folder)/\(name).\($0.ending)") }
    }
    if let saved, ([history.place] + places).map(FileGroup.absolute).contains(FileGroup.absolute(saved.place)) {
      throw Failure.commandLine("`--save \(Terminal.line(saved.path))` is a file that the training run itself writes")
    }
  }

  // MARK: Training

  mutating func run() throws {
    Interruption.watch()
    var progress = TrainingProgress(steps: training.plan.steps, words: options.words, isQuiet: isQuiet)
    do {
      while !Interruption.isAsked {
        let isChosen = figures.contains(training.step)
        if isChosen || training.step == 0, !training.isDone {
          training.prepareStep()
          if training.step == 0 { warn() }
          if isChosen { chosen.append((training.step, training.graph())) }
        }
        guard let step = try training.next() else { break }
        try history.add(step)
        progress.show(step)
      }
      try training.finish()
    } catch let error as TrainingError {
      progress.end()
      try stop(error)
    }
    progress.end()
    if Interruption.isAsked { note(options.words.stopped(after: training.step, of: training.plan.steps)) }
    guard !isQuiet else { return }
    try printSummary()
  }

  private mutating func say(_ text: String) {
    do { try Terminal.print(text) } catch { unsaid = unsaid ?? error }
  }

  private mutating func printSummary() throws {
    let words = options.words
    let format = words.numbers(6)
    let first = (training.initialLoss ?? training.losses.first?.value).map(format.text) ?? "–"
    say(
      words.trained(
        training.program.lossName, from: first, to: format.text(training.finalLoss ?? .nan), steps: training.step))
    guard !training.program.metricNames.isEmpty else { return }
    let own = try training.evaluate(training.plan.trainingRows).metrics
    let other =
      training.plan.heldOutRows.isEmpty ? nil : try training.evaluate(training.plan.heldOutRows).metrics
    for (index, metric) in own.enumerated() {
      say(
        words.metric(metric.name, format.text(metric.value), heldOut: other.map { format.text($0[index].value) }))
    }
  }

  /// Writes the results so far, draws the graph of the failing step, and reports the error.
  private mutating func stop(_ error: TrainingError) throws -> Never {
    var shown = ""
    var graph = training.graph()
    graph.presentation.title = title(of: graph, step: error.step)
    if let figures = try? FigureSet(graph, options: .init(language: options.language)) {
      let stage = error.fault.flatMap { Stage(rawValue: $0.pass.rawValue) } ?? .forward
      var figure = try figures.figure(stage)
      figure.page = options.page
      for format in formats {
        guard let bytes = try? figure.data(format, theme: theme) else { continue }
        let path = FilePath.joined(folder, "diverged.\(format.ending)")
        try files.add(bytes, to: path)
        shown = options.words.see(Terminal.line(path))
      }
    }
    try history.finish(step: error.step, loss: error.loss)
    try addUpdates()
    try add([
      ("descent", training.descentPlot(options: options)), ("parameters", training.parameterPlot(options: options)),
    ])
    try files.commit()
    throw Failure.input("gradviz: \(options.words.errorLabel) \(options.words.failure(error))\(shown)")
  }

  private func title(of graph: ComputationGraph, step: Int) -> String {
    (graph.presentation.title ?? options.title) + ", " + options.words.step(step)
  }

  /// Warnings about numbers of the first step that are not finite: training may still succeed.
  private func warn() {
    var graph = training.graph(level: .tensor)
    graph.presentation.language = options.language
    for warning in graph.nonFiniteWarnings(values: true) {
      note("\(Terminal.line(file)): \(options.words.warningLabel) \(warning)")
    }
  }

  /// Draws the updates of the chosen steps so far, all on one sheet.
  private mutating func addUpdates() throws {
    let graphs = chosen.map { step, graph in
      var graph = graph
      graph.presentation.title = title(of: graph, step: step)
      return graph
    }
    let sets = try FigureSet.alike(graphs, options: .init(language: options.language))
    for ((step, _), set) in zip(chosen, sets) {
      var figure = try set.figure(.update)
      figure.page = options.page
      for format in formats {
        try files.add(figure.data(format, theme: theme), to: FilePath.joined(folder, "update-\(step).\(format.ending)"))
      }
    }
    let names = chosen.flatMap { step, _ in formats.map { "update-\(step).\($0.ending)" } }
    written += names.count <= Self.maxNames ? names : [names[0], "…", names[names.count - 1]]
  }

  /// More figures of updates are named by the first and the last.
  private static let maxNames = 4

  // MARK: Files

  /// Writes all results and saves the parameters: all files, or none.
  mutating func write(other: TrainingComparison?, landscape: [String]?) throws {
    try history.finish(step: training.step, loss: training.finalLoss ?? .nan)
    try addUpdates()
    try add([
      ("descent", training.descentPlot(others: [other].compactMap { $0 }, options: options)),
      ("parameters", training.parameterPlot(options: options)),
      ("decision", training.decisionPlot(options: options)),
      ("fit", training.fitPlot(options: options)),
      (
        "landscape",
        try training.landscapePlot(
          landscape, others: [other].compactMap { $0 }, options: options)
      ),
    ])
    // Parameters that cannot be saved do not prevent the plots from being written.
    var unsaved: (any Error)?
    do { try save() } catch { unsaved = error }
    try files.commit()
    if !isQuiet { say(Terminal.line(folder) + options.words.colon + "history.csv, " + written.joined(separator: ", ")) }
    if let error = unsaved ?? unsaid { throw error }
  }

  private func save() throws {
    guard saved != nil || isSavedToOutput else { return }
    let bytes: Data
    do { bytes = try training.parameters.encodeJSON() } catch {
      throw Failure.input(
        "\(Terminal.line(saved?.path ?? "-")): error: a parameter is not finite, and JSON cannot represent it")
    }
    guard let saved else { return try Terminal.write(Array(bytes)) }
    try saved.write(bytes)
    try files.add(saved)
  }

  private mutating func add(_ plots: [(name: String, plot: Plot?)]) throws {
    for (name, plot) in plots {
      guard let plot else { continue }
      for format in formats {
        let bytes = try plot.data(format, theme: theme)
        try files.add(bytes, to: FilePath.joined(folder, "\(name).\(format.ending)"))
        written.append("\(name).\(format.ending)")
      }
    }
  }

  private func note(_ text: String) { Terminal.note(text) }
}
