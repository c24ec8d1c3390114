import ArgumentParser
import GradvizGraph
import GradvizKit

/// `--max-…`: the limits on input, see ``Limits``.
struct LimitOptions: ParsableArguments {
  private static let defaults = Limits()

  @Option(
    help: ArgumentHelp(
      "The size of a file, in MiB. (default: \(defaults.programBytes >> 20) for a program, \(defaults.dataBytes >> 20) for a graph and for all data files)",
      valueName: "MiB"))
  var maxSize: Int?

  @Option(
    help: ArgumentHelp(
      "The nesting depth of brackets, signs, powers and calls. (default: \(defaults.nesting))", valueName: "count"))
  var maxNesting: Int?

  @Option(
    help: ArgumentHelp(
      "The names, numbers and operations of a program, or values of a graph. (default: \(defaults.values))",
      valueName: "count"))
  var maxValues: Int?

  @Option(
    help: ArgumentHelp(
      "The operands of all values of a graph. (default: \(defaults.operands))", valueName: "count"))
  var maxOperands: Int?

  @Option(
    help: ArgumentHelp("The numbers in all arrays. (default: \(defaults.entries))", valueName: "count"))
  var maxEntries: Int?

  @Option(
    help: ArgumentHelp(
      "The arithmetic operations of a forward pass, or of a whole gradient check. (default: \(defaults.operations))",
      valueName: "count"))
  var maxOperations: Int?

  @Option(help: ArgumentHelp("The steps of a training run. (default: \(defaults.steps))", valueName: "count"))
  var maxSteps: Int?

  func validate() throws {
    for (name, value, most) in [
      ("size", maxSize, 1 << 20), ("nesting", maxNesting, 1 << 30), ("values", maxValues, 1 << 30),
      ("operands", maxOperands, 1 << 40),
      ("entries", maxEntries, 1 << 40), ("operations", maxOperations, 1 << 62), ("steps", maxSteps, 1 << 40),
    ] {
      if let value, !(1...most).contains(value) {
        throw ValidationError("`--max-\(name)` takes 1 to \(most), not \(value)")
      }
    }
  }

  /// Which option raises each limit.
  static let advice: [Limits.Name: String] = Dictionary(
    uniqueKeysWithValues: Limits.Name.allCases.map { limit in
      (limit, limit == .folder ? "run with `--allow-data-outside`" : "`--max-\(limit)` raises the limit")
    })

  var limits: Limits {
    var limits = Limits()
    limits.advice = Self.advice
    if let maxSize {
      limits.programBytes = maxSize << 20
      limits.dataBytes = maxSize << 20
    }
    if let maxNesting { limits.nesting = maxNesting }
    if let maxValues { limits.values = maxValues }
    if let maxOperands { limits.operands = maxOperands }
    if let maxEntries { limits.entries = maxEntries }
    if let maxOperations { limits.operations = maxOperations }
    if let maxSteps { limits.steps = maxSteps }
    return limits
  }
}

extension FigureError {
  /// The message, with the flags that draw the figure anyway.
  var advised: String {
    let flag: String
    switch excess {
    case .boxes(let count): flag = "--max-boxes \(count)"
    case .arrows(let count): flag = "--max-arrows \(count)"
    case nil: return message
    }
    return "\(message); \(canFold ? "`--collapse auto` folds it, " : "")`\(flag)` draws it anyway"
  }
}
