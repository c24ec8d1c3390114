import Testing

@testable import GradLanguage

/// `characters` turns the lines of a text into numbers, as makemore does: 0 is the edge, a, b, … follow in order.
@Suite("Characters of a text")
struct CharacterTests {
  private func numbers(_ text: String, _ width: Int) throws -> [[Double]] {
    let program = try parse("input x = characters(\"t.txt\", \(width))", data: ["t.txt": text])
    let x = try #require(program.record().names["x"])
    #expect(x.shape == [x.data.count / width, width])
    return stride(from: 0, to: x.data.count, by: width).map { Array(x.data[$0..<($0 + width)]) }
  }

  @Test func `each character follows those in front of it`() throws {
    #expect(try numbers("ab\nca", 2) == [[0, 1], [1, 2], [2, 0], [0, 3], [3, 1], [1, 0]])
    #expect(try numbers("ab", 4) == [[0, 0, 0, 1], [0, 0, 1, 2], [0, 1, 2, 0]])
    #expect(try numbers("ba", 1) == [[2], [1], [0]])
  }

  @Test func `line ends, blank lines and spaces around a line are left out`() throws {
    let plain = try numbers("ab\nb", 3)
    for text in ["ab\r\nb\r\n", "\u{FEFF}ab\n\n  b \n", "ab\rb"] { #expect(try numbers(text, 3) == plain) }
  }

  @Test func `an accented letter is one character however it is typed`() throws {
    #expect(try numbers("\u{E9}a\ne\u{301}", 1) == [[2], [1], [0], [2], [0]])
  }

  @Test func `parts of it are inputs and targets`() throws {
    let program = try parse(
      """
      rows = characters("t.txt", 3)
      input ids = rows[:, :2]
      target y = rows[:, 2]
      param E = ones(3, 2)
      loss L = cross_entropy(reshape(E[ids], -1, 4), y)
      """, data: ["t.txt": "ab"])
    let recording = program.record()
    #expect(recording.names["ids"]?.data == [0, 0, 0, 1, 1, 2])
    #expect(recording.names["y"]?.data == [1, 2, 0])
    // What only data are made of has no box.
    #expect(!program.graph().nodes.contains { $0.name == "rows" })
  }

  @Test(arguments: [
    ("characters(\"t.txt\")", "`characters` takes a quoted file path and how many of them are in a row"),
    ("characters(3, 2)", "`characters` takes a quoted file path and how many of them are in a row"),
    ("characters(\"t.txt\", 0)", "1 to 1000 characters are in a row"),
    ("characters(\"t.txt\", 1.5)", "the number of characters in a row must be a constant whole number"),
    ("characters(\"u.txt\", 2)", "cannot be read: no such file"),
    ("characters(\"empty.txt\", 2)", "is empty"),
    ("characters(\"../t.txt\", 2)", "data files must be in the program's folder or below it"),
  ])
  func `a wrong call has an answer`(call: String, answer: String) {
    let said = messages("input x = \(call)", data: ["t.txt": "ab", "empty.txt": " \n\n"])
    #expect(said.count == 1)
    #expect(said.first?.contains(answer) == true, "\(said)")
  }
}
