import GradvizDrawing
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// The cards beside the chain rule: a function's curve, and what a nudge does.
@Suite("Cards of the backward pass")
struct CloseUpTests {
  private func backward(_ program: String) throws -> Figure {
    try FigureSet(Project.graph(program: program)).figure(.backward)
  }

  @Test(arguments: [
    ("tanh", 1000), ("tanh", -50), ("tanh", 30), ("tanh", 4), ("tanh", 0.2), ("sigmoid", 1000), ("sigmoid", -100),
    ("sigmoid", 60), ("sigmoid", 1), ("exp", 2), ("exp", -9), ("log", 1e-300), ("log", 1e-6), ("log", 40),
    ("square", 300), ("square", -0.01), ("relu", 2000),
  ])
  func `a curve stays within its card, and has its tangent`(_ function: String, _ number: Double) throws {
    let figure = try backward("param w = \(number)\nh = \(function)(w)\nloss L = h * 2\ncloseups all\n")
    let card = try #require(figure.regions.first { $0.classes.contains("close-up") }?.frame)
    let curves = figure.arrows.filter { $0.classes.contains("curve") }
    #expect(Set(curves.map(\.id)).isSuperset(of: ["curve-1-function", "curve-1-tangent"]))
    for curve in curves {
      for point in curve.path.points {
        #expect(
          (card.x...card.right).contains(point.x) && (card.y...card.bottom).contains(point.y),
          "\(function)(\(number)): \(curve.id) passes \(point)")
      }
    }
    let tangent = try #require(curves.first { $0.id == "curve-1-tangent" }).path.points
    let (first, last) = (try #require(tangent.first), try #require(tangent.last))
    #expect(abs(first.x - last.x) + abs(first.y - last.y) > 8, "\(function)(\(number))")
  }

  private func nudge(_ program: String) throws -> Nudge {
    try #require(FigureSet(Project.graph(program: program)).context.nudge)
  }

  @Test func `a change has no digit that its numbers lack`() throws {
    // Between −0.9 and 1.2 million: the difference of the printed numbers would end in digits of the first alone.
    let steep = try nudge(
      "param a = 0.07\nparam b = 0.9999999\nparam c = 123456789\nd = a + b\ne = d * c\nf = e - 132098762\n"
        + "loss L = f / 100 + 1\nprecision 3\n")
    #expect(steep.stops.map(\.change).allSatisfy { !$0.contains("230010") && !$0.contains("345.701") })
    // Of what is written with ×10ⁿ the change is as well.
    let large = try nudge("param x = 1\nz = exp(x * 40)\nloss L = z * 2\n")
    #expect(large.stops.last?.change.contains("×10") == true, "\(large.stops.map(\.change))")
    let huge = try nudge("param x = 1\nz = exp(x * 80)\nloss L = z * 2 + x\n")
    #expect(huge.stops.last?.change.contains("×10³") == true, "\(huge.stops.map(\.change))")
    // Equal is said of numbers alone that are.
    for nudge in [steep, large] where nudge.relation == .equal {
      #expect(nudge.gradient == nil, "\(nudge.quotient)")
    }
  }

  @Test func `the digits of a nudge tell its quotient from the gradient`() throws {
    let figure = try FigureSet(Project.graph("reuse", level: .scalar)).figure(.backward)
    #expect(figure.labels.contains { $0.run.text.contains("24.04") })
  }

  @Test func `samples with several paths are not called one path`() throws {
    func isOnePath(_ prediction: String) throws -> Bool {
      let program = """
        input x = [1, 2]
        target y = [1, 0]
        param w = 0.5
        param b = 0.2
        predict p = \(prediction)
        loss L = sum((p - y)**2)
        """
      let text = try backward(program).labels.map(\.run.text).joined()
      return text.contains("is one path")
    }
    #expect(try isOnePath("tanh(w*x + b)"))
    #expect(try !isOnePath("tanh(w*x + b) + w"))
  }
}
