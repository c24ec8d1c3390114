import Autograd
import Foundation
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import GraphvizRenderer
import Testing

@Suite("Many tasks at once")
struct ConcurrencyTests {
  /// The figures of a sample in a format, as bytes, or its graph; of the slow formats one, without the second of its making.
  private static func files(_ sample: String, _ format: FigureFormat?) throws -> [[UInt8]] {
    let graph = try Project.graph(sample)
    guard let format else { return [Array(graph.encodeJSON())] }
    let figures = try FigureSet(graph)
    let isSlow = format == .png || format == .pdf
    return try (isSlow ? [.loss] : figures.stages).map { stage in
      let bytes = try figures.figure(stage).data(format)
      guard format == .pdf else { return bytes }
      return Array(String(decoding: bytes, as: UTF8.self).replacing(/CreationDate \([^)]*\)/, with: "").utf8)
    }
  }

  @Test func `sixteen tasks draw the bytes that one after another draws`() async throws {
    let jobs: [(sample: String, format: FigureFormat?)] = [
      ("neuron", .svg), ("chain", .dot), ("reuse", .png), ("minibatch", .svg), ("mlp", nil),
      ("reuse", .pdf),
      ("softmax", .dot),
    ]
    let expected = try jobs.map { try Self.files($0.sample, $0.format) }
    #expect(expected.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.count > 100 } })
    try await withThrowingTaskGroup(of: [(job: Int, isSame: Bool)].self) { group in
      for task in 0..<16 {
        group.addTask {
          // Every task starts at a different job, so that different drawings run concurrently.
          try jobs.indices.map { place in
            let job = (place + task * 5) % jobs.count
            if place == 3 { _ = try? Graphviz.svg("digraph g { -> }", style: Self.style) }
            return (job, try Self.files(jobs[job].sample, jobs[job].format) == expected[job])
          }
        }
      }
      for try await results in group {
        for result in results { #expect(result.isSame, "\(jobs[result.job])") }
      }
    }
  }

  private static let style = SVGStyle(id: "figure", title: "", description: "")

  @Test func `sixteen tasks train to the same parameters`() async throws {
    func trained() throws -> [[Double]] {
      let path = Project.folder.appendingPathComponent("Samples/xor.grad").path
      let training = try ProgramTraining(
        try Program.load(text: String(contentsOfFile: path, encoding: .utf8), path: path, steps: 20))
      while try training.next() != nil {}
      return training.parameters.parameters.map(\.values)
    }
    let expected = try trained()
    let results = try await withThrowingTaskGroup(of: [[Double]].self) { group in
      for _ in 0..<16 { group.addTask { try trained() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 16 && results.allSatisfy { $0 == expected })
  }

  // MARK: Cancellation

  /// With twenty thousand boxes: a running layout ends when its task is cancelled, at any point.
  @Test(arguments: [0, 100])
  func `a cancelled task ends a long layout`(milliseconds: Int) async throws {
    let graph = LargeFigureTests.network(width: 80)
    #expect(graph.nodes.count > 19_000)
    let task = Task.detached {
      try FigureSet(graph, options: FigureOptions(collapse: Collapse.none, maxBoxes: 1_000_000)).stages
    }
    // A thread of its own: a sleeping task may be woken only after the layout, when other tests use all threads.
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
      task.cancel()
    }
    await #expect(throws: FigureError.self) { try await task.value }
  }

  /// The program requests more steps than the test waits for.
  @Test func `a cancelled task ends a program's training`() async throws {
    let task = Task.detached { () throws -> Int in
      let training = try ProgramTraining(
        Project.programText("input x = 2\nparam w = 1\nloss L = (w * x - 6)**2\nrate 0.001\nsteps 1000000\n"))
      do {
        while try training.next() != nil {
          if training.step == 100 { withUnsafeCurrentTask { $0?.cancel() } }
        }
      } catch let error as TrainingError {
        #expect(error.reason == .cancelled)
        return training.step
      }
      return -1
    }
    #expect(try await task.value == 100)
  }

  // MARK: What the compiler does not check

  /// Swift 6 detects data races; where a line disables this, the line before explains why that is safe.
  @Test func `every escape from the compiler's checks is explained in place`() throws {
    let sources = Project.folder.appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
      .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    #expect(files.count > 100)
    var escapes = 0
    for file in files {
      let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
      for (number, line) in lines.enumerated()
      where line.contains(/@unchecked|nonisolated\(unsafe\)|@preconcurrency|assumeIsolated|unsafeBitCast/) {
        escapes += 1
        let before = lines[max(number - 1, 0)].trimmingCharacters(in: .whitespaces)
        #expect(before.hasPrefix("//") && before.count > 20, "\(file.lastPathComponent):\(number + 1)")
      }
    }
    #expect(escapes > 0)
  }
}
