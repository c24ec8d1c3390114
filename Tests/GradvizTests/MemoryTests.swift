#if os(Linux) && compiler(>=6.2)
  import Foundation
  import GradvizKit
  import Testing

  /// What a process that draws for hours holds on to. `make memory` draws 10 000 figures.
  @Suite("Memory")
  struct MemoryTests {
    /// In a process of its own, where no other test allocates.
    @Test func `drawing again and again leaves memory as it was`() async {
      let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
        let count = ProcessInfo.processInfo.environment["GRADVIZ_DRAWINGS"].flatMap(Int.init) ?? 200
        func resident() throws -> Int {
          let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
          return (Int(fields[1]) ?? 0) * 4096
        }
        let text = """
          input x = [1, -2]
          target y = 1
          param w = [3, 0.5]
          param b = 0.1
          predict p = tanh(x @ w + b)
          loss L = (p - y)**2
          """
        func draw(_ round: Int) throws {
          let graph = try Project.graph(program: text)
          let figures = try FigureSet(graph, placer: GraphvizPlacer())
          let stages = figures.stages
          guard try figures.figure(stages[round % stages.count]).svg().hasSuffix("</svg>\n") else {
            fatalError("no figure")
          }
          // Mistakes must not pile up either.
          if round % 10 == 0 { _ = try? Project.graph(program: text + "\n= 1") }
        }
        for round in 0..<60 { try draw(round) }
        let before = try resident()
        for round in 0..<count { try draw(round) }
        let growth = try resident() - before
        print("\(count) drawings: from \(before >> 10) KiB, grown by \(growth >> 10) KiB")
        // Graphviz' own HTML-like labels leave some kilobytes with every drawing; see Tests/README.md.
        guard growth < 2 << 20 + count * 6 << 10 else { fatalError("grew by \(growth) bytes") }
      }
      if let words = result?.standardOutputContent, !words.isEmpty {
        print(String(decoding: words, as: UTF8.self), terminator: "")
      }
    }
  }
#endif
