import ArgumentParser
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizSystem

struct Derive: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the whole derivation of a program.",
    discussion: """
      Examples:
        gradviz derive net.grad                         as text
        gradviz derive net.grad -o net.tex              for LaTeX, with amsmath
        gradviz derive net.grad -T md > derivation.md   as Markdown with formulas
        gradviz derive net.grad -T mathml -o net.html   for browsers and EPUB
        gradviz derive net.grad --stage backward        the chain rule alone
        gradviz derive net.grad --load trained.json     as it is after training

      Every value, the loss, and the chain rule for every gradient, with names,
      rules and numbers; the gradient of a shared parameter is a sum over its uses.
      """)

  @Argument(
    help: ArgumentHelp("The program (`.grad`) or graph (`.json`); `-` is standard input.", valueName: "file"),
    completion: .file(extensions: ["grad", "json"]))
  var file: String

  @Option(
    name: [.customShort("T", allowingJoined: true), .customLong("format")],
    help: ArgumentHelp("The notation. (default: that of the file's ending, else txt)", valueName: "format"))
  var format: Derivation.Format?

  @Option(
    name: .customLong("stage"),
    help: ArgumentHelp("The stages to write; several with commas, or repeated. (default: all)", valueName: "stage"),
    completion: Completions.derivedStages)
  var stages: [WordList<Derivation.Part>] = []

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp("The file; `-` is standard output. (default: standard output)", valueName: "path"),
    completion: .file(extensions: ["txt", "md", "tex", "html"]))
  var output: String?

  @Option(help: "Significant digits, 1 to 12. (default: 4, and 3 with lanes)")
  var precision: Int?

  @Option(help: "The language of the words. (default: en)")
  var lang: ComputationGraph.Presentation.Language?

  @Option(help: "One equation per array (tensor), or per number (scalar). (default: as in the figures)")
  var level: ComputationGraph.Level?

  @Option(
    help: ArgumentHelp(
      "Write with the parameters of this file, as `gradviz train --save` writes it, instead of the program's own.",
      valueName: "file"),
    completion: .file(extensions: ["json"]))
  var load: String?

  @Flag(help: "Also derive the gradients of the data of a batch.")
  var dataGradients = false

  @Flag(help: "Also read data files outside the program's folder.")
  var allowDataOutside = false

  @OptionGroup(title: "Limits")
  var limitOptions: LimitOptions

  func validate() throws {
    if let precision, !(1...12).contains(precision) {
      throw ValidationError("`--precision` takes 1 to 12, not \(precision)")
    }
    if load == "-", file == "-" {
      throw ValidationError("`--load -` needs a file for the program; standard input is read once")
    }
    if output != nil, output?.isEmpty == true { throw ValidationError("`-o` needs a path") }
    if format == nil, let output, output != "-", Self.format(of: output) == nil {
      throw ValidationError(
        "`-o \(Terminal.line(output))` has the ending of no format; add `-T txt`, md, tex or mathml")
    }
  }

  func run() throws {
    if let output, output != "-" { try FilePlaces.requireParent(ofFolder: FilePath.folder(output), option: "-o") }
    let text = try Files.read(file, limits: limitOptions.limits)
    let saved = try SavedParameters(load, for: file, text, limits: limitOptions.limits, lang)
    let loaded: LoadedGraph
    do {
      loaded = try ComputationGraph.load(
        text: text, path: file, level: level, limits: limitOptions.limits, allowsDataOutside: allowDataOutside,
        language: lang, change: saved?.put)
    } catch {
      throw Failure.input(error.description)
    }
    for warning in loaded.warnings { Terminal.note(warning) }
    let derivation: Derivation
    do {
      derivation = try Derivation(
        loaded.graph, options: FigureOptions(precision: precision, language: lang, dataGradients: dataGradients))
    } catch {
      throw Failure.input(file, "\(error)", in: lang ?? loaded.graph.presentation.language)
    }
    let parts = stages.isEmpty ? Derivation.Part.allCases : stages.flatMap(\.words)
    let format = format ?? output.flatMap(Self.format) ?? .plain
    try Files.write(Array(derivation.text(format, parts: parts).utf8), to: output ?? "-")
  }

  private static func format(of path: String) -> Derivation.Format? {
    let ending = FilePath.ending(path).lowercased()
    return ["html", "htm", "xhtml"].contains(ending) ? .mathML : Derivation.Format(rawValue: ending)
  }
}
