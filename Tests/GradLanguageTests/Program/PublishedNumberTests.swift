import Autograd
import Testing

@testable import GradLanguage

/// Networks as a reader would write them give the numbers that their sources publish, and those of PyTorch's layers.
@Suite("Published numbers")
struct PublishedNumberTests {
  /// Matt Mazur, "A step by step backpropagation example", 2015: two inputs, two hidden neurons, two outputs.
  @Test func `two layers by hand, one step and ten thousand`() throws {
    let recording = try parse(
      """
      input  x  = [0.05, 0.1]
      target y  = [0.01, 0.99]
      param  W1 = [[0.15, 0.25], [0.2, 0.3]]
      param  W2 = [[0.4, 0.5], [0.45, 0.55]]
      b1 = 0.35
      b2 = 0.6
      h = sigmoid(x @ W1 + b1)
      predict o = sigmoid(h @ W2 + b2)
      loss E = sum(0.5 * (y - o)**2)
      rate 0.5
      """
    ).record()
    let loss = try #require(recording.loss)
    #expect(abs(loss.data - 0.298371109) < 1e-9)
    for step in 1...10_000 {
      loss.backward()
      recording.tape.update(learningRate: 0.5)
      recording.tape.replay()
      guard step == 1 else { continue }
      #expect(abs((recording.names["W2"]?.data[0] ?? 0) - 0.35891648) < 1e-8)
      #expect(abs((recording.names["W1"]?.data[0] ?? 0) - 0.149780716) < 1e-9)
      #expect(abs(loss.data - 0.291027924) < 1e-6)
    }
    #expect(abs(loss.data - 3.5102e-5) < 1e-9)
  }

  struct Recurrence: Sendable, CustomTestStringConvertible {
    var name: String
    var parameters: String
    var body: String
    var loss: Double
    var ofInput: [Double]
    var ofState: [Double]
    var testDescription: String { name }
  }

  /// `nn.RNN`, `nn.GRU` and `nn.LSTM` of PyTorch with these weights: three steps, and the gradients through time.
  static let recurrences = [
    Recurrence(
      name: "rnn",
      parameters: """
        param W = [[-0.4, -0.1], [0.3, -0.3]]
        param U = [[-0.3, -0.1], [0.2, -0.3]]
        param b = [-0.2, 0.2]
        """,
      body: """
          h = tanh(x[t] @ W + h @ U + b)
        """,
      loss: 0.02872307919306224,
      ofInput: [
        -0.10409822752403321, -0.1740073361669463, 0.0015517683217238093, 0.07422547054091372,
      ],
      ofState: [
        0.06844910459986858, 0.0728102994902613, -0.032096137714413685, -0.032431953766158005,
      ]),
    Recurrence(
      name: "gru",
      parameters: """
        param W = [[-0.4, -0.1, 0.2, -0.4, -0.1, 0.2], [0.3, -0.3, 0.0, 0.3, -0.3, 0.0]]
        param U = [[-0.3, -0.1, 0.1, 0.3, -0.2, 0.0], [0.2, -0.3, -0.1, 0.1, 0.3, -0.2]]
        param b = [-0.2, 0.2, 0.1, 0.0, -0.1, -0.2]
        """,
      body: """
          r = sigmoid(x[t] @ W[:, 0:2] + h @ U[:, 0:2] + b[0:2])
          z = sigmoid(x[t] @ W[:, 2:4] + h @ U[:, 2:4] + b[2:4])
          n = tanh(x[t] @ W[:, 4:6] + b[4:6] + r * (h @ U[:, 4:6]))
          h = (1 - z) * n + z * h
        """,
      loss: 0.06368521435838823,
      ofInput: [
        6.908086141992668e-05, 0.00045159946696760994, -0.002602221604086706, 0.008373336184621251,
        0.07486886999436895, 0.04313961580761749, 0.00011254938778815687, -0.0005516555642709181,
        -0.008544667278005931, -0.011409955521842333, -0.10525304536828478, -0.11904495702900109,
      ],
      ofState: [
        9.840263533652539e-06, 0.00014763118269307604, 7.159501158983118e-05, 0.0032499280129901155,
        0.01651723652776485, 0.015461728706004808, -1.1691959212284055e-06, 0.0001041431549709258,
        0.00051871625585538, 0.0023022999611726483, 0.011606074709900696, 0.011696301554933088,
      ]),
    Recurrence(
      name: "lstm",
      parameters: """
        param W = [[-0.4, -0.1, 0.2, -0.4, -0.1, 0.2, -0.4, -0.1], [0.3, -0.3, 0.0, 0.3, -0.3, 0.0, 0.3, -0.3]]
        param U = [[-0.3, -0.1, 0.1, 0.3, -0.2, 0.0, 0.2, -0.3], [0.2, -0.3, -0.1, 0.1, 0.3, -0.2, 0.0, 0.2]]
        param b = [-0.2, 0.2, 0.1, 0.0, -0.1, -0.2, 0.2, 0.1]
        """,
      body: """
          s = x[t] @ W + h @ U + b
          c = sigmoid(s[2:4]) * c + sigmoid(s[0:2]) * tanh(s[4:6])
          h = sigmoid(s[6:8]) * tanh(c)
        """,
      loss: 0.025277456779197318,
      ofInput: [
        -0.00231355278574166, -0.0042951969120038945, -0.003620959988294539, -0.0018130559065981453,
        0.03430649686303967, 0.01947187481874637, -0.005279099709505633, -0.007801634670165449,
        0.005950294162335382, 0.005511465882280379, 0.0027050752311134083, 0.0020481515149831653,
        -0.04587497349081179, -0.042588522000309395, 0.0030961407071245406, 0.005430444702253005,
      ],
      ofState: [
        -0.0006019616109838932, -0.000948680424003583, -0.0006631407323485888, -0.00035518608390683424,
        0.007961147571536297, 0.006424679642879025, -0.0009367355042400656, -0.001416677731318658,
        -0.0004182821568959485, -0.0005373959706409426, -0.0003321778857505145, -0.00019724241121662676,
        0.004528805843082307, 0.00395518191867138, -0.0004456539419369152, -0.0006985272367419045,
      ]),
  ]

  @Test(arguments: recurrences)
  func `a cell written as a loop is PyTorch's layer`(own: Recurrence) throws {
    let text = """
      input x = [[0.5, -0.3], [0.1, 0.8], [-0.6, 0.4]]
      \(own.parameters)
      h = zeros(2)
      c = zeros(2)
      for t in range(3):
      \(own.body)
      loss L = sum(h**2)
      """
    try check(text, own)
  }

  @Test(arguments: recurrences, [false, true])
  func `a recurrent layer is PyTorch's`(own: Recurrence, hasSamples: Bool) throws {
    try check(
      """
      input x = [[0.5, -0.3], [0.1, 0.8], [-0.6, 0.4]]
      \(own.parameters)
      states = \(own.name)(\(hasSamples ? "reshape(x, 1, 3, 2)" : "x"), W, U, b)
      loss L = sum(states[..., -1, :]**2)
      """, own)
  }

  private func check(_ text: String, _ own: Recurrence) throws {
    let recording = try parse(text).record()
    let loss = try #require(recording.loss)
    loss.backward()
    #expect(abs(loss.data - own.loss) < 1e-14)
    for (name, expected) in [("W", own.ofInput), ("U", own.ofState)] {
      let gradient = recording.names[name]?.gradient ?? []
      #expect(gradient.count == expected.count)
      for (a, b) in zip(gradient, expected) { #expect(abs(a - b) < 1e-14, "\(name)") }
    }
  }

  /// A character model of one causal block on sequences of which each repeats its last but one number.
  @Test func `a transformer block of a few lines trains`() throws {
    let text = """
      input  x = [[0, 1, 0, 1], [2, 3, 2, 3], [1, 2, 1, 2], [3, 0, 3, 0], [2, 0, 2, 0], [3, 1, 3, 1]]
      target y = [0, 2, 1, 3, 2, 3]
      param  E = random(4, 8, seed: 1, scheme: normal)
      param  P = random(4, 8, seed: 2, scheme: normal)
      param  g = ones(8)
      h = E[x] + P
      for b in range(2):
          layer q = dense(layer_norm(h, g), 8)
          layer v = dense(layer_norm(h, g), 8)
          h += attention(q, q, v, mask: causal, heads: 2)
          layer up = dense(h, 16, gelu)
          layer down = dense(up, 8)
          h += down
      layer out = dense(h[:, -1], 4)
      loss L = cross_entropy(out, y)
      optimizer adam(rate: 0.02)
      """
    let recording = try parse(text).record()
    let loss = try #require(recording.loss)
    let before = loss.data
    let count = recording.tape.count
    for check in recording.tape.check(loss).prefix(40) { #expect(check.passes, "\(check)") }
    for _ in 0..<60 {
      loss.backward()
      recording.tape.update()
      recording.tape.replay()
    }
    #expect(recording.tape.count == count)
    #expect(loss.data < 0.05 && before > 0.5, "\(before) to \(loss.data)")
  }
}
