/// A message with holes, and the same in French.
struct MessageTemplate {
  /// What a hole takes.
  enum Hole: UInt8 {
    /// `{}`: any text, which stays.
    case text = 0x7D
    /// `{#}`: a number or a shape.
    case number = 0x23
    /// `{@}`: a shape of several axes.
    case shape = 0x40
    /// `{~}`: what the table has French for.
    case phrase = 0x7E
    /// `{*}`: the same, or any other text, which stays.
    case maybePhrase = 0x2A
  }

  let english: String
  /// The text in front of each hole, and behind the last one.
  private(set) var literals: [[UInt8]] = [[]]
  /// What each hole takes.
  private(set) var holes: [Hole] = []
  /// Whether each hole is in backquotes.
  private(set) var isQuoted: [Bool] = []
  /// The French text in front of each of its holes, and behind the last one.
  private(set) var frenchLiterals: [[UInt8]]
  /// The hole of the English text that each of its holes repeats.
  private(set) var frenchHoles: [Int]

  /// The length of the literal text.
  let weight: Int

  /// - Parameter french: its holes are those of `english` in order, `{}`, or by their numbers, `{2}`.
  init(_ english: String, _ french: String) {
    self.english = english
    var (isInside, weight) = (false, 0)
    var rest = Array(english.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "{"), let kind = rest.popFirst() else {
        if byte == UInt8(ascii: "`") { isInside.toggle() }
        weight += 1
        literals[literals.count - 1].append(byte)
        continue
      }
      isQuoted.append(isInside)
      holes.append(Hole(rawValue: kind) ?? .text)
      if holes.last != .text { rest = rest.dropFirst() }
      literals.append([])
    }
    self.weight = weight
    (frenchLiterals, frenchHoles) = Self.parts(ofFrench: Array(Self.withSpaces(french).utf8))
  }

  private static func parts(ofFrench bytes: [UInt8]) -> (literals: [[UInt8]], holes: [Int]) {
    var literals: [[UInt8]] = [[]]
    var holes: [Int] = []
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "{"), let next = rest.popFirst() else {
        literals[literals.count - 1].append(byte)
        continue
      }
      if next == UInt8(ascii: "}") {
        holes.append(holes.count)
      } else {
        holes.append(Int(next) - Int(UInt8(ascii: "1")))
        rest = rest.dropFirst()
      }
      literals.append([])
    }
    return (literals, holes)
  }

  /// French has a space before these signs, at which a line never breaks; code in backquotes stays.
  static func withSpaces(_ text: String) -> String {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { place, part in
      guard place.isMultiple(of: 2) else { return String(part) }
      var own = String(part)
      for sign in [":", ";", "!", "?"] { own = own.replacing(" " + sign, with: "\u{A0}" + sign) }
      return own
    }.joined(separator: "`")
  }
}
