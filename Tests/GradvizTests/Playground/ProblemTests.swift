import Testing

@testable import GradvizServe

@Suite("Messages on the playground")
struct ProblemTests {
  @Test func `places, lengths and labels are read from what gradviz prints`() {
    let errors = """
      my net.grad:4:31: error: unknown attribute `.foo`; see 1:2: there
      4 | loss L = a*bb + sin(üü, 2) + a.foo
        |                               ^~~~
      my net.grad:3:1: avertissement : rien n’utilise `ünü`
      3 | ünü = 2
        | ^~~
      my net.grad: note: 33 values in 23 boxes
      gradviz: error: the file is gone
      """
    #expect(
      Problem.list(errors, of: "my net.grad") == [
        Problem(line: 4, column: 31, length: 4, text: "unknown attribute `.foo`; see 1:2: there", isError: true),
        Problem(line: 3, column: 1, length: 3, text: "rien n’utilise `ünü`", isError: false),
        Problem(text: "33 values in 23 boxes", isError: false), Problem(text: "the file is gone", isError: true),
      ])
    #expect(Problem.list("", of: "x").isEmpty)
  }

  @Test func `tokens are 128 random bits, and only the whole word is right`() {
    let (one, other) = (Token(), Token())
    #expect(one.text != other.text && one.text.count == 32 && one.text.allSatisfy(\.isHexDigit))
    #expect(one.matches(one.text))
    #expect(
      !one.matches(other.text) && !one.matches("") && !one.matches(one.text + "0") && !one.matches(one.text.dropLast()))
  }
}
