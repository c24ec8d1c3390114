import GradvizGraph

/// The French of messages, which are written in English where they arise: a table translates them where they are shown.
///
/// `FrenchMessageTests` looks up every message of this module.
package enum FrenchMessages {
  /// The French of a message, of a hint, or of a part of them; the same text where the table has none.
  package static func translated(_ message: String) -> String { translation(of: message) ?? message }

  /// The French of a text; nil where the table has none.
  ///
  /// - Complexity: O(entries of the table + length of the text), for each part that is a phrase of its own.
  package static func translation(of message: String) -> String? {
    guard message.utf8.count <= longest else { return nil }
    let text = Array(message.utf8)[...]
    for quoting in [MessageMatch.Quoting.strict, .loose] {
      var match = MessageMatch(templates, quoting)
      if let french = match.french(of: text) { return String(decoding: french, as: UTF8.self) }
    }
    return nil
  }

  /// In bytes; messages quote a bounded part of a program.
  private static let longest = 4000

  /// All entries of the table, English and French.
  package static let entries: [(english: String, french: String)] =
    [phrases, clauses, syntax, names, calls, arrays, layers, losses, settings, dataFiles, foreignWords, runs]
    .flatMap { part in part.map { ($0.key, $0.value) } } + misfits

  /// What is said of the shape of an operand.
  private static let clauses: KeyValuePairs = [
    "{*} is a scalar": "{} est un scalaire", "{*} has 1 entry": "{} a 1 élément",
    "{*} has {#} entries": "{} a {} éléments", "{*} is {@}": "{} est de forme {}",
  ]

  /// What is said of the shapes of two operands.
  private static var misfits: [(english: String, french: String)] {
    var all: [(english: String, french: String)] = []
    for (left, frenchLeft) in clauses {
      for (right, frenchRight) in clauses {
        all.append(("\(left), \(right)", "\(frenchLeft), \(frenchRight)"))
        all.append(("`{}`: \(left), \(right)", "`{}` : \(frenchLeft), \(frenchRight)"))
      }
    }
    return all
  }

  private static let templates = MessageTemplates(entries)
}

extension ComputationGraph.Presentation.Language {
  /// A message about a program in this language, from the English one.
  package func message(_ english: String) -> String {
    switch self {
    case .english: english
    case .french: FrenchMessages.translated(english)
    }
  }
}
