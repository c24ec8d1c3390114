import Autograd
import GradvizFigures
import GradvizGraph
import GradvizKit

/// Formats gradients as a table with a verdict for each row.
enum CheckTable {
  /// - Parameters:
  ///   - shown: the rows.
  ///   - other: the heading of the reference gradients.
  static func text(_ shown: [GradientCheck], other: String, _ words: Words) -> String {
    var rows = [words.headings(other)]
    let (full, brief) = (words.numbers(8), words.numbers(2))
    for check in shown {
      rows.append([
        check.name, full.text(check.analytic), full.text(check.numeric), brief.text(check.relativeError),
        words.verdict(check.verdict, brief.text),
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
        file, Terminal.line(check.name), Self.plain(check.analytic), Self.plain(check.numeric),
        Self.plain(check.relativeError),
        Words(.english).verdict(check.verdict) { "\($0)" },
      ].joined(separator: "\t") + "\n"
    }.joined()
  }

  /// Without the sign that some systems print before NaN.
  private static func plain(_ number: Double) -> String { number.isNaN ? "nan" : "\(number)" }

  static func plainHeading(other: String) -> String {
    (["file"] + Words(.english).headings(other)).joined(separator: "\t") + "\n"
  }
}

/// The totals over all files of a run.
struct CheckTally {
  /// The graph with the reference gradients; nil for central differences.
  let reference: String?
  /// What the summary is written in: the choice of the command line, or of the first program.
  var words: Words?
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

  init(reference: String?, words: Words?) {
    self.reference = reference
    self.words = words
  }

  mutating func add(_ checks: [GradientCheck], of file: String) {
    report.add(checks, of: file, reference: Words(.english).comparison(with: reference))
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
    (report.isGood, report.summary) = (isGood, summary(Words(.english)))
    return try report.json()
  }

  var isGood: Bool { differing + notFinite + problems + unchecked == 0 }

  /// A one-line summary.
  func summary(_ words: Words) -> String {
    var parts: [String] = []
    if gradients > 0 {
      let good = gradients - differing - notFinite - kinks
      parts.append(words.gradients(gradients, good: good))
    }
    if kinks > 0 { parts.append(words.kinks(kinks)) }
    if differing > 0 { parts.append(words.differing(differing, from: words.comparison(with: reference))) }
    if notFinite > 0 { parts.append(words.notFinite(count: notFinite)) }
    if recomputed > 0 { parts.append(words.recomputed(recomputed, wrong: problems)) }
    if unchecked > 0 { parts.append(words.unchecked(unchecked)) }
    return words.files(files) + words.colon + parts.joined(separator: ", ")
  }
}
