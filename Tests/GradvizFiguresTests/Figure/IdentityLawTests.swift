import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizPlots
import GradvizTestSupport
import Testing

/// Checks several figures on one page, as when a reader inlines them.
@Suite("Ids of several figures")
struct IdentityLawTests {
  private func ids(_ svg: String) -> [String] {
    SVGDocument(svg).elements.compactMap { $0.attributes["id"] }
  }

  private func figures(_ program: String) throws -> FigureSet {
    try FigureSet(try Project.graph(program: program))
  }

  private static let titles = [
    "One neuron learns the first sample", "One neuron learns the second sample", "One neuron learns", "神经元",
    "损失函数",
    "一个神经元", "Нейрон", "نورون", "", "🙂", "!", "1", "figure", String(repeating: "a", count: 30),
    String(repeating: "a", count: 31),
  ]

  @Test func `figures of one page that differ have ids that differ, whatever their titles`() throws {
    var seen: Set<String> = []
    for (index, title) in Self.titles.enumerated() {
      let figures = try figures("title \"\(title)\"\nparam a = \(index)\nloss L = a * a\nrate 0.1\n")
      for stage in figures.stages {
        for theme in ComputationGraph.Presentation.Theme.allCases {
          let own = ids(try figures.figure(stage).svg(theme: theme))
          #expect(own.count > 5 && Set(own).count == own.count)
          #expect(seen.isDisjoint(with: own), "\(title) \(stage) \(theme): \(seen.intersection(own))")
          seen.formUnion(own)
        }
      }
      let frames = (1...figures.stepCount).map { ids((try? figures.frame($0).svg()) ?? "") }.joined()
      #expect(Set(frames).isDisjoint(with: seen))
      seen.formUnion(frames)
    }
  }

  /// One title, and programs, numbers and settings that differ in one respect.
  @Test func `the prefix is another one as soon as a number, a name or a setting is`() throws {
    let programs = [
      "", "precision 3\n", "gradients symbolic\n", "lang fr\n", "direction TB\n", "caption \"c\"\n",
      "rate 0.5\n",
    ].flatMap { setting in
      [
        "param a = 2\nloss L = a * a", "param a = 3\nloss L = a * a", "param b = 2\nloss L = b * b",
        "param a = 2\nloss L = a + a",
      ].map {
        "title \"T\"\n\(setting)\($0)\n"
      }
    }
    let prefixes = try programs.map { try figures($0).figure(.backward).id }
    let same = Dictionary(grouping: zip(programs, prefixes), by: \.1).filter { $0.value.count > 1 }
    // Figures that do not show a setting are the same: the rate is shown in the update.
    for (_, group) in same {
      let svgs = try Set(group.map { try figures($0.0).figure(.backward).svg() })
      #expect(svgs.count == 1, "\(group.map(\.0))")
    }
    #expect(Set(prefixes).count >= programs.count - 8)
    #expect(prefixes.allSatisfy { $0.wholeMatch(of: /t-[0-9a-f]{8}-backward/) != nil })
  }

  /// Every sample and random programs, all with the same title, as if on one page.
  @Test func `no two figures of a page have an id in common`() throws {
    var seen: [String: String] = [:]
    var graphs = try Project.samples.map { ($0, try Project.graph($0)) }
    for program in Seeds.programs(default: 20) {
      graphs.append(("\(program)", try Project.graph(program: program.source)))
    }
    for (name, graph) in graphs {
      var graph = graph
      graph.presentation.title = "一"
      let figures = try FigureSet(graph)
      for stage in figures.stages where stage != .overview {
        let svg = try figures.figure(stage).svg()
        for id in Set(MarkupScan.values(of: "id", in: svg)) {
          let other = seen.updateValue("\(name) \(stage)", forKey: id)
          #expect(other == nil, "\(id) in \(name) \(stage) and in \(other ?? "")")
        }
      }
    }
    #expect(seen.count > 1000)
  }

  @Test func `the prefix is the same in every process`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("title \"神经元\"\nparam a = 2\nloss L = a * a\n", to: "a.grad")
    let first = try ProcessResult(
      Project.gradviz, ["draw", "a.grad", "--stage", "backward", "-T", "svg", "-o", "-"], in: folder.url)
    #expect(first.status == 0)
    let own = try figures("title \"神经元\"\nparam a = 2\nloss L = a * a\n").figure(.backward)
    #expect(ids(first.text).contains(own.id))
  }

  @Test func `plots have prefixes from their content, too`() throws {
    var seen: Set<String> = []
    for title in Self.titles {
      for step in 1...2 {
        let options = PlotOptions(title: title, id: FigureSet.identifier(title))
        let losses = [4, 2, 1 / Double(step)]
        for theme in ComputationGraph.Presentation.Theme.allCases {
          let plot = Plot.descent([LossCurve(name: "sgd", losses: losses)], lossName: "L", options: options)
          let own = ids(plot.svg(theme: theme))
          #expect(own.count > 3 && Set(own).count == own.count && seen.isDisjoint(with: own))
          seen.formUnion(own)
        }
      }
    }
  }
}
