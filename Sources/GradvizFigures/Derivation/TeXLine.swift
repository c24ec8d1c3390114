/// A line of a picture for LaTeX: names, numbers and signs as mathematics, words as text.
package struct TeXLine {
  /// Where letters stand.
  package enum Place: Sendable { case line, above, below }

  /// Letters of one kind.
  package struct Run: Sendable {
    package var text: String
    /// Whether they are those of a value's name.
    package var isVariable: Bool
    package var place: Place
    /// Whether there is a space before them.
    package var isApart: Bool

    package init(_ text: String, isVariable: Bool = false, place: Place = .line, isApart: Bool = false) {
      self.text = text
      self.isVariable = isVariable
      self.place = place
      self.isApart = isApart
    }
  }

  private var parts: [(text: String, isWords: Bool)] = []

  /// The line between the braces of a box; empty if nothing would be seen.
  package static func content(_ runs: [Run]) -> String {
    var line = TeXLine()
    for run in accented(runs) { line.add(run) }
    guard line.parts.contains(where: { !$0.isWords }) else { return line.parts.map(\.text).joined() }
    let inner = line.parts.map { $0.isWords ? "\\text{\($0.text)}" : $0.text }.joined()
    return "$\(inner)$"
  }

  /// An accent is a run of its own, after the letter that it stands above.
  private static func accented(_ runs: [Run]) -> [Run] {
    runs.reduce(into: []) { result, run in
      if run.text == "ˆ", !result.isEmpty {
        result[result.count - 1].text += "\u{302}"
      } else {
        result.append(run)
      }
    }
  }

  private mutating func add(_ run: Run) {
    switch run.place {
    case .above where run.text == "T": append("^{\\top}")
    case .above: append(TeXWriter.formula([.above([.text(run.text)])]))
    case .below: append(TeXWriter.formula([.below([.text(run.text)])]))
    case .line:
      if run.isApart { addSpace(before: run) }
      if run.isVariable { addName(run.text) } else { addSmallDigits(run.text) }
    }
  }

  /// Adds a text, in which a word with small digits is a name: `the slope of L as w₁ changes`.
  private mutating func addSmallDigits(_ text: String) {
    let pieces = MathPiece.split(text, isName: false)
    for (place, piece) in pieces.enumerated() {
      guard case .text(let text) = piece else {
        append(TeXWriter.formula([piece]))
        continue
      }
      let isBefore = place + 1 < pieces.count
      let name = isBefore ? String(text.reversed().prefix { $0.isLetter && !TeXWriter.isSign($0) }.reversed()) : ""
      addText(String(text.dropLast(name.count)))
      addName(name)
    }
  }

  /// Adds a space where letters would stand together without it; signs have their own.
  private mutating func addSpace(before run: Run) {
    guard let last = parts.last else { return }
    if last.isWords {
      append(" ", isWords: true)
    } else if Self.tokens(run.text).first.map({ if case .word = $0 { true } else { false } }) == true, !run.isVariable {
      append(" ", isWords: Self.areWords(Self.tokens(run.text)).first == true)
    } else if let end = last.text.last, let start = run.text.first, end.isNumber || end.isLetter || ")]}".contains(end),
      !Self.operators.contains(start)
    {
      append("\\ ")
    }
  }

  private mutating func append(_ text: String, isWords: Bool = false) {
    if text.isEmpty { return }
    guard let last = parts.last, last.isWords == isWords else {
      parts.append((text, isWords))
      return
    }
    // A letter would go on with a command.
    let isApart = !isWords && text.first?.isLetter == true && last.text.wholeMatch(of: /(?s).*\\[A-Za-z]+/) != nil
    parts[parts.count - 1].text += (isApart ? " " : "") + text
  }

  private mutating func addName(_ text: String) {
    var name = text[...]
    while name.first == "∂" {
      append("\\partial ")
      name = name.dropFirst()
    }
    if !name.isEmpty { append(TeXWriter.formula([.name(String(name))])) }
  }

  // MARK: Words among signs

  private enum Token {
    case word(String)
    case space
    case sign(Character)

    var letter: Character? {
      switch self {
      case .word(let word): word.last
      case .space: nil
      case .sign(let sign): sign
      }
    }
  }

  /// Adds words with the spaces and commas around them as text, and all else as signs.
  private mutating func addText(_ text: String) {
    let tokens = Self.tokens(text)
    let words = Self.areWords(tokens)
    var signs = ""
    func flush(_ line: inout TeXLine) {
      line.addSigns(signs)
      signs = ""
    }
    for (place, token) in tokens.enumerated() {
      if words[place] { flush(&self) }
      switch token {
      case .word(let word):
        if words[place] { append(word, isWords: true) } else { signs += word }
      case .sign(let sign):
        if words[place] { append(Self.escaped(sign), isWords: true) } else { signs.append(sign) }
      case .space:
        if words[place] {
          append(" ", isWords: true)
        } else if Self.areOperands(tokens, around: place) {
          flush(&self)
          append("\\ ")
        } else {
          signs.append(" ")
        }
      }
    }
    flush(&self)
  }

  /// Adds signs and numbers; after words, mathematics has its own space before a relation and none after the sign of a
  /// number.
  private mutating func addSigns(_ signs: String) {
    guard let last = parts.last, last.isWords else { return append(TeXWriter.formula([.text(signs)])) }
    if let first = signs.first, "=≈←→<>≤≥".contains(first) {
      while parts[parts.count - 1].text.hasSuffix(" ") { parts[parts.count - 1].text.removeLast() }
    }
    let isSigned = signs.wholeMatch(of: /[−+][0-9].*/) != nil
    let sign = isSigned ? signs.prefix(1) : ""
    if isSigned { append("{\(TeXWriter.formula([.text(String(sign))]))}") }
    append(TeXWriter.formula([.text(String(signs.dropFirst(sign.count)))]))
  }

  private static func tokens(_ text: String) -> [Token] {
    let letters = Array(text.replacing("⚠", with: "!"))
    func isLetter(_ place: Int) -> Bool {
      letters.indices.contains(place) && letters[place].isLetter && !TeXWriter.isSign(letters[place])
    }
    var tokens: [Token] = []
    var word = ""
    func end() {
      if !word.isEmpty { tokens.append(.word(word)) }
      word = ""
    }
    for (place, letter) in letters.enumerated() {
      if isLetter(place) || !word.isEmpty && "'’-".contains(letter) && isLetter(place + 1) {
        word.append(letter == "’" ? "'" : letter)
        continue
      }
      end()
      tokens.append(letter == " " ? .space : .sign(letter))
    }
    end()
    return tokens
  }

  /// For each token, whether it is text.
  private static func areWords(_ tokens: [Token]) -> [Bool] {
    var words = tokens.indices.map { place -> Bool in
      // No font of text has a letter for m̂.
      guard case .word(let word) = tokens[place], !word.unicodeScalars.contains("\u{302}") else { return false }
      if place + 1 < tokens.count, case .sign("(") = tokens[place + 1] { return false }
      return true
    }
    for place in tokens.indices {
      let isAfter = place > 0 && words[place - 1]
      switch tokens[place] {
      case .word: break
      case .space: words[place] = isAfter || place + 1 < tokens.count && words[place + 1]
      case .sign(let sign): words[place] = isAfter && ",.:;!?\u{A0}\u{202F}".contains(sign)
      }
    }
    return words
  }

  /// Whether a space is all that tells apart what stands before and after it.
  private static func areOperands(_ tokens: [Token], around place: Int) -> Bool {
    guard place > 0, place + 1 < tokens.count, let before = tokens[place - 1].letter,
      let after = tokens[place + 1].letter
    else { return false }
    return !operators.contains(before) && !operators.contains(after)
  }

  private static let operators: Set<Character> = [
    "=", "+", "−", "-", "·", "×", "/", "<", ">", "≈", "≤", "≥", "≠", "←", "→", "⊗", "@", "Σ", "√", "÷",
  ]

  /// A sign among words.
  private static func escaped(_ sign: Character) -> String {
    switch sign {
    case "\u{A0}": "~"
    case "\u{202F}": "\\,"
    default: String(sign)
    }
  }
}
