/// How large what comes from a file may be.
///
/// Every limit is checked before the memory is taken, and what is beyond it is refused with a message that names the
/// limit.
///
/// With the default limits a program takes at most a few gigabytes, however its text was made.
public struct Limits: Sendable, Equatable {
  /// In bytes: the text of a program.
  public var programBytes = 16 << 20
  /// In bytes: a graph, and all data files of a program together.
  public var dataBytes = 256 << 20
  /// How deep brackets, signs, powers and function calls nest.
  public var nesting = 200
  /// Names, numbers and operations of a program, its functions put in; values of a graph; and, where every
  /// number stands on its own, numbers and operations.
  public var values = 2_000_000
  /// Operands that all values of a graph together have.
  public var operands = 8_000_000
  /// Numbers that all arrays together hold.
  public var entries = 10_000_000
  /// Additions, multiplications and so on in one forward pass, or in all passes of a gradient check.
  public var operations = 10_000_000_000
  /// Steps of a training.
  public var steps = 1_000_000

  /// The default limits.
  public init() {}

  /// In bytes: a text of a file that is shown, such as a name.
  public static let nameBytes = 256
  /// In bytes: a title or a caption.
  public static let textBytes = 100_000

  /// What a message may give advice about.
  public enum Name: Sendable, CaseIterable {
    /// The limit of that name.
    case size, nesting, values, operands, entries, operations, steps
    /// Where the files that a program reads stand.
    case folder
  }

  /// What a message adds where something is beyond a limit, such as which option of a command raises it; nothing
  /// unless said.
  public var advice: [Name: String] = [:]

  /// What would be right: `words`, and the advice about a limit.
  package func hint(_ limit: Name, after words: String? = nil) -> String? {
    let parts = [words, advice[limit]].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// A message with the advice about a limit.
  package func message(_ text: String, _ limit: Name) -> String { hint(limit, after: text) ?? text }
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
