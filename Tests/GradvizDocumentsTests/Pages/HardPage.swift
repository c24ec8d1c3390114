import Testing

/// Pages that make it hard to find a block, and to leave everything else as it is.
struct HardPage: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var bytes: [UInt8]
  /// How many blocks are drawn.
  var blocks: Int

  init(_ name: String, _ text: String, blocks: Int) {
    testDescription = name
    bytes = Array(text.utf8)
    self.blocks = blocks
  }

  init(_ name: String, bytes: [UInt8], blocks: Int) {
    testDescription = name
    self.bytes = bytes
    self.blocks = blocks
  }

  private static let block = "```grad\nparam a = 2\nloss L = a * a\n```"
  private static let bom: [UInt8] = [0xEF, 0xBB, 0xBF]

  static let all: [HardPage] = [
    HardPage("empty", "", blocks: 0),
    HardPage("only a block, no final newline", block, blocks: 1),
    HardPage("only a block", block + "\n", blocks: 1),
    HardPage("CRLF", ("# T\n\nText.\n" + block + "\nText.\n").replacing("\n", with: "\r\n"), blocks: 1),
    HardPage("CRLF, no final newline", ("Text.\n" + block).replacing("\n", with: "\r\n"), blocks: 1),
    HardPage("CR", ("Text.\n" + block + "\nText.\n").replacing("\n", with: "\r"), blocks: 1),
    HardPage("mixed line ends", "Text.\r\n\n" + block + "\r\nText.\rText.\n" + block + "\n", blocks: 2),
    HardPage("BOM", bytes: bom + Array((block + "\n").utf8), blocks: 1),
    HardPage(
      "BOM and CRLF", bytes: bom + Array(("T\n" + block + "\n").replacing("\n", with: "\r\n").utf8), blocks: 1
    ),
    HardPage("text directly around", "Text\n" + block + "\nText\n===\n", blocks: 1),
    HardPage("tildes", "~~~~ grad stage=loss\nparam a = 2\nloss L = a * a\n~~~~~~\n", blocks: 1),
    HardPage("indented by three", "   ```grad\n   param a = 2\n  loss L = a * a\n ```\n", blocks: 1),
    HardPage("indented by four is code", "    ```grad\n    param a = 2\n    ```\n", blocks: 0),
    HardPage("trailing blanks", "```grad  \nparam a = 2 \nloss L = a * a\t\n```  \t\n", blocks: 1),
    HardPage("in a longer fence", "````md\n" + block + "\n````\n", blocks: 0),
    HardPage("in a tilde fence", "~~~\n" + block + "\n~~~\n", blocks: 0),
    HardPage("fence of four", "````grad\nparam a = 2\nloss L = a * a\n```\n````\n", blocks: 0),
    HardPage("in a comment", "<!--\n" + block + "\n-->\n", blocks: 0),
    HardPage("in a comment with text", "<!-- x\n\n" + block + "\n\n-->\n" + block + "\n", blocks: 1),
    HardPage("in a pre", "<pre>\n" + block + "\n</pre>\n", blocks: 0),
    HardPage("in a div, after a blank line", "<div>\n\n" + block + "\n\n</div>\n", blocks: 1),
    HardPage("in a div, without one", "<div>\n" + block + "\n</div>\n", blocks: 0),
    HardPage("in a quote", "> " + block.replacing("\n", with: "\n> ") + "\n> text\n", blocks: 1),
    HardPage("in a quote without blanks", ">" + block.replacing("\n", with: "\n>") + "\n", blocks: 1),
    HardPage("in quotes in quotes", "> > " + block.replacing("\n", with: "\n>> ") + "\nlazy\n", blocks: 1),
    HardPage("in a list", "- " + block.replacing("\n", with: "\n  ") + "\n- next\n", blocks: 1),
    HardPage(
      "in an ordered list", "12) text\n\n    " + block.replacing("\n", with: "\n    ") + "\n13) x\n",
      blocks: 1),
    HardPage(
      "in a list in a quote", "> 1. " + block.replacing("\n", with: "\n>    ") + "\n> 2. x\n", blocks: 1),
    HardPage(
      "in a list in a list in a quote", "- 1. > " + block.replacing("\n", with: "\n     > ") + "\n- x\n",
      blocks: 1),
    HardPage("in a list, tabs", "-\t" + block.replacing("\n", with: "\n\t") + "\n-\tx\n", blocks: 1),
    HardPage("tabs after the quote", ">\t" + block.replacing("\n", with: "\n>\t") + "\n", blocks: 1),
    HardPage("after a task", "- [ ] task\n  " + block.replacing("\n", with: "\n  ") + "\n", blocks: 1),
    HardPage("quote ends inside", "> ```grad\n> param a = 2\ntext\n", blocks: 0),
    HardPage("quote ends, a fence follows", "> ```grad\n> param a = 2\n```\ncode\n```\n", blocks: 0),
    HardPage("list ends inside", "- ```grad\n  param a = 2\n\ntext\n```\n", blocks: 0),
    HardPage("never closed", "```grad\nparam a = 2\nloss L = a * a\n", blocks: 0),
    HardPage("closed by too few", "````grad\nparam a = 2\nloss L = a\n```\n", blocks: 0),
    HardPage(
      "blank lines inside", "- ```grad\n\n  param a = 2\n\n\n  loss L = a * a\n\n  ```\n\n  text\n", blocks: 1
    ),
    HardPage(
      "other words",
      "```gradle\nx\n```\n```grad-lang\nx\n```\n``` graduate\n```\n```\ngrad\n```\n```{=grad}\n```\n```{.py .grad}\n```\n",
      blocks: 0),
    HardPage(
      "capitals",
      "```GRAD\nparam a = 2\nloss L = a * a\n```\n~~~ Grad stage=loss\nparam a = 2\nloss L = a * a\n~~~\n",
      blocks: 2),
    HardPage("with a comma", "```grad,stage=loss\nparam a = 2\nloss L = a * a\n```\n", blocks: 1),
    HardPage("Quarto's braces", "```{grad}\nparam a = 2\nloss L = a * a\n```\n", blocks: 1),
    HardPage("two in a row", block + "\n" + block + "\n", blocks: 2),
    HardPage(
      "a heading, a rule, a table around",
      "# A\n" + block + "\n---\n| a |\n| - |\n| b |\n\n" + block + "\n# B\n", blocks: 2),
    HardPage("link definitions", "[a]: b\n" + block + "\n[c]: d\n\n[a] [c]\n", blocks: 1),
    HardPage("NUL elsewhere", "a\0b\n" + block + "\n\0\n", blocks: 1),
    HardPage(
      "form feed and line separators", "a\u{0C}b\u{2028}c\u{85}d\n" + block + "\n\u{2029}\n", blocks: 1),
    HardPage(
      "marks shown as code", "```\n<!-- gradviz:begin -->\n<!-- gradviz:end -->\n```\n" + block + "\n",
      blocks: 1),
    HardPage("Pandoc's attributes", "```{.grad stage=loss}\nparam a = 2\nloss L = a * a\n```\n", blocks: 1),
    HardPage("options above", "<!-- grad stage=loss -->\n" + block + "\n", blocks: 1),
    HardPage(
      "options above, in a list",
      "- x\n\n  <!-- grad stage=loss -->\n\n  " + block.replacing("\n", with: "\n  ") + "\n", blocks: 1),
    HardPage("a front matter", "---\ntitle: x\n---\n\n" + block + "\n", blocks: 1),
    HardPage(
      "a block in a front matter", "---\ntitle: x\ntext: |\n  a\n" + block + "\n---\n" + block + "\n",
      blocks: 1),
    HardPage("a block in TOML", "+++\ntitle = \"x\"\n" + block + "\n+++\n" + block + "\n", blocks: 1),
    HardPage(
      "a front matter, CRLF and BOM",
      bytes: bom
        + Array(("---\na: |\n" + block + "\n...\n" + block + "\n").replacing("\n", with: "\r\n").utf8),
      blocks: 1),
    HardPage("a rule first", "---\n" + block + "\n\n---\n", blocks: 1),
    HardPage(
      "a block shown in an indented block",
      "text\n\n    " + block.replacing("\n", with: "\n    ") + "\n" + block + "\n",
      blocks: 1),
    HardPage(
      "shown in an indented block in a list",
      "- x\n\n      " + block.replacing("\n", with: "\n      ") + "\n", blocks: 0),
    HardPage("shown in an indented block, closed outside", "    ```grad\n    param a = 2\n```\n", blocks: 0),
    HardPage(
      "deeply nested",
      String(repeating: "> ", count: 200)
        + block.replacing("\n", with: "\n" + String(repeating: "> ", count: 200)) + "\n", blocks: 1),
  ]
}
