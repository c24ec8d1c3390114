import ArgumentParser
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizSystem

struct ExerciseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exercise",
    abstract: "Write an exercise sheet of a program, with its solution.",
    discussion: """
      Examples:
        gradviz exercise net.grad                        gradients to fill in
        gradviz exercise net.grad --blank values         values to fill in
        gradviz exercise net.grad --blank w2,b           some gradients only
        gradviz exercise net.grad --variants 30 -T pdf   a page for each student
        gradviz exercise net.grad -T html                answers are checked
        gradviz exercise net.grad --lang fr -o feuilles/

      Writes `sheet`, whose blanks have the size and place of the missing numbers;
      `solution`, the same sheet with them; and `answers.csv`. Variants differ in
      numbers only, and all numbers of a variant are short decimals, where the
      program's functions have such results. The results of functions such as tanh
      are given, with digits enough to compute with.
      """)

  @Argument(
    help: ArgumentHelp("The program (`.grad`) or graph (`.json`); `-` is standard input.", valueName: "file"),
    completion: .file(extensions: ["grad", "json"]))
  var file: String

  @Option(
    name: .customLong("blank"),
    help: ArgumentHelp(
      "What is to be filled in: gradients, values, or names of values, each with its gradient and, if it is computed, its value; several with commas, or repeated. (default: gradients)",
      valueName: "what"),
    completion: Completions.blanks)
  var blankLists: [String] = []

  @Option(
    help: ArgumentHelp(
      "So many sheets with other parameters, inputs and targets. (default: one with the program's own)",
      valueName: "count"))
  var variants: Int?

  @Option(help: "Other variants for another seed.")
  var seed = 1

  @Option(
    name: [.customShort("T", allowingJoined: true), .customLong("format")],
    help: ArgumentHelp(
      "The format, where a pdf has a page for each variant and html is a page that takes answers; may be repeated. (default: svg)"
    ))
  var formats: [ExerciseFormat] = []

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp("The folder. (default: Output/NAME)", valueName: "path"), completion: .directory)
  var output: String?

  @Flag(name: [.short, .long], help: "Print only warnings and errors.")
  var quiet = false

  @Option(help: "Significant digits, 1 to 12. (default: 4, and 3 with lanes)")
  var precision: Int?

  @Option(
    help:
      "The formulas in the panel: short has those of the parameters and as many others as fit on a page. (default: short)"
  )
  var formulas: ComputationGraph.Presentation.Formulas?

  @Option(help: "The language of the labels. (default: en)")
  var lang: ComputationGraph.Presentation.Language?

  @Option(help: "The colors: print (black and white, with answers in blue), light, dark or auto. (default: print)")
  var theme: ComputationGraph.Presentation.Theme?

  @Option(
    name: .customLong("hide"),
    help: ArgumentHelp(
      "Leave out parts of the figures, as in `gradviz draw`; several with commas, or repeated.", valueName: "part"),
    completion: Completions.parts)
  var hideLists: [WordList<FigureOptions.Part>] = []

  @Option(help: ArgumentHelp("The width of a figure, in points.", valueName: "points"))
  var width: Double?

  @Flag(help: "Also read data files outside the program's folder.")
  var allowDataOutside = false

  @OptionGroup(title: "Page")
  var pageOptions: PageOptions

  @OptionGroup(title: "Limits")
  var limitOptions: LimitOptions

  func validate() throws {
    if let precision, !(1...12).contains(precision) {
      throw ValidationError("`--precision` takes 1 to 12, not \(precision)")
    }
    if let variants, !(1...Self.maxVariants).contains(variants) {
      throw ValidationError("`--variants` takes 1 to \(Self.maxVariants), not \(variants)")
    }
    let widths = ComputationGraph.Presentation.widths
    if let width, !widths.contains(width) {
      throw ValidationError(
        "`--width` takes \(Int(widths.lowerBound)) to \(Int(widths.upperBound)) points, not \(plain(width))")
    }
    if blanks.contains("") {
      throw ValidationError("`--blank` takes gradients, values, or names with commas between them")
    }
    try pageOptions.check(against: theme)
    try output.map { try FilePlaces.requireFolderName($0, of: "an exercise") }
  }

  /// Enough for a school.
  static let maxVariants = 1000

  /// The words of all `--blank`.
  var blanks: [String] { blankLists.isEmpty ? ["gradients"] : blankLists.flatMap(Train.names) }

  var name: String { file == "-" ? "program" : FilePath.stem(file) }

  func run() throws {
    let folder = output ?? "Output/\(name)"
    if let output { try FilePlaces.requireParent(ofFolder: output, option: "-o") }
    let text = try Files.read(file, limits: limitOptions.limits)
    let results = try PhaseLine.shown { try drawn(text, $0) }
    let paths = results.map { FilePath.joined(folder, $0.name) }
    try Files.write(zip(paths, results).map { ($0, $1.bytes) })
    if !quiet { DrawnFile.report(results, at: paths) }
  }
}
