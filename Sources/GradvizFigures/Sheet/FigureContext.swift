import GradvizGraph

/// The data shared by all stages of a graph: positions, names and formulas.
struct FigureContext {
  let graph: ComputationGraph
  let text: ValueText
  let sizes: BoxSizes
  var sheet: Sheet
  let steps: [Int?]
  var marks: StepMarks
  let uses: [[(user: Int, position: Int)]]
  /// By value, the number of its uses that contribute to its gradient.
  let passingUses: [Int]
  let lossMembers: Set<Int>
  /// By spot, the links along which a gradient comes back to it.
  let flowing: [[Int]]
  /// nil: repeated in forward and loss, shared in backward and update, as in the course article.
  let parameterStyle: ComputationGraph.Presentation.ParameterStyle?
  /// Whether it is drawn from top to bottom.
  let isTransposed: Bool

  /// Whether panels show all formulas.
  let showsAllFormulas: Bool
  /// What a gradient is, of one parameter; computed once for everything that is drawn.
  var nudge: Nudge?
  /// What the figures do without.
  var hiddenParts: Set<FigureOptions.Part> = []
  /// What a stage with a sheet of its own shows besides values and gradients.
  var lesson: Lesson?
  let closeUps: ComputationGraph.Presentation.CloseUps
  /// NaN and infinite numbers, for the warnings in the panels.
  let nonFinite: NonFiniteNumbers
  /// What recomputing a recorded step has found.
  let recorded: RecordedMarks

  var words: Words { text.notation.words }

  let hasPrediction: Bool

  /// Whether there is only a loss, which the loss figure then tints.
  var lossIsPrediction: Bool { !hasPrediction }

  /// The ink of a sample; beyond four, all have one, and their numbers tell them apart.
  func laneInk(_ lane: Int) -> Tint { .laneInk(tint(lane)) }
  func laneChip(_ lane: Int) -> Tint { .laneChip(tint(lane)) }
  private func tint(_ lane: Int) -> Int {
    graph.laneCount > Palette.laneTints ? Palette.laneTints - 1 : min(lane, Palette.laneTints - 1)
  }

  /// A stable identifier of a box: the value's id, and its position if it is repeated.
  func spotID(_ index: Int) -> String {
    let spot = sheet.spots[index]
    let id = graph.nodes[spot.node].id
    switch spot.kind {
    case .value, .shared: return id
    case .slot(let lane, let use):
      return "\(id)__\(lane.map { "lane\($0 + 1)" } ?? "rest")" + (use > 0 ? "_use\(use + 1)" : "")
    }
  }

  /// A stable identifier of a wire: the value that is computed at its end, and the place among the operands.
  func edgeID(_ link: Sheet.Link) -> String { "edge-\(graph.nodes[sheet.spots[link.to].node].id)-\(link.position)" }

  /// The links of each spot along which a gradient flows back: none for values that the loss does not depend
  /// on, and none to a plain number.
  static func flowing(_ sheet: Sheet, _ graph: ComputationGraph) -> [[Int]] {
    var flowing = [[Int]](repeating: [], count: sheet.spots.count)
    for (number, link) in sheet.links.enumerated() {
      guard graph.passesBack(user: sheet.spots[link.to].node, position: link.position),
        !BoxSizes.isPlainConstant(graph.nodes[sheet.spots[link.from].node])
      else { continue }
      flowing[link.from].append(number)
    }
    return flowing
  }

  /// Whether a spot repeats a value that has its own box elsewhere.
  func isCopy(_ spot: Int) -> Bool {
    if case .slot = sheet.spots[spot].kind {
      sheet.mainSpot(of: sheet.spots[spot].node) != spot
    } else {
      false
    }
  }

  /// The uses at one spot that contribute to the value's gradient.
  func uses(atSpot index: Int) -> [(user: Int, position: Int)] {
    flowing[index].map { (sheet.spots[sheet.links[$0].to].node, sheet.links[$0].position) }
  }
}
