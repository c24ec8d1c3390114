import Autograd
import Foundation
import GradLanguage
import GradvizKit
import GradvizPlots
import GradvizTestSupport
import Testing

@Suite("Training programs")
struct TrainTests {
  private func program(_ sample: String) throws -> Program {
    let path = Project.folder.appendingPathComponent("Samples/\(sample).grad").path
    return try Program.load(text: String(contentsOfFile: path, encoding: .utf8), path: path)
  }

  private func train(_ program: Program, steps: Int? = nil, optimizer: Optimizer? = nil) throws -> (
    ProgramTraining, Double
  ) {
    var plan = program.plan
    if let steps { plan.steps = steps }
    if let optimizer { plan.optimizer = optimizer }
    let training = try ProgramTraining(program, plan: plan)
    return (training, try training.run())
  }

  @Test(arguments: [("xor", 1.0, 0.01), ("moons", 1.0, 0.05), ("iris", 0.95, 0.1)])
  func `classifiers reach what their sample says`(_ sample: String, _ accuracy: Double, _ loss: Double) throws {
    let (training, final) = try train(program(sample))
    #expect(final < loss)
    let own = try training.evaluate(training.plan.trainingRows)
    #expect(own.metrics.first?.value ?? 0 >= accuracy)
    if !training.plan.heldOutRows.isEmpty {
      #expect(training.plan.heldOutRows.count == 50 && training.plan.trainingRows.count == 100)
      #expect(try training.evaluate(training.plan.heldOutRows).metrics.first?.value ?? 0 >= accuracy)
    }
  }

  @Test func `the regression ends at the least-squares line`() throws {
    let (training, _) = try train(program("houses"), steps: 400)
    let areas = training.recording.inputs[0].tensor.data
    let prices = training.recording.targets[0].tensor.data
    let count = Double(areas.count)
    let (meanX, meanY) = (areas.reduce(0, +) / count, prices.reduce(0, +) / count)
    let slope =
      zip(areas, prices).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
      / areas.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let w = try #require(training.elements.first { $0.name == "w" }).value
    #expect(abs(w * 100 / 40 - slope) < 1e-4)
  }

  @Test func `momentum leaves plain descent behind in the valley`() throws {
    let valley = try program("momentum")
    let (_, with) = try train(valley)
    let (_, without) = try train(valley, optimizer: .sgd(rate: 0.1))
    #expect(with < without / 50)
  }

  @Test func `the same network in Swift and in a file: the same bits after 100 steps`() throws {
    let file = try Project.programText(
      """
      input  x = [[0.5, -1], [1.5, 0.25], [-0.75, 1], [0, 0.5], [-1.25, -0.5]]
      target y = [0, 1, 1, 0, 1]
      layer  layer1 = dense(x, 8, tanh)
      layer  layer2 = dense(layer1, 1, sigmoid)
      predict p = layer2[:, 0]
      loss   L = bce(p, y)
      optimizer adam(rate: 0.05)
      steps  100
      """)
    let (training, _) = try train(file)

    let tape = Tape()
    let x = tape.input([[0.5, -1], [1.5, 0.25], [-0.75, 1], [0, 0.5], [-1.25, -0.5]], name: "x")
    let y = tape.target([0, 1, 1, 0, 1], name: "y")
    let network = MLP(tape, sizes: [2, 8, 1], activation: .tanh, last: .sigmoid, seed: 1)
    let loss = bce(network(x)[..., 0], y).value
    let swift = Training(loss, optimizer: .adam(rate: 0.05))
    for _ in 0..<100 { _ = try swift.next() }

    let own = training.recording.tape.parameterTensors
    let its = tape.parameterTensors
    #expect(own.map(\.name) == its.map(\.name))
    for (a, b) in zip(own, its) {
      #expect(a.tensor.data.map(\.bitPattern) == b.tensor.data.map(\.bitPattern), "\(a.name)")
    }
  }

  @Test func `memory does not grow with the steps`() throws {
    let training = try ProgramTraining(program("xor"))
    let count = training.recording.tape.count
    for _ in 0..<20 { _ = try training.next() }
    #expect(training.recording.tape.count == count)
  }

  @Test func `plots are drawn where they say something`() throws {
    let options = PlotOptions(title: "T")
    func plots(_ sample: String) throws -> (decision: Bool, fit: Bool, landscape: Bool) {
      let (training, _) = try train(program(sample), steps: 2)
      return (
        training.decisionPlot(options: options) != nil, training.fitPlot(options: options) != nil,
        try training.landscapePlot(options: options) != nil
      )
    }
    #expect(try plots("moons") == (true, false, false))
    #expect(try plots("logistic") == (true, false, false))
    // Targets with two values that are measurements.
    #expect(try plots("polynomial") == (false, true, false))
    #expect(try plots("houses") == (false, true, true))
    // Two features and one-hot rows, but each token depends on the others.
    #expect(try plots("attention") == (false, false, false))
  }

  @Test func `saved parameters are read again, others are refused`() throws {
    let (training, final) = try train(program("xor"), steps: 20)
    let saved = try TrainedParameters.decodeJSON(training.parameters.encodeJSON())
    let other = try ProgramTraining(program("xor"))
    try other.load(saved)
    #expect(try other.evaluate([]).loss == final)
    let moons = try ProgramTraining(program("moons"))
    #expect(throws: InputError.self) { try moons.load(saved) }
    #expect(throws: InputError.self) { _ = try TrainedParameters.decodeJSON(Data("[1]".utf8)) }
  }

  @Test func `running statistics are saved with the parameters`() throws {
    let text = """
      input x = random(6, 3, seed: 1, scheme: normal)
      target y = [1, -1, 1, 1, -1, 0.5]
      layer h = dense(x, 4)
      layer z = batch_norm(h)
      layer s = dense(tanh(batch_norm(z)), 1)
      loss L = mse(s[:, 0], y)
      rate 0.1
      """
    let first = try ProgramTraining(Project.programText(text))
    for _ in 0..<7 { _ = try first.next() }
    let saved = try TrainedParameters.decodeJSON(first.parameters.encodeJSON())
    #expect(saved == first.parameters)
    let names = ["batch_norm1.mean", "batch_norm1.variance", "batch_norm2.mean", "batch_norm2.variance"]
    #expect(saved.statistics?.map(\.name) == names)
    let second = try ProgramTraining(Project.programText(text))
    let before = try second.evaluate([]).loss
    try second.load(saved)
    #expect(try second.evaluate([]).loss == first.evaluate([]).loss)
    #expect(try second.evaluate([]).loss != before)
    var other = saved
    other.statistics?.removeLast()
    #expect(throws: InputError.self) { try second.load(other) }
    // A file of parameters alone, as of earlier versions, leaves them as they are.
    other.statistics = nil
    try second.load(other)
    #expect(second.parameters == first.parameters)
    #expect(try train(program("xor"), steps: 1).0.parameters.statistics == nil)
  }

  @Test(arguments: Project.samples.filter { Project.isTrained($0) })
  func `plots are whole documents, and nothing else is said`(_ sample: String) throws {
    let folder = try TemporaryFolder()
    var arguments = ["train", "Samples/\(sample).grad", "--quiet", "-o", folder.url.path]
    if sample == "momentum" { arguments += ["--compare", "sgd"] }
    if sample == "xor" { arguments += ["--figures", "0,last"] }
    let result = try ProcessResult(Project.gradviz, arguments)
    #expect(result.status == 0 && result.text.isEmpty && result.errors.isEmpty, "\(result.errors)")
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) {
      guard file.hasSuffix(".svg") else {
        #expect(file == "history.csv")
        continue
      }
      let drawn = try String(contentsOf: folder.file(file), encoding: .utf8)
      let document = SVGDocument(drawn)
      #expect(document.error == nil)
      let ids = document.elements.compactMap { $0.attributes["id"] }
      #expect(Set(ids).count == ids.count, "ids are unique in \(file)")
      #expect(!drawn.contains("href") && !drawn.contains("url("))
    }
  }
}
