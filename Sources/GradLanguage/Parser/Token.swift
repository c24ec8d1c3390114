/// A word of the language and where it stands.
struct Token {
  enum Kind: UInt8 {
    case name, number, text
    case plus, minus, star, slash, power, at
    case equals, comma, colon, dot
    case openParenthesis, closeParenthesis, openBracket, closeBracket
    case newline, end
    /// Something that is no word of the language; the lexer has said why.
    case invalid
  }

  var kind: Kind
  var span: Span
}
