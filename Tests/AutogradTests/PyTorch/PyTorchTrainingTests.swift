import Autograd
import Foundation
import Testing

/// Optimizers, schedules and losses as PyTorch computes them; see `Fixtures/make_training_fixtures.py`.
private struct TrainingFixtures: Decodable, Sendable {
  struct Loss: Decodable, Sendable {
    var value: Double
    var gradient: [Double]
  }
  /// By optimizer, number of steps and parameter.
  var optimizers: [String: [String: [String: [Double]]]]
  var schedules: [String: [Double]]
  var losses: [String: Loss]

  static let all: TrainingFixtures? = {
    guard let url = Bundle.module.url(forResource: "Fixtures/training", withExtension: "json") else {
      return nil
    }
    return try? JSONDecoder().decode(TrainingFixtures.self, from: Data(contentsOf: url))
  }()
}

private func agree(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-9 * max(abs($0), abs($1)) + 1e-15 }
}

@Suite("Training as PyTorch does it")
struct PyTorchTrainingTests {
  static let optimizers: [String: Optimizer] = [
    "sgd": .sgd(rate: 0.05),
    "sgd weight decay": .sgd(rate: 0.05, weightDecay: 0.1),
    "sgd momentum": .sgd(rate: 0.02, momentum: 0.9),
    "sgd momentum dampening decay": .sgd(rate: 0.02, momentum: 0.9, dampening: 0.3, weightDecay: 0.05),
    "nesterov": .nesterov(rate: 0.02),
    "nesterov decay": .nesterov(rate: 0.02, momentum: 0.8, weightDecay: 0.05),
    "rmsprop": .rmsprop(),
    "rmsprop momentum decay": .rmsprop(
      rate: 0.002, alpha: 0.9, epsilon: 1e-6, weightDecay: 0.1, momentum: 0.5),
    "adagrad": .adagrad(),
    "adagrad decay": .adagrad(
      rate: 0.1, rateDecay: 0.05, weightDecay: 0.1, initialAccumulator: 0.2, epsilon: 1e-8),
    "adam": .adam(),
    "adam decay": .adam(rate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1),
    "adamw": .adamw(),
    "adamw decay": .adamw(rate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.2),
  ]

  @Test func `every optimizer of the fixtures is tried`() throws {
    let fixtures = try #require(TrainingFixtures.all)
    #expect(Set(fixtures.optimizers.keys) == Set(Self.optimizers.keys))
  }

  @Test(arguments: optimizers.keys.sorted(), [1, 100])
  func `parameters after some steps`(_ name: String, _ steps: Int) throws {
    let expected = try #require(TrainingFixtures.all?.optimizers[name]?["\(steps)"])
    let tape = Tape()
    let x = tape.input([[0.5, -1.0], [1.5, 0.25], [-0.75, 1.0], [0.0, 0.5], [-1.25, -0.5]])
    let y = tape.target([0.3, -0.8, 0.6, 0.1, -0.4])
    let w1 = tape.parameter([[0.2, -0.4, 0.6], [-0.3, 0.5, 0.1]])
    let b1 = tape.parameter([0.05, -0.1, 0.0])
    let w2 = tape.parameter([0.7, -0.2, 0.4])
    let unused = tape.parameter([0.5, -0.5])
    let detached = tape.parameter([1.5, -2.5])
    let mask = tape.parameter([0.5, -0.5])
    let rounded = tape.parameter([3.25, -1.5])
    let chosen = choose(mask .> mask * 0, stopGradient(detached), round(rounded))
    let loss = ((matmul(tanh(matmul(x, w1) + b1), w2) - y) ** 2).sum().value + chosen.sum().value
    let training = Training(loss, optimizer: try #require(Self.optimizers[name]))
    for _ in 0..<steps { _ = try training.next() }
    for (parameter, tensor) in [
      ("w1", w1), ("b1", b1), ("w2", w2), ("unused", unused), ("detached", detached), ("mask", mask),
      ("rounded", rounded),
    ] {
      #expect(agree(tensor.data, expected[parameter] ?? []), "\(parameter): \(tensor.data)")
    }
  }

  @Test func `learning rates of the schedules`() throws {
    let fixtures = try #require(TrainingFixtures.all)
    let schedules: [String: LearningRate] = [
      "step": .step(0.3, size: 7, factor: 0.5), "exponential": .exponential(0.3, factor: 0.93),
      "cosine": .cosine(0.3, steps: 40, minimum: 0.01), "cosine to 0": .cosine(0.3, steps: 7, minimum: 0),
      "cosine of one step": .cosine(0.3, steps: 1, minimum: 0.01),
    ]
    #expect(Set(fixtures.schedules.keys) == Set(schedules.keys))
    for (name, schedule) in schedules {
      // Long after the end of the schedule.
      let rates = (0..<120).map { schedule.value(at: $0) }
      let expected = fixtures.schedules[name] ?? []
      #expect(rates.count == expected.count, "\(name)")
      // PyTorch multiplies from rate to rate, with an error that accumulates.
      for (own, its) in zip(rates, expected) { #expect(abs(own - its) < 1e-12, "\(name)") }
    }
    #expect(LearningRate.listed([0.3, 0.2]).value(at: 9) == 0.2)
  }

  @Test func `values and gradients of the losses`() throws {
    let fixtures = try #require(TrainingFixtures.all)
    let scores = [2.5, -30.0, 0.0, -0.7, 40.0, 1.2]
    let numbers = [0.4, -2.0, 1.0, 3.0, -0.5, 0.0]
    let binary = [1.0, 0.0, 1.0, 0.0, 1.0, 1.0]
    func check(_ name: String, _ values: [Double], shape: [Int]? = nil, _ loss: (Tensor) -> Tensor) throws {
      let expected = try #require(fixtures.losses[name])
      let tape = Tape()
      let x = tape.array(values, shape: shape ?? [values.count], role: .parameter, name: "x")
      let value = loss(x).value
      value.backward()
      #expect(agree([value.data], [expected.value]), "\(name)")
      // Terms that cancel leave their rounding.
      let greatest = expected.gradient.map(\.magnitude).max() ?? 0
      for (own, its) in zip(x.gradient, expected.gradient) {
        #expect(abs(own - its) <= 1e-9 * abs(its) + 1e-15 * greatest, "\(name): \(x.gradient)")
      }
    }
    func target(_ x: Tensor, _ values: [Double]) -> Tensor { x.tape.target(values) }
    try check("mse", scores) { mse($0, target($0, numbers)) }
    try check("mae", scores) { mae($0, target($0, numbers)) }
    try check("huber", scores) { huber($0, target($0, numbers), delta: 1.5) }
    try check("hinge", scores) { hinge($0, target($0, [1, -1, 1, -1, 1, -1])) }
    try check("bce at the ends", [0, 0, 0, 1, 1, 1, 1e-13, 1e-20, 1e-12]) {
      bce($0, target($0, [0, 1, 0.25, 0, 1, 0.25, 1, 1, 1]))
    }
    try check("bce", [0.9, 0.02, 0.5, 0.3, 1e-7, 0.999]) { bce($0, target($0, binary)) }
    try check("bce_with_logits", scores) { bceWithLogits($0, target($0, binary)) }
    let rows = [1.0, -2.0, 0.5, 300.0, 10.0, -5.0, 0.0, 0.0, 0.0, -1.5, 2.5, 2.0]
    let classes = try oneHot([2, 0, 1, 2], count: 3)
    try check("cross_entropy", rows, shape: [4, 3]) {
      crossEntropy($0, $0.tape.target(classes))
    }
    try check("cross_entropy of rows", rows, shape: [4, 3]) {
      crossEntropy($0, $0.tape.target([[1, 1, 0], [0, 0, 0], [0.5, 2, 3.5], [0.1, 0.2, 0.7]]))
    }
    try check("cross_entropy of signed rows", rows, shape: [4, 3]) {
      crossEntropy($0, $0.tape.target([[1, -1, 0.5], [0, 0, -2], [0.25, 0.25, 0.25], [3, 0, 0]]))
    }
    try check("cross_entropy of one sample", [1, -2, 0.5]) { crossEntropy($0, target($0, [0, 1, 0])) }
    try check("cross_entropy of one row", [-1.5, 2.5, 2]) { crossEntropy($0, target($0, [0.5, 2, 3.5])) }
  }
}
