import Foundation
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// Figures without some of their parts: smaller, all stages alike, and the rest as it was.
@Suite("Hidden parts")
struct HiddenPartTests {
  private static let sets: [Set<FigureOptions.Part>] = [
    [.title], [.panel], [.legend], [.order], [.title, .legend], [.title, .panel], Set(FigureOptions.Part.allCases),
  ]

  private static let samples = ["one-neuron", "minibatch", "mazur", "chain"]

  private func figures(_ sample: String, _ hidden: Set<FigureOptions.Part>) throws -> FigureSet {
    try FigureSet(Project.graph(sample), options: .init(hiddenParts: hidden))
  }

  /// The stages on the sheet.
  private static let stages: [Stage] = [.forward, .loss, .backward, .update]

  @Test(arguments: samples)
  func `a page without a part is at most as large, and the same in all stages and steps`(sample: String) throws {
    let whole = try figures(sample, []).figure(.backward).size
    for hidden in Self.sets {
      let set = try figures(sample, hidden)
      let sizes = try Self.stages.map { try set.figure($0).size } + [try set.frame(1).size]
      for size in sizes { #expect(size == sizes[0], "\(hidden)") }
      #expect(sizes[0].width <= whole.width && sizes[0].height <= whole.height, "\(hidden)")
      if hidden.contains(.panel) || hidden.isSuperset(of: [.title, .legend]) {
        #expect(sizes[0].height < whole.height, "\(hidden)")
      }
    }
  }

  @Test(arguments: samples)
  func `what is hidden is gone, and everything else is there`(sample: String) throws {
    let words = Words(.english)
    let title = try Project.graph(sample).presentation.title ?? ""
    for hidden in Self.sets {
      let set = try figures(sample, hidden)
      for stage in set.stages where stage != .overview {
        let (own, whole) = (try set.figure(stage), try figures(sample, []).figure(stage))
        func ids(_ figure: Figure) -> [String] { figure.boxes.map(\.id).filter { $0 != "legend-box" } }
        #expect(ids(own) == ids(whole), "\(hidden), \(stage)")
        func hasTitle(_ figure: Figure) -> Bool { figure.labels.contains { !title.isEmpty && $0.run.text == title } }
        func isOrder(_ figure: Figure) -> Bool { figure.chips.contains { $0.classes.contains("order") } }
        func saysOrder(_ figure: Figure) -> Bool { figure.labels.contains { $0.run.text == words.order } }
        func hasPanel(_ figure: Figure) -> Bool { figure.regions.contains { $0.classes.contains("panel") } }
        func hasLegend(_ figure: Figure) -> Bool { figure.chips.contains { $0.classes.contains("legend") } }
        #expect(hasTitle(own) == (hasTitle(whole) && !hidden.contains(.title)), "\(hidden), \(stage)")
        #expect(hasPanel(own) == !hidden.contains(.panel), "\(hidden), \(stage)")
        #expect(hasLegend(own) == (hasLegend(whole) && !hidden.contains(.legend)), "\(hidden), \(stage)")
        #expect(isOrder(own) == (isOrder(whole) && !hidden.contains(.order)), "\(hidden), \(stage)")
        #expect(
          saysOrder(own) == (saysOrder(whole) && hidden.isDisjoint(with: [.order, .legend])), "\(hidden), \(stage)")
      }
    }
  }

  @Test(arguments: samples)
  func `everything stays on the page, and no text lies over a box`(sample: String) throws {
    for hidden in Self.sets {
      let set = try figures(sample, hidden)
      for stage in set.stages {
        let figure = try DrawnFigure(set.figure(stage))
        let sheet = CGRect(origin: .zero, size: figure.size).insetBy(dx: -0.5, dy: -0.5)
        let boxes = figure.elements.filter { $0.classes.contains("node") && !$0.shapes.isEmpty }
        for element in figure.elements {
          for text in element.texts {
            #expect(sheet.contains(text.frame), "\(text.string) is off the sheet, \(stage), \(hidden)")
            // Marks stand at the corners of their boxes.
            let isApart = element.classes.isDisjoint(with: ["node", "order"]) && element.id != "legend-box"
            guard isApart, stage != .overview, text.frame.minY < 60 else { continue }
            let over = boxes.first { $0.frame.insetBy(dx: 1.5, dy: 1.5).intersects(text.frame) }
            #expect(over == nil, "\(text.string) over \(over?.id ?? ""), \(stage), \(hidden)")
          }
          for shape in element.shapes {
            #expect(sheet.contains(shape), "\(element.id) is off the sheet, \(stage), \(hidden)")
          }
        }
      }
    }
  }
}
