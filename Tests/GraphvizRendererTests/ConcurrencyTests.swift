import Foundation
import GraphvizRenderer
import Testing

@Suite("Many drawings")
struct ConcurrencyTests {
  @Test func `Sixteen tasks at once draw the same bytes`() async throws {
    let expected = try Graphviz.svg(pinned, style: plainStyle)
    let results = try await withThrowingTaskGroup(of: [String].self) { group in
      for task in 0..<16 {
        group.addTask {
          try (0..<8).map { round in
            // Failures in between must not reach the neighbors.
            if (task + round) % 4 == 0 { _ = try? Graphviz.svg("digraph g { -> }", style: plainStyle) }
            return try Graphviz.svg(pinned, style: plainStyle)
          }
        }
      }
      return try await group.reduce(into: [String]()) { $0 += $1 }
    }
    #expect(results.count == 128)
    #expect(results.allSatisfy { $0 == expected })
  }

  #if os(Linux) && compiler(>=6.2)
    /// In a process of its own, where no other test allocates.
    ///
    /// Graphviz itself loses up to 4 KiB a drawing.
    @Test func `Five hundred drawings do not pile up`() async {
      await #expect(processExitsWith: .success) {
        func resident() throws -> Int {
          let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
          return (Int(fields[1]) ?? 0) * 4096
        }
        var dot = "digraph g {\n graph [newrank=true]\n node [shape=box]\n"
        for index in 1..<60 { dot += "n\(index / 2) -> n\(index) [id=e\(index) label=\"edge \(index)\"]\n" }
        dot += "}\n"
        for _ in 0..<50 { _ = try Graphviz.svg(dot, style: plainStyle) }
        let before = try resident()
        for round in 0..<500 {
          _ = try Graphviz.svg(dot, style: plainStyle)
          if round % 5 == 0 { _ = try? Graphviz.svg("digraph g { a [label=\"x\"] -> }", style: plainStyle) }
        }
        let growth = try resident() - before
        guard growth < 3 << 20 else { fatalError("grew by \(growth) bytes") }
      }
    }

    /// With limited address space, the stack is smaller, but drawing still works.
    @Test func `A machine without room for the large stack draws`() async {
      await #expect(processExitsWith: .success) {
        _ = try Graphviz.version()
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        let room = rlim_t((Int(pages[0]) ?? 0) * 4096 + (200 << 20))
        var limit = rlimit(rlim_cur: room, rlim_max: room)
        guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
          fatalError("no limit set")
        }
        guard try Graphviz.svg(pinned, style: plainStyle).contains("<svg") else { fatalError("no drawing") }
      }
    }
  #endif
}
