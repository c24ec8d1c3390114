import Autograd
import GradvizGraph
import GradvizKit
import GradvizSystem

/// The results of `gradviz check --json`, one document for all files; `README.md` describes its fields.
struct CheckReport: Encodable {
  struct File: Encodable {
    var file: String
    /// What the gradients are compared with; nil for a graph's own numbers.
    var reference: String?
    var gradients: [Gradient]?
    var recomputed: Recomputed?
    /// Why the file could not be checked.
    var error: String?
  }

  struct Gradient: Encodable {
    var parameter: String
    /// The indices of the number in its array; empty for a number by itself.
    var index: [Int]
    var analytic: Double
    var numeric: Double
    var difference: Double
    var relativeError: Double
    var verdict: String
    var tolerance: Double?
  }

  struct Recomputed: Encodable {
    var values: Int
    var gradients: Int
    var updates: Int
    var problems: [String]
  }

  var version = 1
  var files: [File] = []
  var isGood = true
  var summary = ""

  enum CodingKeys: String, CodingKey {
    case version, files, summary
    case isGood = "ok"
  }

  mutating func add(_ checks: [GradientCheck], of file: String, reference: String) {
    let gradients = checks.map { check in
      let (verdict, tolerance) = Self.words(check.verdict)
      return Gradient(
        parameter: check.parameter, index: EntryName.indices(check.shape, check.element),
        analytic: check.analytic, numeric: check.numeric, difference: check.analytic - check.numeric,
        relativeError: check.relativeError, verdict: verdict, tolerance: tolerance)
    }
    files.append(File(file: file, reference: reference, gradients: gradients))
  }

  mutating func add(_ report: GraphReport, of file: String) {
    files.append(
      File(
        file: file,
        recomputed: Recomputed(
          values: report.values, gradients: report.gradients, updates: report.updates,
          problems: report.problems.map(\.description))))
  }

  mutating func add(error: String, of file: String) { files.append(File(file: file, error: error)) }

  private static func words(_ verdict: GradientCheck.Verdict) -> (String, Double?) {
    switch verdict {
    case .agrees: ("ok", nil)
    case .agreesWithin(let tolerance): ("ok", tolerance)
    case .kink: ("kink", nil)
    case .differs: ("differs", nil)
    case .notFinite: ("not finite", nil)
    }
  }

  func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }
}
