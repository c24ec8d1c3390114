import Foundation
import Testing

@testable import GradvizDocuments

/// Blocks that include a graph as JSON, such as a step that was recorded in Python.
@Suite("Graphs in pages")
struct RecordedBlockTests {
  private static let graph =
    #"{"version":2,"level":"scalar","loss":"L","learningRate":0.1,"presentation":{"title":"A step"},"nodes":["#
    + #"{"id":"w","role":"parameter","value":3,"gradient":6,"updated":2.4},"#
    + #"{"id":"L","operation":"multiply","operands":["w","w"],"value":9,"gradient":1}]}"#

  private func draw(_ options: String, _ text: String = Self.graph) throws -> DrawnPage {
    let scratch = try Scratch()
    try scratch.write(text, to: "step.json")
    return try scratch.draw("```grad include=step.json \(options)\n```\n")
  }

  @Test func `its stages are drawn, its numbers as recorded`() throws {
    let page = try draw("stage=backward,update name=own")
    #expect(!page.hasErrors && page.figures.count == 2, "\(page.messages)")
    let backward = String(decoding: page.figures[0].bytes, as: UTF8.self)
    #expect(backward.contains("A step") && backward.contains(">[6]<"))
    #expect(page.dependencies.contains { $0.hasSuffix("step.json") })
    #expect(try draw("").figures.count == 1)
  }

  @Test(arguments: [
    ("stage=descent", "`descent` is of a program's training"), ("explorer", "an explorer of programs only"),
    ("level=tensor", "a graph in JSON has one level"),
  ])
  func `what needs a program is refused`(options: String, message: String) throws {
    let page = try draw(options)
    #expect(page.hasErrors && page.messages.contains { $0.contains(message) }, "\(page.messages)")
  }

  @Test func `what is wrong in it is named`() throws {
    let broken = try draw("", String(Self.graph.prefix(120)))
    #expect(broken.hasErrors && broken.messages.contains { $0.contains("step.json") && $0.contains("line 1, column") })
    let off = try draw("", Self.graph.replacingOccurrences(of: #""value":9"#, with: #""value":8"#))
    #expect(!off.hasErrors && off.messages.contains { $0.contains("`w * w` gives 9") }, "\(off.messages)")
  }
}
