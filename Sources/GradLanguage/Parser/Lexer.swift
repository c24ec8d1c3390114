import Autograd
import GradvizGraph

/// Splits the source into tokens; never fails, but marks unknown text as invalid.
struct Lexer {
  /// In bytes; diagnostics repeat names.
  static let nameLimit = Limits.nameBytes
  /// The number of tokens allowed per name, number and operation of a program.
  static let tokensPerValue = 4

  private let source: SourceText
  private var offset = 0
  private(set) var tokens: [Token] = []
  /// The reason why each invalid token is invalid, by its start.
  private(set) var issues: [Int: Issue] = [:]
  /// Whether the source has more tokens than the limit.
  private(set) var isCut = false

  init(_ source: SourceText, limits: Limits = .init()) {
    self.source = source
    let most = limits.values.multipliedReportingOverflow(by: Self.tokensPerValue)
    while offset < source.bytes.count, !isCut {
      next()
      isCut = !most.overflow && tokens.count >= most.partialValue
    }
    add(.newline, from: offset)
    add(.end, from: offset)
  }

  private func byte(_ distance: Int = 0) -> UInt8? {
    offset + distance < source.bytes.count ? source.bytes[offset + distance] : nil
  }

  private mutating func add(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind: kind, span: Span(start: start, end: offset)))
  }

  private mutating func invalid(from start: Int, _ message: String, hint: String? = nil) {
    add(.invalid, from: start)
    // The parser reads at most one of them per statement, so a file full of them need not be stored.
    if issues.count < 100_000 {
      issues[start] = Issue(Span(start: start, end: offset), message, hint: hint)
    }
  }

  private mutating func next() {
    let start = offset
    let first = source.bytes[offset]
    switch first {
    case 0x20, 0x09, 0x0B, 0x0C: offset += 1
    case 0x0A, 0x0D:
      offset += first == 0x0D && byte(1) == 0x0A ? 2 : 1
      add(.newline, from: start)
    case UInt8(ascii: "\\") where byte(1) == 0x0A || byte(1) == 0x0D:
      // The line goes on below.
      offset += byte(1) == 0x0D && byte(2) == 0x0A ? 3 : 2
    case UInt8(ascii: "#"):
      while let byte = byte(), byte != 0x0A, byte != 0x0D { offset += 1 }
    case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
    case UInt8(ascii: ".") where byte(1).map(Self.isDigit) == true: number()
    case UInt8(ascii: "\""), UInt8(ascii: "'"): text(quote: first)
    case UInt8(ascii: "*") where byte(1) == first:
      offset += 2
      add(.power, from: start)
    case UInt8(ascii: "/") where byte(1) == first:
      offset += 2
      invalid(
        from: start, "`//` has no meaning here", hint: "a comment begins with `#`; `floor(a / b)` divides whole numbers"
      )
    case UInt8(ascii: "=") where byte(1) == UInt8(ascii: "="), UInt8(ascii: "!") where byte(1) == UInt8(ascii: "="):
      offset += 2
      add(first == UInt8(ascii: "=") ? .equal : .notEqual, from: start)
    case UInt8(ascii: "<"), UInt8(ascii: ">"):
      let isOrEqual = byte(1) == UInt8(ascii: "=")
      offset += isOrEqual ? 2 : 1
      let isLess = first == UInt8(ascii: "<")
      add(isLess ? (isOrEqual ? .lessOrEqual : .less) : (isOrEqual ? .greaterOrEqual : .greater), from: start)
    default:
      if let kind = Self.punctuation[first] {
        offset += 1
        add(kind, from: start)
      } else {
        nameOrStray()
      }
    }
  }

  private static let punctuation: [UInt8: Token.Kind] = [
    UInt8(ascii: "+"): .plus, UInt8(ascii: "-"): .minus, UInt8(ascii: "*"): .star, UInt8(ascii: "/"): .slash,
    UInt8(ascii: "@"): .at, UInt8(ascii: "="): .equals, UInt8(ascii: ","): .comma, UInt8(ascii: ":"): .colon,
    UInt8(ascii: "."): .dot, UInt8(ascii: "("): .openParenthesis, UInt8(ascii: ")"): .closeParenthesis,
    UInt8(ascii: "["): .openBracket, UInt8(ascii: "]"): .closeBracket,
  ]

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  // MARK: Names

  /// The scalar that starts at an offset.
  private func scalar(at offset: Int) -> Unicode.Scalar? {
    guard offset < source.bytes.count else { return nil }
    let first = source.bytes[offset]
    if first < 0x80 { return Unicode.Scalar(first) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    let end = min(offset + length, source.bytes.count)
    return String(decoding: source.bytes[offset..<end], as: UTF8.self).unicodeScalars.first
  }

  /// Unicode has them among the letters, but in a figure's formula they are signs: `a·b`, `Wᵀ`.
  private static let signs: Set<Unicode.Scalar> = ["·", "\u{387}", "ᵀ"]

  private static func startsName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isXIDStart && !signs.contains(scalar)
  }

  private static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
    (0x2080...0x2089).contains(scalar.value) || scalar.properties.isXIDContinue && !signs.contains(scalar)
  }

  private mutating func skipName() {
    while let next = scalar(at: offset), Self.continuesName(next) { offset += UTF8.width(next) }
  }

  private mutating func nameOrStray() {
    let start = offset
    guard let first = scalar(at: offset) else {
      offset += 1
      return
    }
    offset += UTF8.width(first)
    // Alone it is the sign of a sum.
    let isSign = first == "Σ" && scalar(at: offset).map(Self.continuesName) != true
    if Self.startsName(first), !isSign {
      skipName()
      guard offset - start <= Self.nameLimit else {
        return invalid(from: start, "a name has at most \(Self.nameLimit) bytes")
      }
      add(.name, from: start)
    } else if first.properties.generalCategory != .spaceSeparator {
      // Following combining marks belong to the same character.
      while let next = scalar(at: offset), next.properties.generalCategory == .nonspacingMark {
        offset += UTF8.width(next)
      }
      let shown = String(String(source.string(Span(start: start, end: offset))).map(DisplayWidth.printable))
      let written = first == ";" && isInList ? ForeignWords.rows : ForeignWords.signs[first]
      if shown.contains("\u{FFFD}") {
        let code = String(first.value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
        invalid(from: start, "the character U+\(padded) has no meaning here", hint: "delete it")
      } else {
        invalid(from: start, "`\(shown)` has no meaning here", hint: written)
      }
    }
  }

  /// Whether the last bracket nearby is that of a list.
  private var isInList: Bool {
    tokens.suffix(64).last { $0.kind == .openBracket || $0.kind == .closeBracket }?.kind == .openBracket
  }

  // MARK: Numbers

  private mutating func skipDigits() {
    while let next = byte() {
      let isSeparator = next == UInt8(ascii: "_") && byte(1).map(Self.isDigit) == true
      guard Self.isDigit(next) || isSeparator else { return }
      offset += 1
    }
  }

  private mutating func number() {
    let start = offset
    skipDigits()
    if byte() == UInt8(ascii: "."), byte(1).map(Self.isLetter) != true {
      offset += 1
      skipDigits()
    }
    if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
      let sign = byte(1) == UInt8(ascii: "-") || byte(1) == UInt8(ascii: "+") ? 1 : 0
      if byte(1 + sign).map(Self.isDigit) == true {
        offset += 1 + sign
        skipDigits()
      }
    }
    guard let next = scalar(at: offset),
      Self.continuesName(next) || next == "." && byte(1).map(Self.isDigit) == true
    else { return add(.number, from: start) }
    let digits = source.excerpt(Span(start: start, end: offset), limit: 20)
    let rest = offset
    if next == "." { offset += 1 }
    skipName()
    let whole = source.excerpt(Span(start: start, end: offset), limit: 20)
    let name = source.excerpt(Span(start: rest, end: offset), limit: 20)
    let subject = whole.map { "`\($0)`" } ?? "this"
    var hint: String?
    if let digits, let name, Self.startsName(next) {
      hint = ForeignWords.numberAnswer(digits: digits, ending: name) ?? "write a product as `\(digits) * \(name)`"
    }
    invalid(from: start, "\(subject) is neither a number nor a name", hint: hint)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte & 0xDF) || byte >= 0x80 || byte == UInt8(ascii: "_")
  }

  // MARK: Texts

  private mutating func text(quote: UInt8) {
    let start = offset
    offset += 1
    while let next = byte(), next != 0x0A, next != 0x0D {
      offset += 1
      if next == quote { return add(.text, from: start) }
      // A backslash escapes the next character, except a line break.
      if next == UInt8(ascii: "\\"), let escaped = byte(), escaped != 0x0A, escaped != 0x0D { offset += 1 }
    }
    invalid(
      from: start, "the quoted text is not closed",
      hint: "close it with `\(Character(Unicode.Scalar(quote)))` on the same line")
  }
}
