import GradvizGraph

/// A figure in which some numbers are for the reader to fill in, its solution, and the numbers.
public struct Exercise: Sendable {
  /// A number to fill in.
  public struct Answer: Sendable, Equatable {
    /// The name of the value in the program.
    public var name: String
    /// Whether it is the value's own number or its gradient.
    public var kind: Blanks.Kind
    /// The number, not rounded.
    public var number: Double
    /// The number as in the solution.
    public var text: String
    /// The value in the graph.
    package var node: Int
  }

  /// The figure with empty blanks.
  public let sheet: Figure
  /// The same with the answers in them.
  public let solution: Figure
  /// What stands in the boxes of the solution, in the order of the program.
  public let answers: [Answer]

  /// The most values of a graph, as many as are filled in by hand.
  public static let maxValues = 1000

  /// Makes exercises of graphs of numbers that differ in numbers only: in all of them everything has the same place.
  ///
  /// - Throws: ``FigureError`` for a graph that cannot be drawn, is one of arrays, or has more than ``maxValues`` values.
  /// - Complexity: that of a figure for each graph.
  public static func alike(
    _ graphs: [ComputationGraph], blanks: Blanks, options: FigureOptions = .init()
  ) throws(FigureError) -> [Exercise] {
    let options = try Self.options(options, for: graphs, blanks: blanks)
    var exercises: [Exercise] = []
    for figures in try FigureSet.alike(graphs, options: options) {
      exercises.append(Exercise(try figures.figure(blanks.stage), figures.answers))
    }
    return exercises
  }

  /// The options with which a sheet of graphs is laid out.
  static func options(
    _ options: FigureOptions, for graphs: [ComputationGraph], blanks: Blanks
  ) throws(FigureError) -> FigureOptions {
    guard graphs.allSatisfy({ $0.level == .scalar }) else {
      throw FigureError(message: "an exercise is made of numbers, and this is a graph of arrays")
    }
    if let large = graphs.first(where: { $0.nodes.count > maxValues }) {
      throw FigureError(
        message: "an exercise has at most \(maxValues) values, and this program has \(large.nodes.count)")
    }
    var options = options
    options.blanks = blanks
    // One box a number, and no text that would compute it.
    options.collapse = Collapse.none
    options.view = .values
    options.closeUps = ComputationGraph.Presentation.CloseUps.none
    options.gradients = .numeric
    return options
  }

  private init(_ figure: Figure, _ answers: [Answer]) {
    sheet = figure.exercise(isAnswered: false)
    solution = figure.exercise(isAnswered: true)
    self.answers = answers
  }
}

extension FigureSet {
  /// The blanks of the boxes.
  var answers: [Exercise.Answer] {
    guard let blanks = options.blanks else { return [] }
    let drawn = Set(sheet.spots.map(\.node))
    let format = context.text.notation.format.open
    var answers: [Exercise.Answer] = []
    for (index, node) in context.graph.nodes.enumerated() where drawn.contains(index) {
      func add(_ kind: Blanks.Kind, _ number: Double?) {
        guard let number else { return }
        answers.append(
          .init(name: node.name, kind: kind, number: number, text: format.text(number), node: index))
      }
      if blanks.hiddenValues.contains(node.name) { add(.value, node.value.first) }
      if blanks.hiddenGradients.contains(node.name), blanks.stage == .backward { add(.gradient, node.gradient?.first) }
    }
    return answers
  }
}
