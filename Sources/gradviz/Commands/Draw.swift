import ArgumentParser
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizPlots
import GradvizSystem

/// What `-T` names: a format of figures, or the graph as data.
enum Format: String, CaseIterable, ExpressibleByArgument {
  case svg, dot, pdf, png, json

  /// nil for the graph.
  var ofFigure: FigureFormat? { FigureFormat(rawValue: rawValue) }
}

extension ComputationGraph.Level: ExpressibleByArgument {}
extension Collapse: ExpressibleByArgument {
  /// The level that the words of an option name.
  public init?(argument: String) { self.init(argument) }
}
extension Excerpt.Relatives: ExpressibleByArgument {}
extension ComputationGraph.Presentation.Gradients: ExpressibleByArgument {}
extension ComputationGraph.Presentation.Direction: ExpressibleByArgument {}
extension ComputationGraph.Presentation.Language: ExpressibleByArgument {}
extension ComputationGraph.Presentation.ParameterStyle: ExpressibleByArgument {}
extension ComputationGraph.Presentation.Formulas: ExpressibleByArgument {}
extension ComputationGraph.Presentation.Samples: ExpressibleByArgument {}
extension ComputationGraph.Presentation.CloseUps: ExpressibleByArgument {}
extension ComputationGraph.Presentation.Theme: ExpressibleByArgument {}

/// `all`, one stage, or the plot of a derivative.
enum StageChoice: Equatable, CaseIterable, ExpressibleByArgument {
  case stage(Stage)
  case all, derivative

  static let allCases = Stage.allCases.map(Self.stage) + [.all, .derivative]
  static let allValueStrings = allCases.map(\.name)

  init?(argument: String) {
    guard let choice = Self.allCases.first(where: { $0.name == argument }) else { return nil }
    self = choice
  }

  var name: String {
    switch self {
    case .stage(let stage): stage.rawValue
    case .all: "all"
    case .derivative: "derivative"
    }
  }

  var defaultValueDescription: String { name }

  var stage: Stage? {
    if case .stage(let stage) = self { stage } else { nil }
  }
}

enum LevelChoice: String, CaseIterable, ExpressibleByArgument {
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

struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the figures of a program.",
    discussion: """
      Examples:
        gradviz draw Samples/neuron.grad                       all figures to Output/neuron/
        gradviz draw Samples/neuron.grad --stage backward      one figure to standard output
        gradviz draw net.grad --stage update -o update.pdf     one figure to a file; the extension sets the format
        gradviz draw net.grad -T svg -T dot -o figures/        all figures in two formats to a folder
        gradviz draw net.grad -T json | gradviz draw -         the graph as data, then drawn from it
        gradviz draw net.grad --stage derivative --of w1       the loss as w1 changes: tangent and secants
      """)

  @Argument(
    help: ArgumentHelp("The program (`.grad`) or graph (`.json`); `-` is standard input.", valueName: "file"))
  var file: String

  @Option(
    help: "The figure to draw: \(StageChoice.allValueStrings.joined(separator: ", ")). (default: all)")
  var stage: StageChoice?

  @Option(
    name: [.customShort("T"), .customLong("format")],
    help: "The format: svg, dot, pdf, png or json; may be repeated.")
  var formats: [Format] = []

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The file for one figure, or the folder for several; `-` is standard output.", valueName: "path"))
  var output: String?

  @Option(help: "Significant digits, 1 to 12. (default: 4, and 3 with lanes)")
  var precision: Int?

  @Flag(help: "Show the gradients of the data of a batch.")
  var dataGradients = false

  @Option(help: "The values in brackets: numeric, symbolic or both. (default: numeric)")
  var gradients: ComputationGraph.Presentation.Gradients?

  @Option(
    help:
      "The formulas in the panels: all, or short (those of the parameters and the prediction, and as many others as fit on a page). (default: short)"
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
      "The operations shown close up in a backward figure, each with the tangent to its curve: auto (one of each kind whose slope is the lesson), all or none. (default: auto)"
  )
  var closeUps: ComputationGraph.Presentation.CloseUps?

  @Option(help: "The direction: left to right (LR), or top to bottom (TB) where the page is wide enough. (default: LR)")
  var direction: ComputationGraph.Presentation.Direction?

  @Option(help: "The language of the labels: en or fr. (default: en)")
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
      "Fold the graph: none, samples (the first \(Collapse.samplesShown) and the rest as one), repeats (all steps of a loop between the first and the last as one), layers (one box each), a number of boxes, or auto (none up to \(Collapse.maxBoxesUnfolded) values or \(Collapse.maxArraysUnfolded) arrays). (default: auto)",
      valueName: "level"))
  var collapse: Collapse?

  @Option(
    help: ArgumentHelp(
      "Draw only this value, with the values it depends on and those that depend on it; may be repeated. `w` means all of w1, w2, ….",
      valueName: "name"))
  var only: [String] = []

  @Option(
    help: ArgumentHelp(
      "With `--only`: the values it depends on (ancestors), those that depend on it (descendants), or both. (default: both)",
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
    help: ArgumentHelp("The parameter or input of `--stage derivative`: b, w[1], W[0, 1].", valueName: "name"))
  var of: String?

  @Flag(help: "Also read data files outside the program's folder.")
  var allowDataOutside = false

  @OptionGroup(title: "Page")
  var pageOptions: PageOptions

  @OptionGroup(title: "Limits")
  var limitOptions: LimitOptions

  @Flag(help: "Also draw one frame for each step of the backward pass: backward-1, backward-2, …")
  var steps = false

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
        "`--width` takes \(Int(widths.lowerBound)) to \(Int(widths.upperBound)) points, not \(width)")
    }
    if (stage == .derivative) != (of != nil) {
      throw ValidationError("`--stage derivative` and `--of NAME` must be used together")
    }
    if with != nil, only.isEmpty { throw ValidationError("`--with` needs `--only NAME`") }
    try pageOptions.check(against: theme)
    if output != nil, output?.isEmpty == true { throw ValidationError("`-o` needs a path") }
  }

  func run() throws {
    let limits = limitOptions.limits
    let text = try Files.read(file, limits: limits)
    if let of { return try drawDerivative(of, text) }
    try write(PhaseLine.shown { try draw(text, limits, $0) })
  }

  func write(_ results: [(name: String, bytes: [UInt8])]) throws {
    if results.count == 1, let only = results.first {
      guard let output else { return try Files.write(only.bytes, to: "-") }
      let isFolder = output != "-" && (output.hasSuffix("/") || FilePath.isFolder(output))
      return try Files.write(only.bytes, to: isFolder ? joined(output, only.name) : output)
    }
    if output == "-" {
      throw Failure.commandLine("standard output takes one figure; choose it with `--stage`")
    }
    let name = file == "-" ? "program" : FilePath.stem(file)
    let folder = output ?? "Output/\(name)"
    if FileManager.default.fileExists(atPath: folder), !FilePath.isFolder(folder) {
      throw Failure.commandLine(
        "`-o \(Terminal.line(folder))` is a file, but there are \(results.count) figures; name a folder, or choose one with `--stage`"
      )
    }
    try Files.write(results.map { (joined(folder, $0.name), $0.bytes) })
  }

  private func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}
