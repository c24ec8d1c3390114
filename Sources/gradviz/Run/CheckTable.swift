import Autograd
import GradvizFigures
import GradvizGraph
import GradvizKit

/// Formats gradients as a table with a verdict for each row.
enum CheckTable {
  /// - Parameters:
  ///   - shown: the rows.
  ///   - other: the heading of the reference gradients.
  static func text(_ shown: [GradientCheck], other: String) -> String {
    var rows = [["parameter", "analytic", other, "relative error", "verdict"]]
    for check in shown {
      rows.append([
        check.name, number(check.analytic), number(check.numeric),
        NumberFormat(precision: 2).text(check.relativeError),
        verdict(check.verdict) { NumberFormat(precision: 2).text($0) },
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

  /// For another program to read: tabs between the columns, all digits, no signs beyond ASCII.
  static func plain(_ shown: [GradientCheck], of file: String) -> String {
    shown.map { check in
      [
        file, Terminal.line(check.name), "\(check.analytic)", "\(check.numeric)", "\(check.relativeError)",
        verdict(check.verdict) { "\($0)" },
      ].joined(separator: "\t") + "\n"
    }.joined()
  }

  static func plainHeading(other: String) -> String {
    ["file", "parameter", "analytic", other, "relative error", "verdict"].joined(separator: "\t") + "\n"
  }

  static func number(_ value: Double) -> String { NumberFormat(precision: 8).text(value) }

  private static func verdict(_ verdict: GradientCheck.Verdict, _ number: (Double) -> String) -> String {
    switch verdict {
    case .agrees: "ok"
    case .agreesWithin(let tolerance): "ok within \(number(tolerance))"
    case .kink: "kink"
    case .differs: "DIFFERS"
    case .notFinite: "NOT FINITE"
    }
  }
}

/// The totals over all files of a run.
struct CheckTally {
  /// The name of the reference gradients.
  let comparison: String
  var files = 0
  /// The number of files that could not be checked.
  private(set) var unchecked = 0
  /// The results as data.
  private(set) var report = CheckReport()
  /// Whether the columns have been named, for another program.
  var hasHeading = false
  private var gradients = 0
  private var kinks = 0
  private var differing = 0
  private var notFinite = 0
  private var recomputed = 0
  private var problems = 0

  init(comparison: String) { self.comparison = comparison }

  mutating func add(_ checks: [GradientCheck], of file: String) {
    report.add(checks, of: file, reference: comparison)
    gradients += checks.count
    kinks += checks.count { $0.verdict == .kink }
    differing += checks.count { $0.verdict == .differs }
    notFinite += checks.count { $0.verdict == .notFinite }
  }

  mutating func add(_ report: GraphReport, of file: String) {
    self.report.add(report, of: file)
    recomputed += report.values + report.gradients + report.updates
    problems += report.problems.count
  }

  mutating func addUnchecked(_ file: String, _ error: String) {
    unchecked += 1
    report.add(error: error, of: file)
  }

  /// All results as one JSON document.
  func json() throws -> [UInt8] {
    var report = report
    (report.isGood, report.summary) = (isGood, summary)
    return try report.json()
  }

  var isGood: Bool { differing + notFinite + problems + unchecked == 0 }

  /// A one-line summary.
  var summary: String {
    var parts: [String] = []
    if gradients > 0 {
      let good = gradients - differing - notFinite - kinks
      parts.append("\(counted(gradients, "gradient")), \(good == gradients ? "all" : "\(good)") ok")
    }
    if kinks > 0 { parts.append("\(counted(kinks, "kink"))") }
    if differing > 0 {
      parts.append("\(differing) \(differing == 1 ? "differs" : "differ") from \(comparison)")
    }
    if notFinite > 0 { parts.append("\(notFinite) not finite") }
    if recomputed > 0 {
      parts.append(
        "\(counted(recomputed, "number")) of graphs recomputed, \(problems == 0 ? "all ok" : "\(problems) wrong")"
      )
    }
    if unchecked > 0 { parts.append("\(counted(unchecked, "file")) not checked") }
    return "\(counted(files, "file")): " + parts.joined(separator: ", ")
  }
}

/// `1 file`, `2 files`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
