import Testing

@testable import GradLanguage

@Suite struct DiagnosticTests {
  @Test func showsPlaceLineAndCaret() {
    #expect(
      diagnostics("param w = [4, 2]\nparam b = 3\npredict ŷ = tnh(w[0] + b)\n") == """
        x.grad:3:13: error: unknown function `tnh`; did you mean `tanh`?
        3 | predict ŷ = tnh(w[0] + b)
          |             ^~~
        """)
  }

  @Test func countsCharactersAndMeasuresTheirWidth() {
    // A decomposed ŷ is one character of width 1, 日 one of width 2, a tab one of width 1.
    #expect(
      diagnostics("\ty\u{302} = q\nparam 日本 = 1\nx =\t日本 + q") == """
        x.grad:1:6: error: unknown name `q`
        1 |  y\u{302} = q
          |      ^
        x.grad:3:10: error: unknown name `q`
        3 | x = 日本 + q
          |            ^
        """)
  }

  @Test func colorsOnRequest() throws {
    let diagnostic = Diagnostic(
      severity: .warning, line: 1, column: 1, length: 1, message: "m", hint: nil, sourceLine: "x",
      caretOffset: 0)
    #expect(
      diagnostic.rendered(file: "f", color: true)
        == "\u{1B}[1mf:1:1:\u{1B}[0m \u{1B}[1;35mwarning:\u{1B}[0m m\n1 | x\n  | \u{1B}[1;35m^\u{1B}[0m")
  }

  @Test func neverShowsControlCharacters() {
    #expect(diagnostics("x = \u{1B}[31m1").unicodeScalars.contains("\u{1B}") == false)
    #expect(messages("x = \u{202E}1") == ["1:5: the character U+202E has no meaning here; delete it"])
  }

  @Test func reportsSeveralErrorsOnceEach() {
    #expect(
      messages("a = q\nb = a + 1\nparam c = [\nloss L = b + a\nloss M = r\ninptu d = 2\ne = d") == [
        "1:5: unknown name `q`",
        "3:11: `[` is never closed",
        "5:10: unknown name `r`",
        "6:1: unknown keyword `inptu`; did you mean `input`?",
      ])
  }

  /// Each text with all of its diagnostics.
  static let table = namesAndShapes + syntaxAndSettings

  @Test(arguments: table.indices) func saysWordForWord(index: Int) {
    let (text, expected) = Self.table[index]
    let data = [
      "d.csv": "name,height\n\"Ann, Jr\",1.5\nBob,2\n", "short.csv": "a,b\n1\n", "empty.csv": "\n",
      "header.csv": "a,b\n",
    ]
    #expect(messages(text, data: data) == expected)
  }
}
