import GradvizGraph

/// The symbols of a figure besides the names of its values.
///
/// A symbol that a value bears as its name is written differently: one symbol is one quantity.
struct Symbols {
  /// The names of all values that are written like a symbol.
  private let taken: Set<String>
  /// What the rule calls the parameter, whichever it is.
  private let parameter: String
  /// What stands before the decimals of a number.
  private let mark: NumberFormat.Mark

  /// The optimizer's quantities, with and without a hat.
  private static let letters: Set<String> = ["g", "lr", "m", "v", "s", "t", "m\u{302}", "v\u{302}"]
  private static let own: Set<String> = letters.union(["w", "θ", "π", "σ"])

  init(_ graph: ComputationGraph, mark: NumberFormat.Mark) {
    self.mark = mark
    var taken: Set<String> = []
    for node in graph.nodes where Self.own.contains(node.name) { taken.insert(node.name) }
    let parameters = graph.nodes.lazy.filter { $0.role == .parameter }.map(\.name).prefix(2)
    // A program with one parameter may call it so itself.
    let isOwn = parameters.elementsEqual(["w"])
    parameter = !taken.contains("w") || isOwn ? "w" : taken.contains("θ") ? "w′" : "θ"
    self.taken = taken
  }

  /// `sigmoid(` for `σ(` where a value is called σ.
  func function(_ text: String) -> String { taken.contains("σ") && text == "σ(" ? "sigmoid(" : text }

  /// `2·pi` for `2·π` where a value is called π.
  func constant(_ text: String) -> String { marked(taken.contains("π") ? text.replacing("π", with: "pi") : text) }

  /// The same with its numbers' own mark.
  private func marked(_ text: String) -> String { mark == .comma && text.contains(".") ? Words.withCommas(text) : text }

  /// A line of an optimizer's rule, such as `m ← 0.9·m + 0.1·g`, with a prime at letters that are a value's name.
  func rule(_ text: String) -> String {
    guard !taken.isEmpty else { return marked(text) }
    var result = ""
    var word = ""
    for character in text + " " {
      if character.isLetter, character != "ᵗ" {
        word.append(character)
        continue
      }
      result += letter(word)
      word = ""
      result.append(character)
      if character == "ᵗ", taken.contains("t") { result.append("′") }
    }
    return marked(String(result.dropLast()))
  }

  private func letter(_ word: String) -> String {
    if word == "w" { return parameter }
    guard Self.letters.contains(word) else { return word }
    let plain = String(String.UnicodeScalarView(word.unicodeScalars.filter { $0 != "\u{302}" }))
    return taken.contains(plain) || taken.contains(plain + "\u{302}") ? word + "′" : word
  }
}
