import Autograd

/// How large what comes from a file may be. Every limit is checked before the memory is taken, and what is
/// beyond it is refused with a message that names the flag of the command line that raises it.
///
/// With the usual limits a program takes at most a few gigabytes, however its text was made.
public struct Limits: Sendable, Equatable {
  /// In bytes: the text of a program. `--max-size`, in MiB
  public var programBytes = 16 << 20
  /// In bytes: a graph, and all data files of a program together. `--max-size`, in MiB
  public var dataBytes = 256 << 20
  /// How deep brackets, signs, powers and function calls nest. `--max-nesting`
  public var nesting = 200
  /// Names, numbers and operations of a program, its functions put in; values of a graph; and, where every
  /// number stands on its own, numbers and operations. `--max-values`
  public var values = 2_000_000
  /// Operands that all values of a graph together have. `--max-operands`
  public var operands = 8_000_000
  /// Numbers that all arrays together hold. `--max-entries`
  public var entries = 10_000_000
  /// Additions, multiplications and the like in one forward pass, or in all passes of a gradient check.
  /// `--max-operations`
  public var operations = 10_000_000_000
  /// Steps of a training. `--max-steps`
  public var steps = 1_000_000

  public init() {}

  /// In bytes: a text of a file that is shown, such as a name.
  public static let nameBytes = 256
  /// In bytes: a title or a caption.
  public static let textBytes = 100_000

  /// The hint of a message about a limit.
  package static func hint(_ flag: String) -> String { "`--max-\(flag)` raises the limit" }
}

/// A word of a file as a message shows it: short, in one line, and without control characters.
package func quoted(_ word: some StringProtocol) -> String {
  var text = ""
  for scalar in word.unicodeScalars.prefix(60) {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate: text += "\u{FFFD}"
    default: text.unicodeScalars.append(scalar)
    }
  }
  return "`\(text)\(word.unicodeScalars.dropFirst(60).isEmpty ? "" : "…")`"
}
