import ArgumentParser
import GradvizDocuments
import GradvizKit
import GradvizSystem

struct BookPreprocessor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mdbook",
    abstract: "Draw the figures of an mdBook, as a preprocessor.",
    discussion: """
      Example, in book.toml:
        [preprocessor.gradviz]
        command = "gradviz mdbook"

      mdBook writes the book to standard input and reads it from standard output.
      Figures go into `figures` beside each chapter, and mdBook copies them; the
      chapters' own files do not change.
      """,
    subcommands: [Supports.self])

  struct Supports: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Exit with status 0 if a renderer can show figures, and 1 if not.",
      discussion: """
        Example:
          gradviz mdbook supports html
        """)

    @Argument(help: "The name of the renderer, such as html.")
    var renderer: String

    func run() throws {
      // Every renderer shows images; `not-supported` is the name that mdBook's documentation tests with.
      if renderer == "not-supported" { throw ExitCode(1) }
    }
  }

  func run() throws {
    let input = Data(try Files.readBytes("-"))
    let result: MarkdownBook.Result
    do { result = try MarkdownBook.draw(input) } catch {
      throw Failure.input("gradviz mdbook: error: \(error)")
    }
    DocumentRun.note(result.problems)
    if result.hasErrors {
      throw Failure.input("gradviz mdbook: error: blocks have errors; the book was not drawn")
    }
    let outdated = result.figures.filter {
      FileManager.default.contents(atPath: $0.path).map(Array.init) != $0.bytes
    }
    try DocumentRun.write(outdated, of: "gradviz mdbook", isConfined: true)
    try Files.write(Array(result.book), to: "-")
  }
}
