/// The activation function of a layer.
public enum Activation: String, Sendable, CaseIterable {
  /// The function of that name in PyTorch; `none` leaves numbers as they are.
  case none, relu, tanh, sigmoid, gelu, silu, softplus, elu
  /// `F.leaky_relu`.
  case leakyReLU = "leaky_relu"

  /// Applies the function to every entry.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .none: x
    case .relu: Autograd.relu(x)
    case .tanh: Autograd.tanh(x)
    case .sigmoid: Autograd.sigmoid(x)
    case .gelu: Autograd.gelu(x)
    case .silu: Autograd.silu(x)
    case .softplus: Autograd.softplus(x)
    case .elu: Autograd.elu(x)
    case .leakyReLU: Autograd.leakyReLU(x)
    }
  }
}

/// A fully connected layer: activation(x @ w + b).
///
/// ```swift
/// let hidden = Linear(tape, inputs: 2, outputs: 16, activation: .relu, name: "hidden", seed: 1)
/// let h = hidden(x)          // x: samples × 2, h: samples × 16
/// ```
public struct Linear {
  /// Of shape inputs × outputs.
  public let weight: Tensor
  /// One entry for each output.
  public let bias: Tensor
  /// The function applied to x @ weight + bias.
  public let activation: Activation
  /// The name of the layer, which begins the names of its parameters.
  public let name: String

  /// Records the parameters of a layer, with random weights.
  ///
  /// - Parameters:
  ///   - tape: the tape that records the parameters.
  ///   - inputs: the number of columns of the layer's input.
  ///   - outputs: the number of columns of its result.
  ///   - activation: the function applied to x @ weight + bias.
  ///   - name: the name of the layer; the parameters are named `name.w` and `name.b`.
  ///   - initialization: the scheme of the weights; the bias is uniform in ±1/√inputs, as in PyTorch's
  ///     `nn.Linear`, from the same seed.
  ///   - seed: the seed of the random numbers: the same seed gives the same layer.
  /// - Precondition: positive sizes.
  public init(
    _ tape: Tape, inputs: Int, outputs: Int, activation: Activation = .none, name: String,
    initialization: Initialization = .uniform, seed: Int = 0
  ) {
    // As many as PyTorch asks; three have defaults.
    precondition(inputs > 0 && outputs > 0, "a layer has inputs and outputs")
    self.name = name
    self.activation = activation
    let start = Self.start(inputs: inputs, outputs: outputs, initialization: initialization, seed: seed)
    weight = tape.array(start.weight, shape: [inputs, outputs], role: .parameter, name: "\(name).w")
    bias = tape.array(start.bias, shape: [outputs], role: .parameter, name: "\(name).b")
  }

  /// Creates a layer from existing parameters.
  ///
  /// - Precondition: `weight` is inputs × outputs, and `bias` has an entry for each output.
  public init(weight: Tensor, bias: Tensor, activation: Activation, name: String) {
    precondition(
      weight.shape.count == 2 && bias.shape == [weight.shape[1]], "a bias has an entry for each output")
    self.weight = weight
    self.bias = bias
    self.activation = activation
    self.name = name
  }

  /// The initial numbers of a layer, row-major.
  public static func start(
    inputs: Int, outputs: Int, initialization: Initialization, seed: Int
  ) -> (weight: [Double], bias: [Double]) {
    var numbers = SeededNumbers(seed: seed)
    let weight = initialization.values(shape: [inputs, outputs], from: &numbers)
    let bound = 1 / Double(inputs).squareRoot()
    return (weight, (0..<outputs).map { _ in (numbers.drawUniform() * 2 - 1) * bound })
  }

  /// Records the layer for `x`: samples × inputs, or the inputs of one sample.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.tape.withScope(name) { activation(matmul(x, weight) + bias) }
  }
}

/// Layers one after another.
///
/// ```swift
/// let network = MLP(tape, sizes: [2, 16, 16, 1], activation: .relu)
/// let scores = network(x)    // samples × 1
/// ```
public struct MLP {
  /// The layers, from the input to the output.
  public let layers: [Linear]

  /// Records the parameters of all layers, with random weights.
  ///
  /// - Parameters:
  ///   - tape: the tape that records the parameters.
  ///   - sizes: the number of inputs, the widths of the hidden layers, and the number of outputs.
  ///   - activation: the activation of the hidden layers.
  ///   - last: the activation of the last layer.
  ///   - initialization: the scheme of the weights of every layer.
  ///   - seed: the seed of the first layer; each further layer has the next one.
  /// - Precondition: at least two sizes.
  public init(
    _ tape: Tape, sizes: [Int], activation: Activation = .relu, last: Activation = .none,
    initialization: Initialization = .uniform, seed: Int = 1
  ) {
    precondition(sizes.count >= 2, "a network has inputs and outputs")
    layers = (1..<sizes.count).map { number in
      Linear(
        tape, inputs: sizes[number - 1], outputs: sizes[number],
        activation: number == sizes.count - 1 ? last : activation, name: "layer\(number)",
        initialization: initialization, seed: seed + number - 1)
    }
  }

  /// Records the network for `x`: samples × inputs, or the inputs of one sample.
  public func callAsFunction(_ x: Tensor) -> Tensor { layers.reduce(x) { $1($0) } }

  /// The weights and biases of all layers, in order.
  public var parameters: [Tensor] { layers.flatMap { [$0.weight, $0.bias] } }
}
