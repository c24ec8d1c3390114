import ArgumentParser
import Autograd
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizPlots
import GradvizSystem

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a program and draw the results.",
    discussion: """
      Examples:
        gradviz train Samples/moons.grad              into Output/moons/
        gradviz train net.grad --figures 0,10,last    with the update of these steps
        gradviz train net.grad --steps 500 --save trained.json
        gradviz train net.grad --load trained.json    from there on
        gradviz train net.grad --compare sgd          beside plain gradient descent

      Writes history.csv and the plots that fit the program: descent, parameters,
      decision (two features and classes), fit (one feature), landscape (two
      parameters). Ctrl-C finishes the step and writes the results so far.

      How the gradients of the layers fare during training is a plot of its own:
      gradviz draw net.grad --stage depth
      """)

  @Argument(
    help: ArgumentHelp("The program (`.grad`); `-` is standard input.", valueName: "file"),
    completion: .file(extensions: ["grad"]))
  var file: String

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp("The folder for all files. (default: Output/<name>)", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Option(help: "The number of steps. (default: the program's `steps`, else 100)")
  var steps: Int?

  @Option(
    help: ArgumentHelp("Write the trained parameters to a file.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var save: String?

  @Option(
    help: ArgumentHelp("Start from saved parameters.", valueName: "file"), completion: .file(extensions: ["json"]))
  var load: String?

  @Option(help: ArgumentHelp("The steps whose update is drawn: numbers and `last`.", valueName: "0,10,last"))
  var figures: String?

  @Option(
    help: ArgumentHelp("Draw the loss over two parameters, such as w1,b.", valueName: "names"),
    completion: Completions.parameterPairs)
  var landscape: String?

  @Option(
    help: ArgumentHelp(
      "Train again with another optimizer and draw both descents: \(Optimizer.names.joined(separator: ", ")).",
      valueName: "optimizer"),
    completion: .list(Optimizer.names))
  var compare: String?

  @Option(
    name: [.customShort("T", allowingJoined: true), .customLong("format")],
    help: ArgumentHelp("The format of the pictures; may be repeated.", valueName: "format"))
  var formats: [PlotFormat] = []

  @Option(help: "The colors: the reader's color scheme (auto), light, dark, or black and white (print).")
  var theme: ComputationGraph.Presentation.Theme?

  @Option(help: "The language of the plots and of the report.")
  var lang: ComputationGraph.Presentation.Language?

  @Flag(help: "Also read data files outside the program's folder.")
  var allowDataOutside = false

  @OptionGroup(title: "Page")
  var pageOptions: PageOptions

  @OptionGroup(title: "Limits")
  var limitOptions: LimitOptions

  @Flag(name: [.short, .long], help: "Print only warnings and errors.")
  var quiet = false

  func validate() throws {
    let most = limitOptions.limits.steps
    if let steps, !(1...most).contains(steps) {
      throw ValidationError(
        "`--steps` takes 1 to \(most), not \(steps)"
          + (steps > most ? "; `--max-steps` raises the limit" : ""))
    }
    try pageOptions.check(against: theme)
    try output.map { try FilePlaces.requireFolderName($0, of: "a training run") }
    if let compare, !Optimizer.names.contains(compare) {
      throw ValidationError(
        "unknown optimizer `\(compare)` in `--compare`; expected one of \(Optimizer.names.joined(separator: ", "))"
      )
    }
    if figures != nil, chosenSteps(count: 1) == nil {
      throw ValidationError("`--figures` takes step numbers and `last`, such as 0,10,last")
    }
  }

  func run() throws {
    try output.map { try FilePlaces.requireParent(ofFolder: $0, option: "-o") }
    try save.map { try FilePlaces.requireParent(ofFolder: FilePath.folder($0), option: "--save") }
    let program = try loadProgram()
    let language = lang ?? program.settings.presentation.language
    let plan = program.plan
    let training: ProgramTraining
    do {
      training = try ProgramTraining(program, plan: plan)
    } catch {
      throw Failure.input(file, "\(error)", in: language)
    }
    if let load {
      let saved = try SavedParameters(load, limits: limitOptions.limits, language)
      do { try saved.put(into: training.recording) } catch { throw Failure.input(error.description) }
    }
    var shown = program.settings.presentation
    pageOptions.apply(to: &shown)
    let options = PlotOptions(
      title: shown.title ?? name, id: FigureSet.identifier(name), language: lang ?? shown.language ?? .english,
      precision: shown.precision ?? 4, page: PageStyle(shown), decimal: shown.decimal)
    let names = landscape.map(Self.names)
    do {
      if let names { try training.requireLandscape(names) }
    } catch {
      throw Failure.input(file, "\(error)", in: language)
    }
    let figures = chosenSteps(count: plan.steps) ?? []
    if let far = figures.max(), far >= plan.steps {
      throw Failure.commandLine(
        "`--figures` asks for step \(far), but the training has \(plan.steps) steps, 0 to \(plan.steps - 1)")
    }
    var session = try TrainingSession(
      training: training, file: file, folder: output ?? "Output/\(name)",
      formats: formats.isEmpty ? [.svg] : formats.compactMap(\.ofFigure),
      theme: theme ?? shown.theme ?? .auto, options: options, figures: figures,
      save: save, isQuiet: quiet)
    try session.run()
    do {
      let other = try compare.map { name throws(InputError) in
        try TrainingComparison(program, plan: plan, with: name) { Interruption.isAsked }
      }
      try session.write(other: other, landscape: names)
    } catch let error as InputError {
      throw Failure.input(file, "\(error)", in: language)
    }
  }

  private var name: String {
    file == "-" ? "program" : FilePath.stem(file)
  }

  private func loadProgram() throws -> Program {
    do {
      let text = try Files.read(file, limits: limitOptions.limits)
      guard !ComputationGraph.isJSON(text, path: file) else {
        throw Failure.input(file, "a graph is one step; training needs a program (`.grad`)", in: lang)
      }
      let program = try Program.load(
        text: text, path: file, steps: steps, limits: limitOptions.limits, allowsDataOutside: allowDataOutside,
        language: lang)
      let language = lang ?? program.settings.presentation.language ?? .english
      for warning in program.warnings { Terminal.note(warning.rendered(file: file, language: language)) }
      return program
    } catch let error as InputError {
      throw Failure.input(error.description)
    }
  }

  /// The steps to draw, of `count`; nil if the option is malformed.
  private func chosenSteps(count: Int) -> Set<Int>? {
    guard let figures else { return [] }
    var steps = Set<Int>()
    for word in figures.split(separator: ",") {
      let word = word.trimmed
      if word == "last" {
        steps.insert(count - 1)
      } else if let number = Int(word), number >= 0 {
        steps.insert(number)
      } else {
        return nil
      }
    }
    return steps.isEmpty ? nil : steps
  }

  /// The names between commas, except for those within brackets: `W[0, 1],b`.
  static func names(_ list: String) -> [String] {
    var (names, isInside) = ([""], false)
    for character in list {
      isInside = character == "[" || isInside && character != "]"
      if character == ",", !isInside { names.append("") } else { names[names.count - 1].append(character) }
    }
    return names.map(\.trimmed)
  }
}
