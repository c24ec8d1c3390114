import Autograd
import Foundation
import GradvizDrawing
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// Gradients of two passes: their numbers against the engine's training, and their bars against their numbers.
@Suite("Accumulated gradients")
struct AccumulationTests {
  @Test func `two steps by hand`() throws {
    // w = 3: g = 6, w ← 3 − 0.1·6 = 2.4: g = 4.8, and 10.8 where the first was kept.
    let graph = try Project.graph(program: "param w = 3\nloss L = w**2\nrate 0.1\n")
    let gradients = try #require(AccumulatedGradients(graph))
    let own = try #require(gradients.parameters.first)
    let steps = try #require(own.steps)
    let numbers = [own.first, own.second, own.sum, steps.start, steps.first, steps.second, own.secondOfSum ?? .nan]
    for (number, expected) in zip(numbers, [6, 4.8, 10.8, 3, 2.4, 1.92, 1.32]) {
      #expect(abs(number - expected) < 1e-12, "\(number), not \(expected)")
    }
  }

  @Test(arguments: ["one-neuron", "two-samples", "chain", "mazur", "minibatch", "xor"])
  func `steps are those of the engine's training`(_ sample: String) throws {
    let text = try String(contentsOf: Project.folder.appending(path: "Samples/\(sample).grad"), encoding: .utf8)
    let program = try Project.programText(text)
    let graph = try Project.graph(program: text + "\n")
    #expect(graph.level == .scalar)
    let gradients = try #require(AccumulatedGradients(graph))
    let recording = program.record()
    let loss = try #require(recording.loss)
    let rate = try #require(graph.learningRate)
    let names = recording.tape.elements(of: [.parameter])
    func gradient() -> [String: Double] {
      recording.tape.replay()
      recording.tape.backward(from: loss)
      return Dictionary(uniqueKeysWithValues: names.map { ($0.name, $0.gradient) })
    }
    let first = gradient()
    for own in gradients.parameters {
      let node = graph.nodes[own.node]
      guard let element = names.first(where: { $0.name == node.name }), let updated = node.updated?.first else {
        continue
      }
      #expect(abs(own.first - (first[node.name] ?? .nan)) <= 1e-12 * max(1, abs(own.first)), "\(node.name)")
      element.value = updated
    }
    let second = gradient()
    for own in gradients.parameters {
      let name = graph.nodes[own.node].name
      #expect(abs(own.second - (second[name] ?? .nan)) <= 1e-9 * max(1, abs(own.second)), "\(name)")
      if let steps = own.steps {
        #expect(abs(steps.second - (steps.first - rate * own.second)) <= 1e-12)
        #expect(abs((own.secondOfSum ?? .nan) - (steps.second - rate * own.first)) <= 1e-9)
      }
    }
  }

  @Test func `bars have the heights of their numbers, one on top of the other without zero_grad`() throws {
    let graph = try Project.graph("two-samples", level: .scalar)
    let figure = try FigureSet(graph, options: .init(collapse: Collapse.none)).figure(.accumulation)
    let gradients = try #require(AccumulatedGradients(graph))
    func bar(_ id: String) throws -> Rectangle {
      try #require(figure.chips.first { $0.id == "accumulation-\(id)" }).frame
    }
    let greatest = try #require(gradients.parameters.max { abs($0.sum) < abs($1.sum) })
    let unit = try bar("\(graph.nodes[greatest.node].id)-kept-3").height / abs(greatest.sum)
    for own in gradients.parameters {
      let id = graph.nodes[own.node].id
      for (name, number) in [
        ("zeroed-1", own.first), ("zeroed-2", own.second), ("kept-2", own.second), ("kept-3", own.sum),
      ] {
        #expect(abs(try bar("\(id)-\(name)").height - max(1, abs(number) * unit)) < 0.51, "\(id)-\(name)")
      }
      // The second begins where the first ends.
      let (first, second) = (try bar("\(id)-kept-1"), try bar("\(id)-kept-2"))
      let joint = own.first < 0 ? first.bottom : first.y
      #expect(min(abs(second.y - joint), abs(second.bottom - joint)) < 0.01, "\(id)")
      let texts = figure.labels.map(\.run.text)
      for number in [own.first, own.second, own.sum] {
        #expect(texts.contains(Words(.english).numbers(4).text(number)))
      }
    }
  }

  @Test func `everything stays on its page, in both languages and at both widths`() throws {
    for language in ComputationGraph.Presentation.Language.allCases {
      for (sample, width) in [("one-neuron", 830.0), ("mazur", 830), ("mazur", 1140), ("two-samples", 600)] {
        let options = FigureOptions(language: language, width: width, collapse: Collapse.none)
        let figure = try FigureSet(Project.graph(sample, level: .scalar), options: options).figure(.accumulation)
        for label in figure.labels {
          #expect(label.origin.x + label.width <= figure.size.width, "\(label.run.text) of \(sample)")
        }
        for panel in figure.regions.map(\.frame) {
          let own = figure.labels.filter { label in
            label.origin.x > panel.x && label.origin.x < panel.right && label.origin.y > panel.y
              && label.origin.y < panel.bottom
          }
          #expect(!own.isEmpty)
          for label in own {
            #expect(label.origin.x + label.width <= panel.right + 1, "\(label.run.text) of \(sample)")
          }
        }
        let words = language == .french ? "sans zero_grad" : "without zero_grad"
        #expect(figure.labels.map(\.run.text).filter { $0 == words }.count == figure.regions.count)
      }
    }
  }

  @Test func `graphs without a loss, of arrays or without an update say why there is no figure`() throws {
    for (program, reason) in [("param w = 3\nh = w * 2\n", "loss"), ("input x = 3\nloss L = x**2\n", "param")] {
      let figures = try FigureSet(Project.graph(program: program))
      #expect(figures.reasonAgainst(.accumulation)?.contains(reason) ?? false, "\(program)")
      #expect(!figures.stages.contains(.accumulation))
    }
    let arrays = try FigureSet(Project.graph("mlp", level: .tensor))
    #expect(arrays.reasonAgainst(.accumulation)?.contains("`level scalar`") ?? false)
  }
}
