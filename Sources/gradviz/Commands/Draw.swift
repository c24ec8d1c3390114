import ArgumentParser
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizPlots
import GradvizSystem

struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the figures of a program.",
    discussion: """
      Examples:
        gradviz draw net.grad                                  into Output/net/
        gradviz draw Samples/*.grad -o figures/                to figures/NAME/
        gradviz draw net.grad --watch                          after each save
        gradviz draw net.grad --stage backward > backward.svg  one figure
        gradviz draw net.grad --stage update -o update.pdf     as a PDF
        gradviz draw net.grad --stage loss -o loss.tex         for LaTeX, with TikZ
        gradviz draw net.grad --steps -o frames/               step by step
        gradviz draw net.grad --stage backward --animate -o b.svg
        gradviz draw net.grad --steps -T pdf -o slides/        steps as pages
        gradviz draw net.grad --steps -o steps.gif             steps as one picture
        gradviz draw net.grad --hide title,panel,legend        the graph alone
        gradviz draw net.grad -T svg -T dot -o figures/        in two formats
        gradviz draw net.grad -T html                          an interactive page
        gradviz draw net.grad -T json | gradviz draw -         the graph as data
        gradviz draw net.grad --load trained.json              after training
        gradviz draw net.grad --stage derivative --of w1       curve and tangent
        gradviz draw net.grad --stage forward-mode --of x      tangents and adjoints
        gradviz draw net.grad --stage depth                    gradients by layer
      """)

  @Argument(
    help: ArgumentHelp(
      "Programs (`.grad`), graphs (`.json`) and folders of them; `-` is standard input.", valueName: "file"),
    completion: .file(extensions: ["grad", "json"]))
  var files: [String]

  /// The one that is drawn now.
  var file: String { files[0] }

  @Option(
    name: .customLong("stage"),
    help: ArgumentHelp(
      "The figures to draw; several with commas, or repeated. (default: all)", valueName: "stage"),
    completion: Completions.stages)
  var stageLists: [StageList] = []

  @Option(
    name: [.customShort("T", allowingJoined: true), .customLong("format")],
    help: ArgumentHelp(
      "The format, where apng and gif are one picture that moves through the `--steps`, tikz a picture for LaTeX, html one interactive page of all stages and json the graph as data; may be repeated.",
      valueName: "format"))
  var formats: [Format] = []

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp(
      "The file for one figure, or the folder for several; `-` is standard output.", valueName: "path"),
    completion: .file(extensions: Format.allCases.map(\.ending)))
  var output: String?

  @Flag(name: [.short, .long], help: "Print only warnings and errors.")
  var quiet = false

  @Flag(help: "Draw again whenever a file is saved, until Ctrl-C.")
  var watch = false

  @Flag(help: "Show the first figure in the program that opens such files; so does `--open` without a module.")
  var show = false

  @Option(help: "Significant digits, 1 to 12. (default: 4, and 3 with lanes)")
  var precision: Int?

  @Flag(help: "Show the gradients of the data of a batch.")
  var dataGradients = false

  @Option(help: "The values in brackets. (default: numeric)")
  var gradients: ComputationGraph.Presentation.Gradients?

  @Option(
    name: .customLong("hide"),
    help: ArgumentHelp(
      "Leave out parts of the figures, whose pages are so much smaller; several with commas, or repeated.",
      valueName: "part"),
    completion: Completions.parts)
  var hideLists: [WordList<FigureOptions.Part>] = []

  @Option(
    help:
      "The formulas in the panels: short has those of the parameters and the prediction, and as many others as fit on a page. (default: short)"
  )
  var formulas: ComputationGraph.Presentation.Formulas?

  @Option(
    help:
      "The samples of a batch: rows (each in full), table (the first in full, the others as a table), or all (every sample, as numbers). (default: rows up to 4 samples, otherwise table)"
  )
  var samples: ComputationGraph.Presentation.Samples?

  @Option(
    name: .customLong("close-ups"),
    help:
      "The operations shown close up in a backward figure, each with the tangent to its curve; auto shows one of each kind whose slope is the lesson. (default: auto)"
  )
  var closeUps: ComputationGraph.Presentation.CloseUps?

  @Option(help: "The direction: left to right (LR), or top to bottom (TB) where the page is wide enough. (default: LR)")
  var direction: ComputationGraph.Presentation.Direction?

  @Option(help: "The language of the labels. (default: en)")
  var lang: ComputationGraph.Presentation.Language?

  @Option(
    help:
      "The parameters of a batch: repeated in every lane, or shared. (default: repeated in forward and loss, shared in backward and update)"
  )
  var parameters: ComputationGraph.Presentation.ParameterStyle?

  @Option(
    help: ArgumentHelp(
      "The width of a figure, in points; wider figures continue in a second row. (default: 830, and 1140 where that is too narrow)",
      valueName: "points"))
  var width: Double?

  @Option(
    help: ArgumentHelp(
      "Fold the graph: none, samples (the first \(Collapse.samplesShown) and the rest as one), repeats (all steps of a loop between the first and the last as one), layers (one box each), scopes (the modules of a recorded step, or the matrices and heads of attention that its numbers were written out of), a number of boxes, or auto (none up to \(Collapse.maxBoxesUnfolded) values or \(Collapse.maxArraysUnfolded) arrays). (default: auto)",
      valueName: "level"),
    completion: .list(["auto", "none", "samples", "repeats", "layers", "scopes"]))
  var collapse: Collapse?

  @Option(
    help: ArgumentHelp(
      "With `--collapse scopes`: how many levels of modules are told apart. (default: as many as fit on a page)",
      valueName: "levels"))
  var depth: Int?

  @Option(
    help: ArgumentHelp(
      "With `--collapse scopes`: show the parts of this module, such as `h.0.attn`; may be repeated.",
      valueName: "module"),
    completion: Completions.modules)
  var open: [String] = []

  @Option(
    help: ArgumentHelp(
      "Draw only this value, with the values it depends on and those that depend on it; may be repeated. `w` means all of w1, w2, ….",
      valueName: "name"),
    completion: Completions.values)
  var only: [String] = []

  @Option(
    help: ArgumentHelp(
      "With `--only`: the values it depends on (ancestors), or those that depend on it (descendants). (default: both)",
      valueName: "relatives"))
  var with: Excerpt.Relatives?

  @Option(
    help: ArgumentHelp(
      "Refuse figures with more boxes. (default: \(FigureSet.maxBoxes))", valueName: "count"))
  var maxBoxes: Int?

  @Option(
    help: ArgumentHelp(
      "Refuse figures with more arrows. (default: \(FigureSet.maxArrows))", valueName: "count"))
  var maxArrows: Int?

  @Option(
    help:
      "One box per array (tensor), one box per number (scalar), the neurons of a network (neurons), or whichever fits (auto)."
  )
  var level: LevelChoice?

  @Option(
    help: ArgumentHelp(
      "The parameter or input of `--stage derivative`, `forward-mode` (default: the first parameter) or `second-order` (default: all parameters): b, w[1], W[0, 1].",
      valueName: "name"),
    completion: Completions.entries)
  var of: String?

  @Option(
    help: ArgumentHelp(
      "Draw with the parameters of this file, as `gradviz train --save` writes it, instead of the program's own.",
      valueName: "file"),
    completion: .file(extensions: ["json"]))
  var load: String?

  @Option(
    help: ArgumentHelp(
      "What standard input is: the path of a program that an editor has not saved yet, for messages, its title and the data beside it.",
      valueName: "path"))
  var `as`: String?

  @Flag(help: "Also read data files outside the program's folder.")
  var allowDataOutside = false

  @OptionGroup(title: "Page")
  var pageOptions: PageOptions

  @OptionGroup(title: "Limits")
  var limitOptions: LimitOptions

  @Flag(
    help:
      "Also draw one frame for each step of the backward pass: backward-1, backward-2, …, or backward-01 of ten and more; in a PDF the steps are the pages of backward.pdf."
  )
  var steps = false

  @Flag(
    help:
      "Replay the forward pass, backward pass or update in the SVG: once, in less than five seconds, then it is the complete figure, as it is in print and for readers who prefer reduced motion."
  )
  var animate = false

  @Flag(
    help:
      "Write DOT without positions, for another program to lay out: values and operations only; with `--collapse none`, more than 1000 values become plain boxes."
  )
  var noPositions = false

  @Option(
    help: "The colors of an SVG: auto (the reader's color scheme), light, dark or print (black and white).")
  var theme: ComputationGraph.Presentation.Theme?

  func validate() throws {
    if let precision, !(1...12).contains(precision) {
      throw ValidationError("`--precision` takes 1 to 12, not \(precision)")
    }
    if let maxBoxes, maxBoxes < 1 { throw ValidationError("`--max-boxes` takes 1 or more, not \(maxBoxes)") }
    if let maxArrows, maxArrows < 1 {
      throw ValidationError("`--max-arrows` takes 1 or more, not \(maxArrows)")
    }
    let widths = ComputationGraph.Presentation.widths
    if let width, !widths.contains(width) {
      throw ValidationError(
        "`--width` takes \(Int(widths.lowerBound)) to \(Int(widths.upperBound)) points, not \(plain(width))")
    }
    try checkOf()
    if `as` != nil, files != ["-"] { throw ValidationError("`--as` says what standard input is; the file is `-`") }
    if watch, files.contains("-") { throw ValidationError("`--watch` needs files; standard input is read once") }
    if load == "-", files.contains("-") {
      throw ValidationError("`--load -` needs a file for the program; standard input is read once")
    }
    if watch, load == "-" { throw ValidationError("`--watch` needs files; standard input is read once") }
    if watch, output == "-" {
      throw ValidationError("`--watch` needs a file or a folder for the figures, not standard output")
    }
    if let depth, depth < 1 { throw ValidationError("`--depth` takes 1 or more, not \(depth)") }
    if depth != nil || !open.isEmpty, collapse?.word ?? "scopes" != "scopes" {
      throw ValidationError("`--depth` and `--open` need `--collapse scopes`")
    }
    if with != nil, only.isEmpty { throw ValidationError("`--with` needs `--only NAME`") }
    try pageOptions.check(against: theme)
    try checkSteps()
    if asksForPageOnly || formats.contains(.html) {
      if let stage = stages.first(where: { $0 != .all }) {
        throw ValidationError("`-T html` is one page of all stages; leave out `--stage \(stage.name)`")
      }
      if !only.isEmpty { throw ValidationError("`-T html` shows every value; leave out `--only`") }
    }
    if output != nil, output?.isEmpty == true { throw ValidationError("`-o` needs a path") }
  }
}
