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

  func run() throws {
    var failures = 0
    for file in files {
      let program: Program
      do {
        program = try Program.load(text: try Files.read(file), path: file)
      } catch let error as InputError {
        throw Failure.input(error.description)
      }
      let recording = program.record()
      guard let loss = recording.loss else {
        throw Failure.input("\(file): error: the program has no `loss`, so there is no gradient to check")
      }
      let checks = recording.tape.check(loss)
      guard !checks.isEmpty else {
        throw Failure.input("\(file): error: the program has no `param`, so there is no gradient to check")
      }
      failures += checks.count { !$0.passes }
      print(file)
      print(Self.table(checks))
    }
    if failures > 0 {
      throw Failure.input("gradviz: error: \(failures) gradients disagree with central differences")
    }
  }

  private static func table(_ checks: [GradientCheck]) -> String {
    let format = NumberFormat(precision: 8)
    let counts = Dictionary(grouping: checks, by: \.parameter).mapValues(\.count)
    var rows = [["parameter", "backward pass", "differences", "relative error", ""]]
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
