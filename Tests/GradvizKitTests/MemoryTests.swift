import GradvizGraph
import GradvizTestSupport

#if os(Linux) && compiler(>=6.2)
  import Autograd
  import Foundation
  import GradLanguage
  import GradvizFigures
  import GradvizKit
  import GraphvizRenderer
  import Testing

  /// The memory of a process that draws for hours.
  ///
  /// `make memory` draws 10 000 figures.
  @Suite("Memory")
  struct MemoryTests {
    private static let program = """
      input x = [1, -2]
      target y = 1
      param w = [3, 0.5]
      param b = 0.1
      predict p = tanh(x @ w + b)
      loss L = (p - y)**2
      """

    /// In bytes: the resident memory of the process.
    private static func resident() throws -> Int {
      let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
      return (Int(fields[1]) ?? 0) * 4096
    }

    /// The maximum number of bytes that Graphviz 2.43 leaks in the tables and rich labels of one figure: makeGraphs
    /// and the parser of its HTML-like labels keep it out of reach of callers.
    ///
    /// Later versions free it.
    private static func lost() throws -> Int { try Graphviz.version().hasPrefix("2.") ? 8 << 10 : 0 }

    /// Draws the program's figures repeatedly; ends the process if memory grows by more than 2 MiB beyond
    /// what Graphviz leaks.
    private static func draw(_ level: ComputationGraph.Level) throws {
      let count = ProcessInfo.processInfo.environment["GRADVIZ_DRAWINGS"].flatMap(Int.init) ?? 200
      var before = 0
      for round in 0..<(count + 100) {
        if round == 100 { before = try resident() }
        let program = try Project.programText(program)
        let figures = try FigureSet(program.graph(level: level))
        let stages = figures.stages
        guard try figures.figure(stages[round % stages.count]).svg().hasSuffix("</svg>\n") else {
          fatalError("no figure")
        }
        // Errors must not leak memory either.
        if round % 10 == 0 { _ = try? Project.programText("loss L = (") }
      }
      let growth = try resident() - before
      print("\(count) drawings, \(level): \(before >> 10) KiB have grown by \(growth >> 10) KiB")
      guard try growth <= (2 << 20) + count * lost() else { fatalError("grew by \(growth) bytes") }
    }

    private func report(_ result: ExitTest.Result?) {
      guard ProcessInfo.processInfo.environment["GRADVIZ_DRAWINGS"] != nil else { return }
      print(String(decoding: result?.standardOutputContent ?? [], as: UTF8.self), terminator: "")
    }

    /// In a separate process, in which no other test allocates.
    @Test func `drawing again and again leaves memory as it was`() async {
      report(
        await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
          try MemoryTests.draw(.scalar)
        })
    }

    @Test func `drawings of arrays do, too`() async {
      report(
        await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
          try MemoryTests.draw(.tensor)
        })
    }
  }
#endif
