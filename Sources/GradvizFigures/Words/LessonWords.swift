import Autograd

/// The words of what a figure explains: its sentence, the chain rule, the nudge, the close-ups.
extension Words {
  // The chain rule.
  var chainRuleInNumbers: String { word("The chain rule in numbers.", "La dérivation en chaîne en nombres.") }
  func onePathEach(_ count: Int, loss: String) -> String {
    word(
      "Each sample is one path from \(loss) back to a parameter: multiply along the path, then add the \(Self.count(count, .english)) paths.",
      "Chaque donnée est un chemin de \(loss) vers un paramètre : on multiplie le long du chemin, puis on ajoute les \(Self.count(count, .french)) chemins.")
  }
  /// Small numbers in words.
  static func count(_ number: Int, _ language: Language) -> String {
    let words =
      language == .english
      ? ["two", "three", "four", "five", "six", "seven", "eight", "nine"]
      : ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]
    return words.indices.contains(number - 2) ? words[number - 2] : "\(number)"
  }
  var blockFormula: String { word("formula", "formule") }
  var blockNumbers: String { word("numbers", "nombres") }
  var product: String { word("product", "produit") }

  // The nudge.
  var whatAGradientIs: String { word("What a gradient is.", "Ce qu’est un gradient.") }
  var nudge: String { word("Nudge", "On déplace") }
  func nudgedBy(_ change: String) -> String { word("by \(change) and", "de \(change), puis") }
  var runForwardAgain: String { word("run forward once more:", "une nouvelle forward pass :") }
  var changeOf: String { word("change of", "variation de") }

  // Close-ups.
  func whereItComesFrom(_ number: String) -> String { word("Where \(number) comes from", "D’où vient \(number)") }
  func slopeOf(_ operation: String) -> String { word("slope of \(operation) at", "pente de \(operation) en") }
  /// Of operations whose slope needs no reckoning.
  func slopeInWords(_ operation: Tape.Operation, isPositive: Bool) -> String {
    guard operation == .relu else { return word("as large as its value", "égale à sa valeur") }
    return isPositive ? word("above 0 it passes on", "au-dessus de 0, transmis") : word("below 0 it is flat", "en dessous de 0, plat")
  }
}
