import Autograd
import GradLanguage
import GradvizFigures
import GradvizPlots

/// The layers of a network as a tape has them: the results of `relu`, `tanh` and `sigmoid`, by how many of these come before.
struct Layers {
  struct Layer {
    var name: String
    /// The results on the tape.
    var places: [Int]
  }

  private(set) var layers: [Layer] = []
  /// How many there are; ``layers`` are some of them, evenly, if they are more than a plot tells apart.
  private(set) var count = 0
  private let tape: Tape

  private static let functions: [Tape.Operation] = [.relu, .tanh, .sigmoid]
  static let maxShown = 8

  /// Only those that the parameters and the loss are on both sides of, and no target before.
  init(_ tape: Tape, loss: Value, _ words: Words) {
    self.tape = tape
    let reached = ReachedNodes(tape, gradientFrom: loss.index)
    var depths = [Int](repeating: 0, count: tape.count)
    var isLearned = [Bool](repeating: false, count: tape.count)
    var seesTarget = [Bool](repeating: false, count: tape.count)
    var groups: [[Int]] = []
    for index in 0...loss.index {
      let operands = tape.operands(of: index)
      isLearned[index] = tape.isLeaf(index) ? tape.role(of: index) == .parameter : operands.contains { isLearned[$0] }
      seesTarget[index] = tape.isLeaf(index) ? tape.role(of: index) == .target : operands.contains { seesTarget[$0] }
      depths[index] = operands.reduce(0) { max($0, depths[$1]) }
      guard let operation = tape.operation(of: index), Self.functions.contains(operation), isLearned[index],
        !seesTarget[index], reached.contains(index)
      else { continue }
      depths[index] += 1
      while groups.count < depths[index] { groups.append([]) }
      groups[depths[index] - 1].append(index)
    }
    count = groups.count
    let most = min(groups.count, Self.maxShown)
    let shown = (0..<most).map { most == groups.count ? $0 : $0 * (groups.count - 1) / (most - 1) }
    layers = shown.map { Layer(name: Self.name(groups[$0], number: $0 + 1, tape, words), places: groups[$0]) }
  }

  /// `h (tanh)`, `h1, h2 (σ)`, or the layer's number.
  private static func name(_ places: [Int], number: Int, _ tape: Tape, _ words: Words) -> String {
    let names = places.compactMap { tape.name(of: $0).map { NumberFormat.name($0) } }
    let functions = functions.filter { function in places.contains { tape.operation(of: $0) == function } }
    let list = functions.map { $0 == .sigmoid ? "σ" : $0.rawValue }.joined(separator: ", ")
    let own = names.count == places.count && names.count < 3 ? names.joined(separator: ", ") : words.layer(number)
    return "\(own) (\(list))"
  }

  /// The mean of |∂loss/∂h|.
  func gradient(_ layer: Layer) -> Double {
    let numbers = layer.places.flatMap { tape.gradient(of: $0) }
    return numbers.reduce(0) { $0 + $1.magnitude } / Double(max(numbers.count, 1))
  }

  /// The share of the numbers at which no gradient, or next to none, passes: of units of ReLU that are 0 for all samples,
  /// and of others at which the slope is less than a twentieth of the steepest.
  func closedShare(_ layer: Layer) -> Double {
    var (closed, all) = (0, 0)
    for place in layer.places {
      let numbers = tape.values(of: place)
      all += numbers.count
      switch tape.operation(of: place) {
      case .relu:
        // A unit is a column of the samples' rows.
        let shape = tape.shape(of: place)
        let width = shape.count > 1 ? shape[shape.count - 1] : numbers.count
        for unit in 0..<width where stride(from: unit, to: numbers.count, by: width).allSatisfy({ numbers[$0] == 0 }) {
          closed += numbers.count / width
        }
      case .sigmoid: closed += numbers.count { 4 * $0 * (1 - $0) < 0.05 }
      default: closed += numbers.count { 1 - $0 * $0 < 0.05 }
      }
    }
    return all == 0 ? 0 : Double(closed) / Double(all)
  }
}

extension ProgramTraining {
  /// Performs the remaining steps and plots how the gradient fares in each layer on the way, and which part of it lets none
  /// pass; training that fails ends the curves, see ``error``.
  ///
  /// - Returns: nil for a program without a layer of `relu`, `tanh` or `sigmoid`.
  /// - Complexity: that of training, and a further forward and backward pass at up to a hundred steps.
  public func depthPlot(options: PlotOptions) -> Plot? {
    let layers = Layers(recording.tape, loss: loss, options.words)
    guard !layers.layers.isEmpty else { return nil }
    var curves = layers.layers.map { LayerCurve(name: $0.name, gradients: [], closed: []) }
    func measure() {
      prepareStep()
      for (index, layer) in layers.layers.enumerated() {
        curves[index].gradients.append((step, layers.gradient(layer)))
        curves[index].closed.append((step, layers.closedShare(layer)))
      }
    }
    let stride = max(plan.steps / 100, 1)
    while !isDone {
      if step % stride == 0 { measure() }
      do throws(TrainingError) {
        guard try next() != nil else { break }
      } catch {
        break
      }
    }
    if error == nil { measure() }
    return .depth(curves, of: layers.count, lossName: program.lossName ?? "L", options: options)
  }
}
