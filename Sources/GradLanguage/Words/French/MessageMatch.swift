/// Finds the template of a message, and translates its parts.
struct MessageMatch {
  /// Whether a hole has pairs of backquotes only, and none inside a pair, as in nearly all messages: a program's text
  /// can have any.
  enum Quoting { case strict, loose }

  private typealias Text = ArraySlice<UInt8>

  private let templates: MessageTemplates
  private let quoting: Quoting
  private var depth = 0
  /// What was found of each part so far.
  private var known: [ArraySlice<UInt8>: [UInt8]?] = [:]

  /// Phrases in phrases; no message has more.
  private static let maxDepth = 8
  /// The parts of one message that are looked up; a program's text cannot ask for more.
  private static let maxParts = 2000

  init(_ templates: MessageTemplates, _ quoting: Quoting) {
    self.templates = templates
    self.quoting = quoting
  }

  /// The French of a text; nil where no template fits.
  mutating func french(of text: ArraySlice<UInt8>) -> [UInt8]? {
    if let found = known[text] { return found }
    guard depth < Self.maxDepth, known.count < Self.maxParts else { return nil }
    depth += 1
    defer { depth -= 1 }
    var result: [UInt8]?
    for template in templates.list(for: text) {
      if let parts = parts(of: text, template) {
        result = Self.filled(template, parts)
        break
      }
    }
    known[text] = result
    return result
  }

  private static func filled(_ template: MessageTemplate, _ parts: [[UInt8]]) -> [UInt8] {
    var result = template.frenchLiterals[0]
    for (place, hole) in template.frenchHoles.enumerated() {
      result += parts.indices.contains(hole) ? parts[hole] : []
      result += template.frenchLiterals[place + 1]
    }
    return result
  }

  /// What is in the holes of a template, in French; nil where it does not fit.
  private mutating func parts(of text: Text, _ template: MessageTemplate) -> [[UInt8]]? {
    let first = template.literals[0]
    guard text.count >= template.weight, text.starts(with: first) else { return nil }
    guard !template.holes.isEmpty else { return text.count == first.count ? [] : nil }
    let last = template.literals[template.literals.count - 1]
    guard text.suffix(last.count).elementsEqual(last) else { return nil }
    return parts(from: 0, text.dropFirst(first.count).dropLast(last.count), template)
  }

  /// The parts from a hole on, of a text that begins in it and ends with the last hole.
  private mutating func parts(from hole: Int, _ text: Text, _ template: MessageTemplate) -> [[UInt8]]? {
    if hole == template.holes.count - 1 { return part(text, hole, template).map { [$0] } }
    let literal = template.literals[hole + 1]
    var end = text.startIndex
    while end + literal.count <= text.endIndex {
      if text[end...].starts(with: literal), let own = part(text[..<end], hole, template),
        let others = parts(from: hole + 1, text[(end + literal.count)...], template)
      {
        return [own] + others
      }
      end += 1
    }
    return nil
  }

  /// The French of what is in a hole; nil for what does not belong there.
  private mutating func part(_ text: Text, _ hole: Int, _ template: MessageTemplate) -> [UInt8]? {
    let isQuoted = template.isQuoted[hole]
    guard isQuoted || !text.isEmpty else { return nil }
    if quoting == .strict {
      let count = text.count { $0 == UInt8(ascii: "`") }
      guard isQuoted ? count == 0 : count.isMultiple(of: 2) else { return nil }
    }
    switch template.holes[hole] {
    case .text: return Array(text)
    case .number: return Self.isNumber(text) ? Array(text) : nil
    case .shape: return Self.isShape(text) ? Array(text) : nil
    case .phrase: return french(of: text)
    case .maybePhrase: return french(of: text) ?? Array(text)
    }
  }

  /// Whether a text is a shape such as `4×3`.
  private static func isShape(_ text: Text) -> Bool {
    let parts = String(decoding: text, as: UTF8.self).split(separator: "×", omittingEmptySubsequences: false)
    return parts.count > 1 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isWholeNumber) }
  }

  /// Whether a text is a number or a shape: `3`, `−0.5`, `1e-05`, `4×3`, `∞`, `NaN`.
  private static func isNumber(_ text: Text) -> Bool {
    let signs = "0123456789.+-−×e∞"
    let word = String(decoding: text, as: UTF8.self)
    return word == "NaN" || !word.isEmpty && word.allSatisfy { signs.contains($0) }
  }
}

/// The templates of a table, by how a message begins.
struct MessageTemplates {
  /// Those that begin with a byte, and those that begin with a hole.
  private let lists: [UInt8: [MessageTemplate]]
  private let others: [MessageTemplate]

  /// In each list those with the most literal text first: the first that fits is the most exact one.
  init(_ entries: [(english: String, french: String)]) {
    let sorted = entries.map { MessageTemplate($0.english, $0.french) }
      .sorted { ($0.weight, $1.english) > ($1.weight, $0.english) }
    others = sorted.filter { $0.literals[0].isEmpty }
    var lists: [UInt8: [MessageTemplate]] = [:]
    for byte in sorted.compactMap({ $0.literals[0].first }) where lists[byte] == nil {
      lists[byte] = sorted.filter { $0.literals[0].first.map { $0 == byte } ?? true }
    }
    self.lists = lists
  }

  /// Those that may fit a text.
  func list(for text: ArraySlice<UInt8>) -> [MessageTemplate] { text.first.flatMap { lists[$0] } ?? others }
}
