import GradvizDrawing
import GradvizGraph

/// The sheet of an exercise as part of a page: it has the blanks of its boxes, which a script fills in, and no others.
package struct LiveSheet {
  /// Where an answer is written.
  package struct Place {
    /// The blank's frame.
    package var frame: Rectangle
    /// The middle of the baseline.
    package var middle: Point
    package var size: Double
  }

  /// The sheet, without the blanks that no field is for: those on wires.
  package private(set) var figure: Figure
  package let answers: [Exercise.Answer]
  /// The places of each answer.
  package private(set) var places: [[Place]]
  /// The values with an answer, by the ids of their boxes.
  package private(set) var nodesByBox: [String: Int] = [:]
  /// What the page says about the values.
  package let values: LiveValues

  /// Lays out the sheet of a graph of numbers.
  ///
  /// - Throws: ``FigureError`` as `Exercise.alike(_:blanks:options:)`.
  /// - Complexity: that of a figure.
  package init(
    _ graph: ComputationGraph, blanks: Blanks, options: FigureOptions = .init()
  ) throws(FigureError) {
    var options = try Exercise.options(options, for: [graph], blanks: blanks)
    // What the page says itself, and blanks without a field.
    options.hiddenParts.formUnion([.title, .panel])
    let set = try FigureSet(graph, options: options)
    figure = try set.figure(blanks.stage).exercise(isAnswered: false)
    figure.page.background = .transparent
    values = set.liveValues
    answers = set.answers
    places = answers.map { _ in [] }
    figure.chips.removeAll { chip in chip.texts.contains(where: \.isBlank) }
    take(from: set.context)
  }

  /// Finds the blanks of the boxes.
  private mutating func take(from context: FigureContext) {
    let spots = Dictionary(
      context.sheet.spots.indices.map { (context.spotID($0), $0) }, uniquingKeysWith: { first, _ in first })
    for index in figure.boxes.indices {
      guard let spot = spots[figure.boxes[index].id] else { continue }
      let node = context.sheet.spots[spot].node
      let isMain = context.sheet.mainSpot(of: node) == spot
      let own = answers.indices.filter { answers[$0].node == node && (isMain || answers[$0].kind == .value) }
      // Where a value stands once more, it has what its uses there add to its gradient.
      let blanks = Self.blanks(of: figure.boxes[index])
      for (answer, blank) in zip(own, blanks) {
        places[answer] += blank
        nodesByBox[figure.boxes[index].id] = node
      }
      if blanks.count > own.count { clear(index) }
    }
  }

  /// The blanks of a box from above: the value's, then the gradient's; one with an exponent has several parts.
  private static func blanks(of box: Figure.Box) -> [[Place]] {
    var blanks: [[Place]] = []
    var isOpen = false
    for label in box.texts {
      if label.isBlank {
        let middle = Point(x: label.origin.x + label.width / 2, y: label.origin.y)
        let place = Place(frame: label.blankFrame, middle: middle, size: label.run.size)
        if isOpen { blanks[blanks.count - 1].append(place) } else { blanks.append([place]) }
      }
      isOpen = label.isBlank
    }
    return blanks
  }

  /// Leaves the rows of shares empty.
  private mutating func clear(_ index: Int) {
    for row in figure.boxes[index].rows.indices.dropFirst() { figure.boxes[index].rows[row].content = .text([]) }
  }
}
