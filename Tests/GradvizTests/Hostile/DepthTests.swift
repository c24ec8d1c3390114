import Foundation
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit
import Testing

/// What nests deeply needs no deep stack.
extension LimitTests {
  /// On a thread with a stack of 512 KiB, as macOS gives secondary threads.
  private func onSmallStack(_ work: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      let thread = Thread {
        work()
        continuation.resume()
      }
      thread.stackSize = 2 << 20
      thread.start()
    }
  }

  @Test func `nothing recurses as deep as a program nests`() async throws {
    await onSmallStack {
      var limits = Limits()
      limits.nesting = 1_000_000
      let depth = 100_000
      for (open, close) in [("(", ")"), ("-", ""), ("1**", ""), ("abs(", ")")] {
        let text =
          "param w = 1\nx = " + String(repeating: open, count: depth) + "w"
          + String(repeating: close, count: depth) + " + 0\nloss L = x * w\n"
        let program = try? Program.load(text: text, path: "x.grad", limits: limits)
        #expect(program?.graph(level: .tensor).nodes.last?.value == [1], "\(open)")
      }
      let functions = (0..<1000).map { "def f\($0)(x) = " + ($0 == 0 ? "x" : "f\($0 - 1)(x)") + " + 1\n" }
        .joined()
      let program = try? Program.load(
        text: functions + "param w = 1\nx = f999(w)\nloss L = w * w\n", path: "x.grad", limits: limits)
      #expect(program?.graph(level: .tensor).nodes.first { $0.name == "x" }?.value == [1001])
    }
  }

  @Test func `formulas, folding and figures of a long chain need no deep stack`() async throws {
    let count = 20_000
    let nodes =
      ["{\"id\":\"n0\",\"value\":[1],\"role\":\"parameter\",\"gradient\":[1]}"]
      + (1...count).map {
        "{\"id\":\"n\($0)\",\"named\":false,\"operation\":\"tanh\",\"operands\":[\"n\($0 - 1)\"],\"value\":[0.5],\"gradient\":[1],\"localDerivatives\":[0.5]}"
      }
    let json =
      "{\"version\":1,\"level\":\"scalar\",\"loss\":\"n\(count)\",\"nodes\":[\(nodes.joined(separator: ",\n"))]}"
    await onSmallStack {
      guard let graph = try? ComputationGraph.load(text: json, path: "chain.json").graph else {
        Issue.record("the chain is not read")
        return
      }
      let symbolic = Symbolic(graph)
      let text = symbolic.definition(of: count).text(in: graph)
      #expect(text.hasPrefix("tanh(tanh("))
      #expect(symbolic.gradient(of: 0)?.evaluate(in: graph) != nil)
      let figures = try? FigureSet(graph)
      #expect(figures?.folding != nil)
      #expect((try? figures?.figure(.backward).data(.svg).isEmpty) == false)
    }
  }
}
