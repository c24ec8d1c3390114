import Autograd
import Foundation
import GradLanguage
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// Texts, read back from drawn figures, stand in the cells that they belong to.
@Suite("Cells")
struct CellLawTests {
  @Test func `no text leaves its cell`() throws {
    for sample in Project.samples { try GeometryLawTests.forEachFigure(Project.graph(sample), sample, checkCells) }
    for program in GeometryLawTests.hard {
      let graph = try Project.graph(program: program)
      for gradients in ComputationGraph.Presentation.Gradients.allCases {
        try GeometryLawTests.forEachFigure(
          graph, options: .init(gradients: gradients, direction: .topToBottom), program, checkCells)
        try GeometryLawTests.forEachFigure(
          graph, options: .init(gradients: gradients, parameters: .repeated), program, checkCells)
      }
      try GeometryLawTests.forEachFigure(graph, options: .init(precision: 12), program, checkCells)
    }
    for program in Self.exponents {
      for precision in [nil, 2, 8] {
        let graph = try Project.graph(program: program)
        try GeometryLawTests.forEachFigure(graph, options: .init(precision: precision), program, checkCells)
      }
    }
    for (graph, name) in GeometryLawTests.randomGraphs(5) {
      try GeometryLawTests.forEachFigure(graph, options: .init(parameters: .repeated), name, checkCells)
      try GeometryLawTests.forEachFigure(graph, options: .init(gradients: .both), name, checkCells)
      try GeometryLawTests.forEachFigure(graph, options: .init(gradients: .symbolic), name, checkCells)
    }
  }

  @Test func `no text leaves its cell where the steps of a training share their sheet`() throws {
    for sample in Project.samples where Project.isTrained(sample) {
      let path = Project.folder.appendingPathComponent("Samples/\(sample).grad").path
      let program = try Program.load(text: String(contentsOfFile: path, encoding: .utf8), path: path)
      let training = try ProgramTraining(program)
      var graphs: [ComputationGraph] = []
      for step in 0..<6 {
        training.prepareStep()
        if step % 5 == 0 { graphs.append(training.graph()) }
        guard try training.next() != nil else { break }
      }
      for (set, number) in zip(try FigureSet.alike(graphs), 0...) {
        for stage in [Stage.backward, .update] where set.stages.contains(stage) {
          let figure = try set.figure(stage)
          try checkCells(DrawnFigure(figure), "\(stage) of graph \(number) of \(sample)")
          checkRows(figure, "\(stage) of graph \(number) of \(sample)")
        }
      }
    }
  }

  /// The rows fill a box whose size is that of another step's.
  private func checkRows(_ figure: Figure, _ what: String) {
    for box in figure.boxes where !box.rows.isEmpty && !box.isFlat && box.hasFrame {
      let height = Double(box.rows.reduce(2) { $0 + $1.height })
      #expect(abs(height - box.frame.height) < 1.5, "\(box.id): \(height) of \(box.frame.height), \(what)")
    }
  }

  private func checkCells(_ figure: DrawnFigure, _ what: String) {
    let sheet = CGRect(origin: .zero, size: figure.size)
    for element in figure.elements {
      for text in element.texts {
        #expect(
          sheet.insetBy(dx: -0.5, dy: -0.5).contains(text.frame), "\(text.string): off the sheet, \(what)")
        guard !element.shapes.isEmpty else { continue }
        let cell = Self.cell(of: text, in: element)
        // Of indices and exponents above one another the frame is that of whole letters.
        let slack = text.string.contains(where: GeometryLawTests.scripts.contains) ? 2.6 : 1
        #expect(
          text.frame.minX >= cell.minX - 0.6 && text.frame.maxX <= cell.maxX + 0.6
            && text.frame.minY >= cell.minY - slack && text.frame.maxY <= cell.maxY + slack,
          "\(text.string) at \(text.frame) leaves \(cell) of \(element.id), \(what)")
        guard element.classes.contains("node"), text.string.contains(/×10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/) else { continue }
        // Raised digits come near the frame first; below the line is nothing but a bracket.
        let bottom = text.frame.maxY - (text.string.contains("[") ? 0 : 0.2 * text.size)
        #expect(
          text.frame.minX >= cell.minX + 2 && text.frame.maxX <= cell.maxX - 2 && text.frame.minY >= cell.minY + 2
            && bottom <= cell.maxY,
          "\(text.string) at \(text.frame) touches \(cell) of \(element.id), \(what)")
      }
    }
    let badges = figure.elements.filter { $0.classes.contains("order") }
    for element in figure.elements where element.classes.contains("node") {
      for text in element.texts where text.string.contains("×10") {
        let badge = badges.first { $0.frame.intersects(text.frame) }
        #expect(badge == nil, "\(text.string) under \(badge?.id ?? "") of \(element.id), \(what)")
      }
    }
  }

  /// Numbers with exponents: as values, gradients, shares and data, in boxes, arrays and the cells of a table.
  private static let exponents = [
    "level scalar\nparam z = [40, -40, 0.5]\ntarget y = [1, 0, 1]\npredict p = sigmoid(z)\nloss L = bce(p, y)\nrate 0.1",
    "level tensor\nparam z = [28.5, -27, 1]\ntarget y = [1, 0, 1]\npredict p = sigmoid(z)\nloss L = bce(p, y)\nrate 0.1",
    "level tensor\ninput x = [1e-9, 2.5e8, 3]\nparam w = [1e-9, 2.5e8, 3]\nloss L = sum((x * w - x)**2)\nrate 0.1",
    "param w = 2e-9\nparam v = 123456789.5\nb = w * v + w\nloss L = b**2 * 1e12\nrate 1e-12",
  ]

  /// The smallest rectangle around a text's center; beside a name cell, the rest of the box.
  private static func cell(of text: DrawnFigure.Text, in element: DrawnFigure.Element) -> CGRect {
    let middle = CGPoint(x: text.frame.midX, y: text.frame.midY)
    var cell = element.frame
    for shape in element.shapes
    where shape.contains(middle) && shape.width * shape.height < cell.width * cell.height {
      cell = shape
    }
    if cell == element.frame, element.classes.contains("node"), !element.classes.contains("cell"),
      element.shapes.count > 1
    {
      let left = element.shapes[1].maxX
      guard left < cell.maxX - 1 else { return cell }
      return CGRect(x: left, y: cell.minY, width: cell.maxX - left, height: cell.height)
    }
    return cell
  }
}
