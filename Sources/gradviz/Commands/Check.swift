import ArgumentParser
import Autograd
import GradLanguage
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

  @Flag(help: "Also read data files outside the program's folder.")
  var allowDataOutside = false

  @OptionGroup(title: "Limits")
  var limitOptions: LimitOptions

  @Flag(name: [.short, .long], help: "Print only warnings and errors.")
  var quiet = false

  func validate() throws {
    if against != nil, files.count != 1 { throw ValidationError("`--against` takes one program") }
  }

  func run() throws {
    var tally = CheckTally(
      comparison: against.map { "those of \(Terminal.line($0))" } ?? "central differences")
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
    guard tally.isGood else { throw Failure.input("gradviz: error: \(tally.summary)") }
    if !quiet, !json { try Terminal.print(tally.summary) }
  }

  private func check(_ file: String, _ tally: inout CheckTally) throws {
    let text = try Files.read(file, limits: limitOptions.limits)
    if ComputationGraph.isJSON(text, path: file) {
      guard against == nil else { throw Failure.commandLine("`--against` takes a program, not a graph") }
      return try checkGraph(file, text, &tally)
    }
    let program = try load(file, text)
    if let against { return try compare(program, with: against, file, &tally) }
    let recording = program.record()
    guard let loss = recording.loss else {
      throw Failure.input(
        "\(Terminal.line(file)): error: the program has no `loss`, so there is no gradient to check")
    }
    // Two forward passes for each parameter entry.
    let limits = limitOptions.limits
    let passes = 2 * recording.tape.elements(of: [.parameter]).count
    guard Double(passes) * program.operationsOfStep <= Double(limits.operations) else {
      throw Failure.input(
        "\(Terminal.line(file)): error: checking takes \(passes) forward passes, more than \(limits.operations) operations in"
          + " all; `--max-operations` raises the limit")
    }
    let graph = program.graph(of: recording, level: .tensor)
    for warning in program.allWarnings(recording, graph) { Terminal.note(warning.rendered(file: file)) }
    guard loss.data.isFinite else {
      let fault = recording.tape.fault(in: loss).map { ": \($0.description)" } ?? ""
      throw Failure.input(
        "\(Terminal.line(file)): error: the loss is not a finite number, so there is no gradient to check\(fault)"
      )
    }
    let checks = recording.tape.check(loss)
    guard !checks.isEmpty else {
      throw Failure.input(
        "\(Terminal.line(file)): error: the program has no `param`, so there is no gradient to check")
    }
    try show(checks, of: file, other: "numeric", &tally)
  }

  private func load(_ file: String, _ text: String) throws -> Program {
    do {
      return try Program.load(
        text: text, path: file, limits: limitOptions.limits, allowsDataOutside: allowDataOutside)
    } catch {
      throw Failure.input(error.description)
    }
  }

  private func show(_ checks: [GradientCheck], of file: String, other: String, _ tally: inout CheckTally)
    throws
  {
    tally.add(checks, of: file)
    let shown = quiet ? checks.filter { !$0.passes } : checks
    guard !shown.isEmpty, !json else { return }
    guard Terminal.isOutput else {
      let heading = tally.hasHeading ? "" : CheckTable.plainHeading(other: other)
      tally.hasHeading = true
      // `print` replaces tabs.
      return try Terminal.write(Array((heading + CheckTable.plain(shown, of: Terminal.line(file))).utf8))
    }
    try Terminal.print("\(Terminal.line(file))\n\(CheckTable.text(shown, other: other))")
  }

  // MARK: Graphs

  private func decoded(_ path: String, _ text: String) throws -> ComputationGraph {
    do { return try .decodeJSON(Data(text.utf8), limits: limitOptions.limits) } catch {
      throw Failure.input(error.rendered(file: Terminal.line(path)))
    }
  }

  private func checkGraph(_ file: String, _ text: String, _ tally: inout CheckTally) throws {
    let report = try decoded(file, text).recomputed()
    tally.add(report, of: file)
    if json { return }
    var lines = report.problems.map { "  \($0.description)" }
    if !quiet {
      lines.append(
        "  \(counted(report.values, "value")), \(counted(report.gradients, "gradient")) and "
          + "\(counted(report.updates, "update")) recomputed: "
          + (report.problems.isEmpty ? "ok" : "\(report.problems.count) DIFFER"))
    }
    if !lines.isEmpty { try Terminal.print(([Terminal.line(file)] + lines).joined(separator: "\n")) }
  }

  /// Compares the gradients of the program's parameters with those of a graph, by name.
  private func compare(_ program: Program, with path: String, _ file: String, _ tally: inout CheckTally)
    throws
  {
    let other = try decoded(path, try Files.read(path, limits: limitOptions.limits))
    let own = program.graph(level: other.level)
    func fail(_ message: String) -> Failure { Failure.input("\(Terminal.line(path)): error: \(message)") }
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
          "`\(node.name)` is \(CheckTable.number(its.value[place])) there and \(CheckTable.number(node.value[place])) in the "
            + "program: the gradients are those of different points")
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
      throw Failure.input(
        "\(Terminal.line(file)): error: the program has no `param` with a gradient to compare")
    }
    try show(checks, of: file, other: "their gradient", &tally)
  }

  /// Single precision has seven digits; six must agree.
  private static let agreement = 1e-6

  private static func distance(_ a: Double, _ b: Double) -> Double {
    if a == b || a.isNaN && b.isNaN { return 0 }
    let distance = (a - b).magnitude / max(a.magnitude, b.magnitude)
    return distance.isNaN ? .infinity : distance
  }
}
