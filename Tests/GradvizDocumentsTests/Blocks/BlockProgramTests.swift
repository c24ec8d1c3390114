import Foundation
import GradvizDocuments
import Testing

/// Programs of blocks: where their errors stand, how they are continued, what their tables and languages are.
extension BlockTests {
  @Test func `an error in a program stands where it is in the page`() throws {
    let drawn = try Scratch().draw(
      "# T\r\n\r\n> 1. ```grad\r\n>    param a = 2\r\n>    loss L = tnh(a)\r\n>    ```\r\n\r\n\(block)")
    #expect(drawn.messages == ["5:15: unknown function `tnh`; did you mean `tanh`?"])
    #expect(drawn.figures.count == 1)
    #expect(
      drawn.problems[0].rendered().split(separator: "\n").dropFirst().joined(separator: "\n") == """
        5 | loss L = tnh(a)
          |          ^~~
        """)
  }

  @Test func `tabs before a program do not move its errors`() throws {
    let drawn = try Scratch().draw("-\t```grad\n\tloss L = tnh(1)\n\t```\n")
    #expect(drawn.messages == ["2:11: unknown function `tnh`; did you mean `tanh`?"])
  }

  @Test func `a continued program has its errors in the right block, and names lines as the page does`()
    throws
  {
    let drawn = try Scratch().draw(
      """
      ```grad
      param a = 2
      ```
      Text.

      ```grad continue
      loss L = a * b
      ```
      ```grad continue
      ```
      ```grad
      param a = 2
      ```
      ```grad continue stage=none
      param a = 3
      ```
      """)
    #expect(
      drawn.messages == [
        "7:14: unknown name `b`",
        "9:9: the block that this one continues was not drawn",
        "15:7: `a` is already declared on line 12; take another name",
      ])
    #expect(drawn.figures.count == 2)
  }

  @Test func `a program that is continued is all that came before`() throws {
    let drawn = try Scratch().draw(
      "```grad stage=none\nparam a = 2\n```\n```grad continue stage=none\nb = a * 3\n```\n```grad continue table\nloss L = b * b\n```\n"
    )
    #expect(drawn.messages == [])
    #expect(drawn.text.contains("| a | 2 | 36 |\n| b | 6 | 12 |\n| L | 36 | 1 |"))
    #expect(drawn.figures.count == 1)
  }

  @Test func `the table says what the engine computes`() throws {
    let drawn = try Scratch().draw(
      "```grad table stage=none lang=fr precision=3\ninput x_1 = 2\nparam w = [0.5, 1/3]\nloss L = sum(w * x_1)\n```\n"
    )
    #expect(drawn.messages == [])
    for row in [
      "| nom | valeur | gradient de L |", "| --- | ---: | ---: |", "| w\\[0\\] | 0,5 | 2 |", "| w\\[1\\] | 0,333 | 2 |",
      "| L | 1,67 | 1 |",
    ] {
      #expect(drawn.text.contains(row + "\n"), "\(row) in \(drawn.text)")
    }
    #expect(drawn.figures.isEmpty)
    #expect(html(drawn.bytes).contains("gradviz:end"))
  }

  @Test func `a French page has French figures, unless a block says otherwise`() throws {
    let block = "param w = 1.5\nloss L = w * w\nrate 0.1\n```\n"
    for front in ["---\nlang: fr\n---\n\n", "---\ntitle: x\nlang: \"fr-CH\"\n---\n\n", "+++\nlang = \"fr\"\n+++\n\n"] {
      let drawn = try Scratch().draw(front + "```grad stage=backward\n" + block + "\n```grad lang=en\n" + block)
      #expect(drawn.messages == [])
      #expect(drawn.text.contains("La rétropropagation fait remonter le gradient depuis la perte\u{A0}: ∂L/∂w = 3."))
      #expect(drawn.text.contains("The backward pass carries"))
    }
    let plain = try Scratch().draw("---\ntitle: fr\n---\n\n```grad stage=backward\n" + block)
    #expect(plain.text.contains("The backward pass carries"))
  }

  @Test func `an empty block, one without a loss, a value that is not finite`() throws {
    let drawn = try Scratch().draw(
      "```grad\n\n```\n```grad stage=loss\nparam a = 1\n```\n```grad\nparam a = 0\nloss L = log(a)\n```\n```grad\n"
    )
    #expect(
      drawn.messages == [
        "1:4: the block is empty; a program declares at least one value, as in `param a = 2`",
        "4:9: there is no loss figure: the program has no `loss`",
        "9:10: `log(a)` is −∞, not a finite number",
        "9:6: ∂L/∂a is ∞",
        "11:4: the block has no closing fence",
      ])
    #expect(drawn.figures.count == 1, "a warning does not stop the drawing")
  }

  @Test(arguments: ["---\nlang: fr\n---\n\n```grad\n", "```grad lang=fr\n", "```grad\nlang fr\n"])
  func `errors of a program have the language of its figures`(start: String) throws {
    let drawn = try Scratch().drawOnly(start + "param w = 2\nloss L = q * w\n```\n")
    #expect(drawn.problems.map { $0.rendered().contains("erreur\u{A0}: nom inconnu") } == [true])
    let warned = try Scratch().drawOnly(start + "param w = 0\nloss L = log(w)\n```\n")
    let told = warned.problems.map { $0.rendered() }.joined()
    #expect(told.contains("vaut −∞") && told.contains("∂L/∂w vaut ∞") && !told.contains(" is "), "\(told)")
  }

  /// What stands after `page.md:3:1: error:` is English, as the word is, whatever the figures are.
  @Test(arguments: [
    ("stage=loss", "param a = 2\nb = a * a", "there is no loss figure: the program has no `loss`"),
    ("explorer", "param a = 2\nb = a * a", "there is no explorer: the program has no `loss`"),
    ("stage=shares", "param a = 2\nloss b = a * a", "there is no shares figure: the program has no samples"),
  ])
  func `messages about a French block are English`(_ info: String, _ program: String, _ message: String) throws {
    let text = "---\nlang: fr\n---\n\n```grad \(info)\n\(program)\n```\n"
    let told = try Scratch().drawOnly(text).messages.joined(separator: "\n")
    #expect(told.contains(message), "\(told)")
    #expect(!told.contains(/vaut|programme|données|explorateur/), "\(told)")
  }
}
