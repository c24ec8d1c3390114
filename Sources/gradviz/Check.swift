import ArgumentParser
import Foundation
import GradvizKit

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare every parameter's gradient with central differences.",
    discussion: """
      Exit status 1 where one disagrees; a kink, where no slope is right, is named and passes.

      Example:
        gradviz check Samples/*.grad
      """)

  @Argument(help: ArgumentHelp("Programs (`.grad`).", valueName: "file"))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Compare with the gradients of a graph (`.json`), such as another framework has computed.",
      valueName: "graph"))
  var against: String?

  @Flag(help: "Read data files outside the program's folder, too.")
  var allowDataOutside = false

  @OptionGroup(title: "Limits")
  var limitOptions: LimitOptions

  func validate() throws {
    if against != nil, files.count != 1 { throw ValidationError("`--against` takes one program") }
  }

  func run() throws {
    let limits = limitOptions.limits
    var failures = 0
    for file in files {
      let program: Program
      do {
        program = try Program.load(
          text: try Files.read(file, limits: limits), path: file, limits: limits,
          allowsDataOutside: allowDataOutside)
      } catch let error as InputError {
        throw Failure.input(error.description)
      }
      if let against {
        try compare(program, with: against, file)
        continue
      }
      let recording = program.record()
      guard let loss = recording.loss else {
        throw Failure.input(
          "\(Terminal.line(file)): error: the program has no `loss`, so there is no gradient to check")
      }
      // Two forward passes for each number that is learned.
      let passes = 2 * recording.tape.elements(of: [.parameter]).count
      guard Double(passes) * program.operationCount <= Double(limits.operations) else {
        throw Failure.input(
          "\(Terminal.line(file)): error: checking takes \(passes) forward passes, more than \(limits.operations) operations in"
            + " all; `--max-operations` raises the limit")
      }
      let checks = recording.tape.check(loss)
      guard !checks.isEmpty else {
        throw Failure.input(
          "\(Terminal.line(file)): error: the program has no `param`, so there is no gradient to check")
      }
      failures += checks.count { !$0.passes }
      try Terminal.print("\(Terminal.line(file))\n\(Self.table(checks))")
    }
    if failures > 0 {
      throw Failure.input("gradviz: error: \(failures) gradients disagree with central differences")
    }
  }

  /// The gradients of the program's parameters beside those of a graph, by name.
  private func compare(_ program: Program, with path: String, _ file: String) throws {
    let other: ComputationGraph
    do {
      let limits = limitOptions.limits
      other = try .decodeJSON(Data(try Files.read(path, limits: limits).utf8), limits: limits)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure.input("\(Terminal.line(path)): error: \(error)")
    }
    let own = program.graph(level: other.level)
    var checks: [GradientCheck] = []
    for node in own.nodes where node.role == .parameter {
      guard let gradient = node.gradient else { continue }
      guard let its = other.nodes.first(where: { $0.name == node.name })?.gradient,
        its.count == gradient.count
      else {
        throw Failure.input(
          "\(Terminal.line(path)): error: the graph has no gradient of `\(node.name)` with \(gradient.count) entries"
        )
      }
      for (element, pair) in zip(gradient, its).enumerated() {
        let scale = max(pair.0.magnitude, pair.1.magnitude)
        let relative = scale == 0 ? 0 : (pair.0 - pair.1).magnitude / scale
        checks.append(
          GradientCheck(
            parameter: node.name, element: element, analytic: pair.0, numeric: pair.1,
            relativeError: relative,
            isKink: false, passes: relative <= Self.agreement))
      }
    }
    guard !checks.isEmpty else {
      throw Failure.input(
        "\(Terminal.line(file)): error: the program has no `param` with a gradient to compare")
    }
    try Terminal.print("\(Terminal.line(file))\n\(Self.table(checks, other: "their gradient"))")
    let failures = checks.count { !$0.passes }
    if failures > 0 {
      throw Failure.input("gradviz: error: \(failures) gradients differ from those of \(Terminal.line(path))")
    }
  }

  /// Single precision has seven digits; six are asked for.
  private static let agreement = 1e-6

  private static func table(_ checks: [GradientCheck], other: String = "numeric") -> String {
    let format = NumberFormat(precision: 8)
    let counts = Dictionary(grouping: checks, by: \.parameter).mapValues(\.count)
    var rows = [["parameter", "analytic", other, "relative error", "verdict"]]
    for check in checks {
      let isArray = (counts[check.parameter] ?? 1) > 1
      rows.append([
        check.parameter + (isArray ? "[\(check.element)]" : ""), format.text(check.analytic),
        format.text(check.numeric), NumberFormat(precision: 2).text(check.relativeError),
        check.isKink ? "kink" : check.passes ? "ok" : "DIFFERS",
      ])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      "  "
        + row.enumerated().map { column, cell in
          let space = String(repeating: " ", count: widths[column] - cell.count)
          return column == 0 || column == row.count - 1 ? cell + (column == 0 ? space : "") : space + cell
        }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
