/// The words and signs of Swift source, without comments and without the letters of string literals; what is
/// interpolated into those is there.
package struct SwiftTokens {
  package struct Token {
    package var text: Substring
    package var line: Int

    package var isWord: Bool { text.first.map { $0.isLetter || $0 == "_" || $0 == "$" } ?? false }
  }

  package private(set) var tokens: [Token] = []
  private let source: String
  private var at: String.Index
  private var line = 1

  package init(_ source: String) {
    self.source = source
    at = source.startIndex
    read(untilClosed: false)
  }

  private func peek(_ text: String) -> Bool { source[at...].hasPrefix(text) }

  private mutating func step() {
    if source[at] == "\n" { line += 1 }
    at = source.index(after: at)
  }

  private mutating func skip(_ text: String) { for _ in text { step() } }

  /// - Parameter untilClosed: whether the parenthesis that ends an interpolation ends the reading.
  private mutating func read(untilClosed: Bool) {
    var depth = 0
    while at < source.endIndex {
      let character = source[at]
      if peek("//") {
        while at < source.endIndex, source[at] != "\n" { step() }
      } else if peek("/*") {
        skip("/*")
        while at < source.endIndex, !peek("*/") { step() }
        if at < source.endIndex { skip("*/") }
      } else if character == "#", source[at...].drop(while: { $0 == "#" }).first == "\"" {
        readString(hashes: source[at...].prefix { $0 == "#" }.count)
      } else if character == "\"" {
        readString(hashes: 0)
      } else if character == "`" {
        // A name in backticks: a test's, or a keyword as a name.
        let start = source.index(after: at)
        step()
        while at < source.endIndex, source[at] != "`" { step() }
        tokens.append(Token(text: source[start..<at], line: line))
        if at < source.endIndex { step() }
      } else if character.isLetter || character == "_" || character == "$" || character.isNumber {
        let start = at
        while at < source.endIndex, source[at].isLetter || source[at].isNumber || "_$".contains(source[at]) {
          step()
        }
        tokens.append(Token(text: source[start..<at], line: line))
      } else {
        if !character.isWhitespace {
          let length = ["->", "..."].first { peek($0) }?.count ?? 1
          tokens.append(Token(text: source[at...].prefix(length), line: line))
          if character == "(" { depth += 1 }
          if character == ")" {
            depth -= 1
            if untilClosed, depth < 0 {
              tokens.removeLast()
              return
            }
          }
          for _ in 1..<length { step() }
        }
        step()
      }
    }
  }

  /// A literal, whose interpolations are read as code.
  private mutating func readString(hashes: Int) {
    let mark = String(repeating: "#", count: hashes)
    skip(mark)
    let quote = peek("\"\"\"") ? "\"\"\"" : "\""
    skip(quote)
    tokens.append(Token(text: "\"\"", line: line))
    while at < source.endIndex {
      if peek("\\" + mark + "(") {
        skip("\\" + mark + "(")
        tokens.append(Token(text: "(", line: line))
        read(untilClosed: true)
        tokens.append(Token(text: ")", line: line))
        if at < source.endIndex { step() }
      } else if peek("\\" + mark) {
        skip("\\" + mark)
        if at < source.endIndex { step() }
      } else if peek(quote + mark) {
        skip(quote + mark)
        return
      } else {
        step()
      }
    }
  }
}
