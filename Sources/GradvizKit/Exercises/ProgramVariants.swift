import Autograd
import GradLanguage
import GradvizFigures
import GradvizGraph

/// A program with other numbers: the same values and operations, and small numbers whose results are short.
///
/// With `+`, `−`, `×`, powers and ReLU, every value, every gradient and every local derivative of a variant is a decimal of
/// at most ``maxDigits`` digits. Functions such as tanh have no such results; theirs are rounded.
public struct ProgramVariants {
  /// One graph of numbers for each variant.
  public private(set) var graphs: [ComputationGraph] = []
  /// Whether results are rounded, since none or too few are short.
  public private(set) var isRounded = false
  /// The function whose results are not short decimals; nil if there is none.
  public let function: String?

  /// A reader computes by hand with numbers of at most so many digits, and so many decimals.
  public static let maxDigits = 4
  static let maxDecimals = 3
  /// The digits of rounded numbers.
  public static let roundedDigits = 3

  private let program: Program
  private let recording: Recording
  /// The numbers that differ: parameters, inputs and targets.
  private let leaves: [ParameterElement]
  private var numbers: SeededNumbers
  private var seen: Set<[Double]> = []

  /// Makes variants; the first ones are the same whatever their count.
  ///
  /// - Parameters:
  ///   - program: a checked program.
  ///   - count: how many.
  ///   - seed: other variants for another seed.
  /// - Throws: `InputError` for a program without numbers to vary, and where there are not so many variants.
  /// - Complexity: that of some hundred forward and backward passes for each variant.
  public init(of program: Program, count: Int, seed: Int) throws(InputError) {
    guard count >= 0 else { throw InputError("\(count) variants cannot be made") }
    self.program = program
    recording = program.record()
    numbers = SeededNumbers(seed: seed)
    let graph = program.graph(of: recording, level: .scalar)
    guard graph.level == .scalar else {
      throw InputError("variants are made of numbers, and this program has too many")
    }
    let operations = graph.nodes.compactMap(\.operation)
    function = operations.first(where: \.hasNoShortResults)?.rawValue
    // Targets under a logarithm are probabilities.
    let keepsTargets = operations.contains { Self.logarithms.contains($0) }
    // Class numbers are not values of the graph.
    let drawn = Set(graph.nodes.filter(\.isLeaf).map(\.name))
    leaves = recording.tape.elements(of: keepsTargets ? [.parameter, .input] : [.parameter, .input, .target])
      .filter { drawn.contains($0.name) }
    guard !leaves.isEmpty else { throw InputError("the program has no parameter, input or target to vary") }
    isRounded = function != nil
    for number in 0..<count {
      if !isRounded, let graph = short() {
        graphs.append(graph)
      } else if number == 0 || isRounded, let graph = rounded() {
        isRounded = true
        graphs.append(graph)
      } else {
        throw InputError(
          isRounded
            ? "no small numbers were found that the program can be computed with"
            : "only \(number) variants were found whose numbers are all short; ask for fewer")
      }
    }
  }

  // MARK: Search

  /// Numbers from −most to most in steps.
  private struct Grid {
    var most: Int
    var stepsPerOne: Int
  }

  /// Those that are easiest to compute with first.
  private static let grids = [
    Grid(most: 3, stepsPerOne: 1), Grid(most: 5, stepsPerOne: 1), Grid(most: 4, stepsPerOne: 2),
    Grid(most: 2, stepsPerOne: 1), Grid(most: 2, stepsPerOne: 10),
  ]
  /// Where a function is neither a line nor saturated.
  private static let gridOfFunctions = Grid(most: 2, stepsPerOne: 2)
  private static let triesOfGrid = 120

  /// The first with small results, otherwise the first of all.
  private mutating func short() -> ComputationGraph? {
    var best: ComputationGraph?
    for grid in Self.grids {
      for _ in 0..<Self.triesOfGrid {
        guard let graph = graph(grid), Self.isShort(graph), Self.isWorthwhile(graph) else { continue }
        if Self.all(graph, { $0.magnitude <= Self.maxByHand }) { return graph }
        best = best ?? graph
      }
      if let best { return best }
    }
    return nil
  }

  /// Larger results teach no more.
  private static let maxByHand = 100.0

  private mutating func rounded() -> ComputationGraph? {
    // What was tried for short results may do here.
    if graphs.isEmpty { seen = [] }
    // What is passed over here stays for the next.
    let before = seen
    var (best, spare): (Candidate?, Candidate?)
    for _ in 0..<Self.triesOfGrid {
      guard let graph = graph(Self.gridOfFunctions), Self.isModerate(graph, least: 0) else { continue }
      if Self.isModerate(graph, least: 0.001), Self.isWorthwhile(graph) {
        if best == nil || Self.isShortUpToFunctions(graph) { best = (graph, leaves.map(\.value)) }
        if Self.isShortUpToFunctions(graph) { break }
      }
      spare = spare ?? (graph, leaves.map(\.value))
    }
    seen = before
    guard let chosen = best ?? spare else { return nil }
    seen.insert(chosen.numbers)
    return chosen.graph
  }

  private typealias Candidate = (graph: ComputationGraph, numbers: [Double])

  /// The graph with random numbers of a grid; nil for numbers that were there before.
  private mutating func graph(_ grid: Grid) -> ComputationGraph? {
    let count = grid.most * grid.stepsPerOne
    let drawn = leaves.map { _ in
      // Never 0, which hides what it is multiplied by.
      let step = 1 + min(Int(numbers.drawUniform() * Double(2 * count)), 2 * count - 1)
      return Double(step > count ? count - step : step) / Double(grid.stepsPerOne)
    }
    guard seen.insert(drawn).inserted else { return nil }
    for (leaf, number) in zip(leaves, drawn) { leaf.value = number }
    recording.tape.replay()
    var graph = program.graph(of: recording, level: .scalar)
    // The source text of a number was that of another one.
    for index in graph.nodes.indices where graph.nodes[index].isLeaf && graph.nodes[index].role != .constant {
      graph.nodes[index].source = nil
    }
    return graph
  }

  // MARK: Numbers

  private static func all(_ graph: ComputationGraph, _ holds: (Double) -> Bool) -> Bool {
    graph.nodes.allSatisfy { node in
      node.value.allSatisfy(holds) && node.gradient?.allSatisfy(holds) ?? true
        && node.localDerivatives?.allSatisfy(holds) ?? true
    }
  }

  private static func isShort(_ graph: ComputationGraph) -> Bool { all(graph, isShort) }

  /// Whether a number is a decimal of few digits; what binary arithmetic adds to it is far below them.
  static func isShort(_ number: Double) -> Bool {
    var shift = 1.0
    for _ in 0..<maxDecimals { shift *= 10 }
    let scaled = (number * shift).magnitude
    guard scaled < 1e7, (scaled - scaled.rounded()).magnitude < 1e-7 else { return false }
    var digits = Int(scaled.rounded())
    while digits > 0, digits % 10 == 0 { digits /= 10 }
    return "\(digits)".count <= maxDigits
  }

  /// Whether all that is computed before a function is short.
  private static func isShortUpToFunctions(_ graph: ComputationGraph) -> Bool {
    var isRounded = [Bool](repeating: false, count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      isRounded[index] = node.operation?.hasNoShortResults ?? false || node.operands.contains { isRounded[$0] }
      if !isRounded[index], !node.value.allSatisfy(isShort) { return false }
    }
    return true
  }

  private static func isModerate(_ graph: ComputationGraph, least: Double) -> Bool {
    all(graph) { $0.isFinite && $0.magnitude < 1000 && ($0 == 0 || $0.magnitude >= least) }
  }

  /// Whether there is something to compute: most gradients are not 0, and no function is at its kink.
  private static func isWorthwhile(_ graph: ComputationGraph) -> Bool {
    let gradients = graph.nodes.filter { $0.role == .parameter || $0.role == .input }.compactMap { $0.gradient?.first }
    guard gradients.contains(where: { $0 != 0 }), gradients.count(where: { $0 != 0 }) * 2 >= gradients.count else {
      return false
    }
    return graph.nodes.allSatisfy { node in
      let operands = node.operands.map { graph.nodes[$0].value[0] }
      return switch node.operation {
      case .relu, .abs, .sign: operands.first != 0
      case .maximum, .minimum, .maximumReduction, .minimumReduction: Set(operands).count == operands.count
      default: true
      }
    }
  }

  private static let logarithms: [Tape.Operation] = [.log, .clampedLog, .log1p, .log2, .log10, .logSumExp]
}
