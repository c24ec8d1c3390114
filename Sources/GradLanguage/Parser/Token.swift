/// A token of the language and its location.
struct Token {
  enum Kind: UInt8 {
    case name, number, text
    case plus, minus, star, slash, power, at
    case equals, comma, colon, dot
    case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
    case openParenthesis, closeParenthesis, openBracket, closeBracket
    case newline, end
    /// Text that is not a token of the language; the lexer has logged the reason.
    case invalid
  }

  var kind: Kind
  var span: Span
}
