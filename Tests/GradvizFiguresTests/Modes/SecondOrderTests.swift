import Autograd
import Foundation
import GradvizDrawing
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// Second derivatives by hand and against differences of gradients, and the figure against its numbers.
@Suite("Second order")
struct SecondOrderTests {
  private static func order(_ program: String, of name: String? = nil) throws -> (ComputationGraph, SecondOrder) {
    let graph = try Project.graph(program: program)
    let leaf = try name.map { try #require(graph.variable(called: $0)) }
    return (graph, try #require(SecondOrder(graph, of: leaf)))
  }

  @Test func `a Hessian by hand`() throws {
    // f = log x₁ + x₁x₂ − sin x₂: H = (−1/x₁², 1; 1, sin x₂).
    let (graph, order) = try Self.order(ForwardModeTests.survey)
    let expected = [[-0.25, 1], [1, sin(5)]]
    let hessian = try #require(order.hessian)
    for (row, numbers) in zip(hessian, expected) {
      for (number, own) in zip(row, numbers) { #expect(abs(number - own) < 1e-12, "\(hessian)") }
    }
    for (number, own) in zip(order.product, [0.75, 1 + sin(5)]) { #expect(abs(number - own) < 1e-12) }
    for (variable, number) in zip(graph.variables, order.gradient) {
      #expect(abs(number - (graph.nodes[variable].gradient?[0] ?? .nan)) < 1e-12)
    }
  }

  @Test func `powers, quotients and functions by hand`() throws {
    // Each f″ at one number.
    let (x, t, s) = (0.6, tanh(0.6), 1 / (1 + exp(-0.6)))
    let cases: [(String, Double)] = [
      ("x**3", 6 * x), ("1 / x", 2 / (x * x * x)), ("exp(x)", exp(x)), ("tanh(x)", -2 * t * (1 - t * t)),
      ("sin(x)", -sin(x)), ("cos(x)", -cos(x)), ("sqrt(x)", -0.25 * pow(x, -1.5)), ("log(x)", -1 / (x * x)),
      ("atan(x)", -2 * x / pow(1 + x * x, 2)), ("sinh(x)", sinh(x)), ("cosh(x)", cosh(x)),
      ("log1p(x)", -1 / pow(1 + x, 2)),
      ("expm1(x)", exp(x)), ("log2(x)", -1 / (x * x * log(2))), ("log10(x)", -1 / (x * x * log(10))),
      ("tan(x)", 2 * tan(x) / pow(cos(x), 2)), ("asin(x)", x / pow(1 - x * x, 1.5)),
      ("acos(x)", -x / pow(1 - x * x, 1.5)), ("relu(x)**2", 2), ("abs(x) * x", 2),
      ("x ** x", pow(x, x) * (pow(log(x) + 1, 2) + 1 / x)),
      ("maximum(x, 0.1) ** 2", 2), ("erf(x)", -4 * x / Double.pi.squareRoot() * exp(-x * x)),
      ("sigmoid(x)", s * (1 - s) * (1 - 2 * s)),
    ]
    for (formula, expected) in cases {
      let (_, order) = try Self.order("param x = 0.6\nloss L = \(formula)\n")
      let own = try #require(order.hessian?[0][0])
      #expect(abs(own - expected) <= 1e-9 * max(1, abs(expected)), "\(formula): \(own), not \(expected)")
    }
  }

  @Test func `what a softmax's rows cancel to is 0, not its rounding`() throws {
    // Its gradient sums to 0 whatever its inputs are, so H·(1, 1, 1) is 0; a derivative of 10⁻¹⁵ stays.
    for numbers in [(1.0, 2.0, 0.5), (0.3, -1.7, 4.1), (0.1, 0.2, 0.3)] {
      let (_, order) = try Self.order(
        "param a = \(numbers.0)\nparam b = \(numbers.1)\nparam c = \(numbers.2)\n"
          + "loss L = -log(exp(b) / (exp(a) + exp(b) + exp(c)))\n")
      #expect(order.product == [0, 0, 0])
      #expect(order.variables.allSatisfy { order.graph.nodes[$0].gradient == [0] })
    }
    let (_, small) = try Self.order("param x = 2\nloss L = 1e-15 * x**3 + x\n")
    #expect(abs(small.product[0] - 12e-15) < 1e-24)
  }

  /// The gradients with one number changed, by the engine's own backward pass.
  private static func gradients(_ program: Program, _ name: String, plus change: Double) throws -> [Double] {
    let recording = program.record()
    let elements = recording.tape.elements(of: [.parameter])
    let element = try #require(elements.first { $0.name == name })
    element.value += change
    recording.tape.replay()
    recording.tape.backward(from: try #require(recording.loss))
    return elements.map(\.gradient)
  }

  @Test(arguments: ["one-neuron", "two-samples", "minibatch", "mazur", "reuse", "logistic"])
  func `Hessians are central differences of gradients, and symmetric`(_ sample: String) throws {
    let path = Project.folder.appending(path: "Samples/\(sample).grad").path
    let graph = try Project.graph(sample, level: .scalar)
    try #require(!graph.variables.isEmpty && graph.variables.allSatisfy { graph.nodes[$0].role == .parameter })
    let program = try Program.load(text: String(contentsOfFile: path, encoding: .utf8), path: path)
    guard let order = SecondOrder(graph, of: nil) else {
      Issue.record("\(sample) has no second order")
      return
    }
    let names = graph.variables.map { graph.nodes[$0].name }
    let all = program.record().tape.elements(of: [.parameter]).map(\.name)
    var product = [Double](repeating: 0, count: names.count)
    for (column, name) in names.enumerated() {
      let h = 1e-5
      let above = try Self.gradients(program, name, plus: h)
      let below = try Self.gradients(program, name, plus: -h)
      for (row, other) in names.enumerated() {
        let place = try #require(all.firstIndex(of: other))
        let difference = (above[place] - below[place]) / (2 * h)
        product[row] += difference
        guard let hessian = order.hessian else { continue }
        #expect(abs(hessian[row][column] - difference) <= 1e-6 * max(1, abs(difference)), "\(other), \(name)")
        #expect(abs(hessian[row][column] - hessian[column][row]) <= 1e-12 * max(1, abs(difference)))
      }
    }
    for (own, expected) in zip(order.product, product) {
      #expect(abs(own - expected) <= 1e-5 * max(1, abs(expected)))
    }
  }

  private static let neuron =
    "input x = 2\ntarget y = 1\nparam w = 0.5\nparam b = -0.25\nyhat = tanh(w*x + b)\nloss L = (yhat - y)**2\n"

  @Test(arguments: [nil, "w", "b", "x"])
  func `the figure, read back`(_ name: String?) throws {
    let (graph, order) = try Self.order(Self.neuron, of: name)
    var options = FigureOptions()
    options.of = name
    let figure = try FigureSet(graph, options: options).figure(.secondOrder)
    let format = Words(.english).numbers(4)
    func texts(_ kind: String) -> [String] { figure.labels.filter { $0.classes.contains(kind) }.map(\.run.text) }
    let hessian = try #require(order.hessian)
    #expect(texts("hessian") == hessian.joined().map(format.text))
    #expect(texts("product").suffix(order.product.count) == order.product.map(format.text)[...])
    // The boxes of the variables hold the product, those of the gradients the first gradients.
    let boxes = try DrawnFigure(figure).boxes
    for (variable, number) in zip(order.variables, order.product) {
      let box = try #require(boxes.first { $0.id == order.graph.nodes[variable].id })
      #expect(box.bracketed == format.text(number), "\(box.id)")
    }
    let named = graph.variables.map { graph.nodes[$0] }
    for node in named {
      let own = try #require(order.graph.nodes.first { $0.name == "∂L/∂\(node.name)" })
      #expect(abs(own.value[0] - (node.gradient?[0] ?? .nan)) < 1e-12)
      let box = try #require(boxes.first { $0.id == own.id })
      #expect(box.texts.map(\.string).contains(format.text(own.value[0])))
    }
    // What the backward pass has recorded has green edges, and nothing else.
    for box in figure.boxes where box.classes.contains("node") && !box.classes.contains("constant") {
      guard let node = order.graph.nodes.first(where: { $0.id == box.id }) else { continue }
      #expect((box.lineTint == .gradientInk) == (node.scope == BackwardGraph.scope), "\(box.id)")
    }
    for label in figure.labels { #expect(label.origin.x + label.width <= figure.size.width, "\(label.run.text)") }
  }

  private static let threeNeurons = """
    input x1 = 1
    input x2 = 2
    target y = 1
    param w11 = 0.5
    param w12 = 1
    param w21 = 1
    param w22 = 0.5
    param b1 = 0.5
    param b2 = -1
    param v1 = 1
    param v2 = 2
    param c = 0.5
    h1 = relu(w11*x1 + w12*x2 + b1)
    h2 = relu(w21*x1 + w22*x2 + b2)
    o = v1*h1 + v2*h2 + c
    loss L = (o - y)**2
    """

  /// Two neurons, a third and its loss: 61 values of both passes, and nine parameters.
  @Test(arguments: [830.0, 1140])
  func `a network of two layers is on its page, with its whole Hessian`(width: Double) throws {
    let (graph, order) = try Self.order(Self.threeNeurons)
    let hessian = try #require(order.hessian)
    #expect(hessian.count == 9 && order.graph.nodes.count > 60)
    // L = (o − y)² with o = v·h + c: ∂²L/∂c² = 2, ∂²L/∂c∂v = 2h, ∂²L/∂w₂₂∂v₂ = 2(o − y)·x₂ + 2·v₂·x₂·h₂.
    let names = graph.variables.map { graph.nodes[$0].name }
    func entry(_ row: String, _ column: String) throws -> Double {
      hessian[try #require(names.firstIndex(of: row))][try #require(names.firstIndex(of: column))]
    }
    #expect(try entry("c", "c") == 2 && entry("c", "v1") == 6 && entry("c", "v2") == 2 && entry("w22", "v2") == 26)
    let figure = try FigureSet(graph, options: FigureOptions(width: width)).figure(.secondOrder)
    let ids = Set(figure.boxes.map(\.id))
    for node in order.graph.nodes where !BoxSizes.isPlainConstant(node) { #expect(ids.contains(node.id), "\(node.id)") }
    let format = Words(.english).numbers(4)
    let table = figure.labels.filter { label in label.classes.contains { $0.hasPrefix("column-") } }
    for label in figure.labels {
      #expect(label.origin.x + label.width <= figure.size.width && label.origin.y <= figure.size.height)
    }
    for row in 1...9 {
      let cells = table.filter { $0.classes.contains("row-\(row)") }
      let numbers = cells.filter { $0.classes.contains("hessian") }.map(\.run.text)
      #expect(numbers == hessian[row - 1].map(format.text), "\(row)")
      for (left, right) in zip(cells, cells.dropFirst()) {
        #expect(left.origin.x + left.width <= right.origin.x + 0.5, "\(left.run.text) and \(right.run.text)")
      }
    }
  }

  @Test func `constant gradients and large programs say why there is no figure`() throws {
    let constant = try FigureSet(Project.graph(program: "param w = 3\nloss L = 2 * w\n"))
    #expect(constant.reasonAgainst(.secondOrder)?.contains("every second derivative is 0") ?? false)
    let large = try FigureSet(
      Project.graph("xor", level: .scalar), options: FigureOptions(collapse: Collapse.none))
    #expect(large.reasonAgainst(.secondOrder)?.contains("takes \(SecondOrder.maxValues)") ?? false)
    #expect(large.reasonAgainst(.forwardMode) == nil)
  }

  @Test func `products of leaves, a gradient that is a value of the forward pass, and a name that is taken`() throws {
    let (_, order) = try Self.order("param s = 3\nparam a = 2\nloss L = s * a\n")
    #expect(order.hessian == [[0, 1], [1, 0]] && order.product == [1, 1])
    let loss = try #require(order.graph.loss)
    #expect(order.graph.nodes[loss].name == "S" && order.graph.nodes[loss].value == [5])
  }
}
