import Autograd
import Foundation
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

/// Sixteen threads at once in one process, on random programs: each draws the same as a single thread.
///
/// `make attack ATTACK=threads SECONDS=600` runs for that long; repeat a run with the printed seed as
/// `SEED=`.
@Suite("Attacks from threads", .serialized)
struct ThreadAttackTests {
  private static let environment = ProcessInfo.processInfo.environment
  /// By default one round, always the same.
  private static let seconds = environment["GRADVIZ_ATTACK_SECONDS"].flatMap(Double.init) ?? 0
  private static let seed: UInt64 =
    environment["GRADVIZ_ATTACK_SEED"].flatMap(UInt64.init) ?? (seconds > 0 ? UInt64(Date().timeIntervalSince1970) : 1)
  private static let tasks = 16

  /// All results of a program as bytes: its graph, its gradient check, its figures in two formats.
  private static func everything(_ program: RandomProgram) -> [[UInt8]] {
    do {
      let loaded = try ComputationGraph.load(text: program.source, path: "random.grad")
      let figures = try FigureSet(loaded.graph)
      var files = [Array(loaded.graph.encodeJSON()), Array(loaded.warnings.joined(separator: "\n").utf8)]
      for stage in figures.stages {
        for format in [FigureFormat.svg, .dot] { files.append(try figures.figure(stage).data(format)) }
      }
      return files
    } catch {
      return [Array("\(error)".utf8)]
    }
  }

  @Test func `sixteen threads draw random programs as one alone does`() async throws {
    let begin = Date()
    var (round, drawn) = (0, 0)
    repeat {
      let seed = Self.seed &+ UInt64(round)
      let programs = RandomProgram.Kind.allCases.map { RandomProgram(seed: seed, kind: $0) }
      let expected = programs.map(Self.everything)
      drawn += expected.reduce(0) { $0 + $1.count }
      let wrong = await withTaskGroup(of: [Int].self) { group in
        for task in 0..<Self.tasks {
          group.addTask {
            // Every task starts at a different program, so that different programs run concurrently.
            programs.indices.map { ($0 + task) % programs.count }
              .filter { Self.everything(programs[$0]) != expected[$0] }
          }
        }
        return await group.reduce(into: []) { $0 += $1 }
      }
      #expect(wrong.isEmpty, "SEED=\(seed): \(wrong.first.map { "\(programs[$0])" } ?? "")")
      round += 1
    } while Date().timeIntervalSince(begin) < Self.seconds
    print("threads: seeds \(Self.seed) to \(Self.seed &+ UInt64(round - 1)), \(round) rounds, \(drawn * 16) files")
    #expect(drawn > 0)
  }

  @Test func `sixteen threads train random programs to the same parameters`() async throws {
    func trained(_ program: RandomProgram) -> [[Double]] {
      guard let loaded = try? Program.load(text: program.source, path: "random.grad", steps: 10),
        let training = try? ProgramTraining(loaded)
      else { return [] }
      _ = try? training.run()
      return training.parameters.parameters.map(\.values)
    }
    let programs = (0..<UInt64(4)).map { RandomProgram(seed: Self.seed &+ $0, kind: .training) }
    let expected = programs.map(trained)
    #expect(expected.contains { !$0.isEmpty })
    let wrong = await withTaskGroup(of: [Int].self) { group in
      for task in 0..<Self.tasks {
        group.addTask {
          programs.indices.map { ($0 + task) % programs.count }.filter {
            // As text, so that NaN equals NaN if training ends with it.
            "\(trained(programs[$0]))" != "\(expected[$0])"
          }
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(wrong.isEmpty, "SEED=\(Self.seed): \(wrong)")
  }
}
