import Autograd
import GradvizGraph

/// The layers of neurons in a graph of numbers: weighted sums over the values of the layer before, each followed by
/// an activation or by none, however the program wrote them.
///
/// Of a batch the first sample's.
struct NeuralNetwork {
  /// A weight on its way from a value to a weighted sum.
  struct Weight {
    var node: Int
    var from: Int
    /// The product of both.
    var product: Int
    /// Where the value stands in the product.
    var position: Int
  }

  struct Neuron {
    /// The weighted sum.
    var net: Int
    /// What the activation makes of it; the sum itself where there is none.
    var output: Int
    /// A second name of the output, such as a prediction's.
    var alias: Int?
    var weights: [Weight]
    var bias: Bias?

    /// The value that others use.
    var result: Int { alias ?? output }
    var hasActivation: Bool { output != net }
  }

  struct Bias {
    var node: Int
    var user: Int
    var position: Int
  }

  /// What the first layer takes.
  private(set) var sources: [Int] = []
  private(set) var layers: [[Neuron]] = []
  /// By value, its neuron's place.
  private(set) var placeOf: [Int: (layer: Int, place: Int)] = [:]

  /// nil where the graph has no neurons, or where something else that is learned stands before or between them.
  init?(_ graph: ComputationGraph) {
    guard graph.level == .scalar else { return nil }
    var finder = NeuronFinder(graph)
    finder.find()
    guard !finder.neurons.isEmpty else { return nil }
    var layerOf: [Int: Int] = [:]
    var seen: Set<Int> = []
    for neuron in finder.neurons {
      var layer = 0
      for weight in neuron.weights {
        if let own = layerOf[weight.from] {
          layer = max(layer, own + 1)
        } else {
          guard !finder.isLearned(weight.from) else { return nil }
        }
      }
      // What skips a layer would run behind the neurons.
      for weight in neuron.weights {
        guard layerOf[weight.from].map({ $0 == layer - 1 }) ?? (layer == 0) else { return nil }
        if layer == 0, seen.insert(weight.from).inserted { sources.append(weight.from) }
      }
      if layers.count == layer { layers.append([]) }
      placeOf[neuron.result] = (layer, layers[layer].count)
      placeOf[neuron.output] = placeOf[neuron.result]
      placeOf[neuron.net] = placeOf[neuron.result]
      layers[layer].append(neuron)
      layerOf[neuron.result] = layer
      layerOf[neuron.output] = layer
    }
    sources.sort()
    // What else than the next layer uses a hidden neuron would have to go round the others.
    for layer in layers.dropLast() where layer.contains(where: { finder.hasOtherUse($0) }) { return nil }
    // A bias of one layer only.
    var biases: [Int: Int] = [:]
    for (layer, neurons) in layers.enumerated() {
      for bias in neurons.compactMap(\.bias) {
        guard biases[bias.node].map({ $0 == layer }) ?? true else { return nil }
        biases[bias.node] = layer
      }
    }
  }

  var neurons: [Neuron] { layers.flatMap { $0 } }
  var last: [Neuron] { layers.last ?? [] }

  /// Whether there is a layer behind a layer of several neurons, as in what is called a network.
  var hasHiddenLayer: Bool { layers.count > 1 && layers.contains { $0.count > 1 } }

  /// The values that the neurons stand for, with their weights and biases.
  var allNodes: Set<Int> {
    var all = Set(sources)
    for neuron in neurons {
      all.formUnion([neuron.net, neuron.output, neuron.result])
      for weight in neuron.weights { all.formUnion([weight.node, weight.product]) }
      if let bias = neuron.bias { all.insert(bias.node) }
    }
    return all
  }

  /// The number of neurons in layer `layer` that a value feeds.
  func userCount(of value: Int, in layer: Int) -> Int {
    guard layers.indices.contains(layer) else { return 0 }
    return layers[layer].count { $0.weights.contains { $0.from == value } }
  }
}

/// Finds the neurons of the first sample.
private struct NeuronFinder {
  let graph: ComputationGraph
  private(set) var neurons: [NeuralNetwork.Neuron] = []
  /// By value, the operations of this sample that use it.
  private let uses: [[Int]]
  private let dependsOnParameter: [Bool]
  private var taken: Set<Int> = []

  init(_ graph: ComputationGraph) {
    self.graph = graph
    var uses = [[Int]](repeating: [], count: graph.nodes.count)
    var depends = graph.nodes.map { $0.role == .parameter }
    for (index, node) in graph.nodes.enumerated() {
      for operand in node.operands where depends[operand] { depends[index] = true }
      guard node.lane ?? 0 == 0 else { continue }
      for operand in node.operands { uses[operand].append(index) }
    }
    self.uses = uses
    dependsOnParameter = depends
  }

  func isLearned(_ node: Int) -> Bool { dependsOnParameter[node] }

  /// Whether something else than a product with a weight uses the neuron's result.
  func hasOtherUse(_ neuron: NeuralNetwork.Neuron) -> Bool {
    uses[neuron.result].contains {
      graph.nodes[$0].operation != .multiply || !graph.nodes[$0].operands.contains(where: isParameter)
    }
  }

  mutating func find() {
    // The whole of a sum before its parts: what is taken by a later sum is not a neuron of its own.
    for index in graph.nodes.indices.reversed() where graph.nodes[index].lane ?? 0 == 0 {
      guard !taken.contains(index), let neuron = neuron(index) else { continue }
      neurons.append(neuron)
    }
    neurons.reverse()
  }

  private func isParameter(_ node: Int) -> Bool { graph.nodes[node].isLeaf && graph.nodes[node].role == .parameter }

  /// Whether a leaf is a bias that is not learned: a named number, the same for every sample.
  private func isFixedBias(_ node: Int) -> Bool {
    let value = graph.nodes[node]
    return value.isLeaf && value.isNamed && value.lane == nil && [.input, .constant].contains(value.role)
  }

  /// Whether a value is a step on the way that has no name and no other use.
  private func isInner(_ node: Int) -> Bool {
    !graph.nodes[node].isNamed && uses[node].count == 1 && graph.nodes[node].role == .intermediate
  }

  private mutating func neuron(_ net: Int) -> NeuralNetwork.Neuron? {
    var weights: [NeuralNetwork.Weight] = []
    var bias: NeuralNetwork.Bias?
    var inner: [Int] = []
    var pending: [(node: Int, user: Int, position: Int)] = [(net, -1, 0)]
    while let (node, user, position) = pending.popLast() {
      let value = graph.nodes[node]
      switch value.operation {
      case .add?, .sum?:
        guard value.operands.count > 1, node == net || isInner(node) else { return nil }
        if node != net { inner.append(node) }
        for (place, operand) in value.operands.enumerated().reversed() { pending.append((operand, node, place)) }
      case .multiply?:
        guard node == net || isInner(node), let weight = weight(node) else { return nil }
        weights.append(weight)
        if node != net { inner.append(node) }
      case nil where bias == nil && user >= 0 && (isParameter(node) || isFixedBias(node)):
        bias = .init(node: node, user: user, position: position)
      default: return nil
      }
    }
    guard !weights.isEmpty, Set(weights.map(\.from)).count == weights.count else { return nil }
    let activation = activation(of: net)
    guard weights.count > 1 || bias != nil || activation != nil else { return nil }
    taken.formUnion(inner)
    let output = activation ?? net
    return NeuralNetwork.Neuron(net: net, output: output, alias: alias(of: output), weights: weights, bias: bias)
  }

  /// The weight and the value of a product; each weight stands on one wire only.
  private func weight(_ product: Int) -> NeuralNetwork.Weight? {
    let operands = graph.nodes[product].operands
    guard operands.count == 2, let place = operands.firstIndex(where: isParameter), !isParameter(operands[1 - place]),
      graph.nodes[operands[1 - place]].role != .constant || graph.nodes[operands[1 - place]].isNamed,
      uses[operands[place]].count(where: { graph.nodes[$0].operation == .multiply }) == 1
    else { return nil }
    return .init(node: operands[place], from: operands[1 - place], product: product, position: 1 - place)
  }

  /// The one use of a sum, if that is a function of it alone.
  private func activation(of net: Int) -> Int? {
    guard uses[net].count == 1, let user = uses[net].first, graph.nodes[net].role == .intermediate,
      let operation = graph.nodes[user].operation, [.tanh, .sigmoid, .relu, .sin, .cos, .exp].contains(operation)
    else { return nil }
    return user
  }

  /// The sum of one number is that number: another name, such as `o[:, 0]`.
  private func alias(of output: Int) -> Int? {
    guard uses[output].count == 1, let user = uses[output].first, graph.nodes[user].operation == .sum,
      graph.nodes[user].operands.count == 1
    else { return nil }
    return user
  }
}
