import ArgumentParser
import Autograd
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizSystem

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Compare every parameter's gradient with central differences, or a graph's numbers with each other.",
    usage: "gradviz check [<options>] <file> ...",
    discussion: """
      Examples:
        gradviz check Samples/*.grad
        gradviz check net.grad --against torch.json   another framework's gradients
        gradviz check torch.json                      the graph's own numbers
        gradviz check net.grad --json | jq .files     the results as data
        gradviz check net.grad --watch                after each save

      A kink, where the slope is undefined, is reported and passes; so does a
      difference too small to measure. In a graph (`.json`), every value, gradient
      and update is recomputed from the others. The exit status is 1 if something
      disagrees or a file cannot be checked.
      """)

  @Argument(
    help: ArgumentHelp("Programs (`.grad`) and graphs (`.json`).", valueName: "file"),
    completion: .file(extensions: ["grad", "json"]))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Compare with the gradients of a graph (`.json`), such as one that another framework computed.",
      valueName: "graph"),
    completion: .file(extensions: ["json"]))
  var against: String?

  @Flag(help: "Print the results as one JSON document.")
  var json = false

  @Option(help: "The language of the report. (default: the program's)")
  var lang: ComputationGraph.Presentation.Language?

  @Flag(help: "Also read data files outside the program's folder.")
  var allowDataOutside = false

  @OptionGroup(title: "Limits")
  var limitOptions: LimitOptions

  @Flag(name: [.short, .long], help: "Print only warnings and errors.")
  var quiet = false

  @Flag(help: "Check again whenever a file is saved, until Ctrl-C.")
  var watch = false

  func validate() throws {
    if against != nil, files.count != 1 { throw ValidationError("`--against` takes one program") }
    if watch, json { throw ValidationError("`--json` and `--watch` cannot be used together") }
    if watch, (files + (against.map { [$0] } ?? [])).contains("-") {
      throw ValidationError("`--watch` needs files; standard input is read once")
    }
  }

  func run() throws {
    guard watch else { return try check(files) }
    ProgramWatch(files: files.map { ($0, against.map { [$0] } ?? []) }).run { place, _ in try check([files[place]]) }
  }

  private func check(_ files: [String]) throws {
    var tally = CheckTally(reference: against.map(Terminal.line), words: lang.map { Words($0) })
    for file in files {
      do {
        try check(file, &tally)
      } catch let failure as Failure where failure.status == 1 && (json || files.count > 1) {
        Terminal.note(failure.message)
        tally.addUnchecked(file, failure.message)
      }
      tally.files += 1
    }
    if json { try Terminal.write(tally.json()) }
    let words = tally.words ?? Words(.english)
    let summary = tally.summary(words)
    guard tally.isGood else { throw Failure.input("gradviz: \(words.errorLabel) \(summary)") }
    if !quiet, !json { try Terminal.print(summary) }
  }

  private func check(_ file: String, _ tally: inout CheckTally) throws {
    let text = try Files.read(file, limits: limitOptions.limits)
    if ComputationGraph.isJSON(text, path: file) {
      guard against == nil else { throw Failure.commandLine("`--against` takes a program, not a graph") }
      return try checkGraph(file, text, &tally)
    }
    let program = try load(file, text)
    let words = words(program.settings.presentation, &tally)
    func fail(_ message: String) -> Failure {
      Failure.input("\(Terminal.line(file)): \(words.errorLabel) \(message)")
    }
    if let against { return try compare(program, with: against, file, &tally) }
    let recording = program.record()
    guard let loss = recording.loss else { throw fail(words.noLossToCheck) }
    // Two forward passes for each parameter entry.
    let limits = limitOptions.limits
    let passes = 2 * recording.tape.elements(of: [.parameter]).count
    guard Double(passes) * program.operationsOfStep <= Double(limits.operations) else {
      throw Failure.input(
        file,
        "checking takes \(passes) forward passes, more than \(limits.operations) operations in all;"
          + " `--max-operations` raises the limit", in: words.language)
    }
    let graph = program.graph(of: recording, level: .tensor)
    for warning in program.allWarnings(recording, graph) {
      Terminal.note(warning.rendered(file: file, language: words.language))
    }
    guard loss.data.isFinite else { throw fail(words.lossNotFinite(recording.tape.fault(in: loss))) }
    let checks = recording.tape.check(loss)
    guard !checks.isEmpty else { throw fail(words.noParameterToCheck) }
    try show(checks, of: file, other: \.numeric, words, &tally)
  }

  /// Those of the command line, or else of the program.
  private func words(_ shown: ComputationGraph.Presentation, _ tally: inout CheckTally) -> Words {
    let words = Words(lang ?? shown.language ?? .english, decimal: shown.decimal)
    tally.words = tally.words ?? words
    return words
  }

  private func load(_ file: String, _ text: String) throws -> Program {
    do {
      return try Program.load(
        text: text, path: file, limits: limitOptions.limits, allowsDataOutside: allowDataOutside, language: lang)
    } catch {
      throw Failure.input(error.description)
    }
  }

  private func show(
    _ checks: [GradientCheck], of file: String, other: KeyPath<Words, String>, _ words: Words,
    _ tally: inout CheckTally
  ) throws {
    tally.add(checks, of: file)
    let shown = quiet ? checks.filter { !$0.passes } : checks
    guard !shown.isEmpty, !json else { return }
    guard Terminal.isOutput else {
      let heading = tally.hasHeading ? "" : CheckTable.plainHeading(other: Words(.english)[keyPath: other])
      tally.hasHeading = true
      // `print` replaces tabs.
      return try Terminal.write(Array((heading + CheckTable.plain(shown, of: Terminal.line(file))).utf8))
    }
    try Terminal.print("\(Terminal.line(file))\n\(CheckTable.text(shown, other: words[keyPath: other], words))")
  }

  // MARK: Graphs

  private func decoded(_ path: String, _ text: String) throws -> ComputationGraph {
    do { return try .decodeJSON(text, besideFile: path, limits: limitOptions.limits) } catch {
      throw Failure.input(error.rendered(file: Terminal.line(path)))
    }
  }

  private func checkGraph(_ file: String, _ text: String, _ tally: inout CheckTally) throws {
    let graph = try decoded(file, text)
    let words = words(graph.presentation, &tally)
    let report = graph.recomputed()
    tally.add(report, of: file)
    if json { return }
    let loss = graph.loss.map { graph.nodes[$0].name } ?? "L"
    var lines = report.problems.map { "  " + words.problem($0, loss: loss) }
    if !quiet {
      lines.append(
        "  "
          + words.recomputed(
            report.values, report.gradients, (report.updates, report.updatesAsRecorded), wrong: report.problems.count))
    }
    if !lines.isEmpty { try Terminal.print(([Terminal.line(file)] + lines).joined(separator: "\n")) }
  }

  /// Compares the gradients of the program's parameters with those of a graph, by name.
  private func compare(_ program: Program, with path: String, _ file: String, _ tally: inout CheckTally)
    throws
  {
    let other = try decoded(path, try Files.read(path, limits: limitOptions.limits))
    let own = program.graph(level: other.level)
    let number = NumberFormat(precision: 8).text
    let language = lang ?? program.settings.presentation.language
    func fail(_ message: String) -> Failure { Failure.input(path, message, in: language) }
    let parameters = own.nodes.filter { $0.role == .parameter }
    if let extra = other.nodes.first(where: { node in
      node.role == .parameter && !parameters.contains { $0.name == node.name }
    }) {
      throw fail("the program has no parameter `\(extra.name)`")
    }
    var checks: [GradientCheck] = []
    for node in parameters {
      guard let its = other.nodes.first(where: { $0.name == node.name }), its.value.count == node.value.count,
        its.gradient != nil || node.gradient == nil
      else { throw fail("the graph has no gradient of `\(node.name)` with \(node.value.count) entries") }
      if let place = node.value.indices.first(where: {
        Self.distance(node.value[$0], its.value[$0]) > Self.agreement
      }) {
        throw fail(
          "`\(node.name)` is \(number(its.value[place])) there and \(number(node.value[place])) in the program: "
            + "the gradients are those of different points")
      }
      // A parameter that the loss does not depend on has no gradient; a graph may write 0.
      let zeros = [Double](repeating: 0, count: node.value.count)
      for (element, pair) in zip(node.gradient ?? zeros, its.gradient ?? zeros).enumerated() {
        checks.append(
          GradientCheck(
            parameter: node.name, element: element, shape: node.shape, analytic: pair.0, numeric: pair.1,
            verdict: Self.distance(pair.0, pair.1) <= Self.agreement ? .agrees : .differs))
      }
    }
    guard !checks.isEmpty else {
      throw Failure.input(file, "the program has no `param` with a gradient to compare", in: language)
    }
    try show(
      checks, of: file, other: \.theirGradient, words(program.settings.presentation, &tally), &tally)
  }

  /// Single precision has seven digits; six must agree.
  private static let agreement = 1e-6

  private static func distance(_ a: Double, _ b: Double) -> Double {
    if a == b || a.isNaN && b.isNaN { return 0 }
    let distance = (a - b).magnitude / max(a.magnitude, b.magnitude)
    return distance.isNaN ? .infinity : distance
  }
}
