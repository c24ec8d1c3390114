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

@Suite("Training on the command line")
struct TrainCommandTests {
  private func gradviz(_ arguments: String..., in folder: URL = Project.folder) throws -> ProcessResult {
    try ProcessResult(Project.gradviz, arguments, in: folder)
  }

  private let small = "param w = 3\nparam b = 1\nloss L = (w * 2 + b - 1)**2\nrate 0.05\nsteps 30\n"

  @Test func `files of a training`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(small, to: "net.grad")
    let result = try gradviz(
      "train", "net.grad", "--save", "trained.json", "--figures", "0,10,last", in: folder.url)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(result.text.contains("step 0") && result.text.contains("L: 36 → "))
    for name in [
      "history.csv", "descent.svg", "parameters.svg", "landscape.svg", "update-0.svg", "update-10.svg",
      "update-29.svg",
    ] {
      #expect(FileManager.default.fileExists(atPath: folder.file("Output/net/\(name)").path), "\(name)")
    }
    let history = try String(contentsOf: folder.file("Output/net/history.csv"), encoding: .utf8)
    #expect(history.hasPrefix("step,loss,rate\n0,36,0.05\n") && history.split(separator: "\n").count == 32)
    let again = try gradviz("train", "net.grad", "--load", "trained.json", "--steps", "1", in: folder.url)
    #expect(again.status == 0 && !again.text.contains("L: 36"))
  }

  @Test func `a training that goes wrong says where and draws it`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(
      "param w = 1\ninner = log(w)\nloss L = inner + w\noptimizer sgd(rate: 3)\nsteps 9\n", to: "net.grad")
    let result = try gradviz("train", "net.grad", in: folder.url)
    #expect(result.status == 1)
    #expect(result.errors.contains("`inner`") && result.errors.contains("NaN"), "\(result.errors)")
    #expect(
      SVGDocument(try String(contentsOf: folder.file("Output/net/diverged.svg"), encoding: .utf8)).error
        == nil)
    _ = try folder.write("param w = 3\nloss L = w**2\nrate 30\nsteps 900\n", to: "far.grad")
    let far = try gradviz("train", "far.grad", in: folder.url)
    #expect(far.status == 1 && far.errors.contains("grows without bound"), "\(far.errors)")
  }

  @Test func `Ctrl-C finishes the step and writes what there is`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(small.replacing("steps 30", with: "steps 1000000"), to: "net.grad")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Project.gradviz)
    process.arguments = ["train", "net.grad"]
    process.currentDirectoryURL = folder.url
    let scratch = folder.file("out")
    try Data().write(to: scratch)
    process.standardOutput = try FileHandle(forWritingTo: scratch)
    let errors = folder.file("errors")
    try Data().write(to: errors)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    // The first line is printed once training runs.
    for _ in 0..<400 where (try Data(contentsOf: scratch)).isEmpty { usleep(20_000) }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(FileManager.default.fileExists(atPath: folder.file("Output/net/descent.svg").path))
    let said = try String(contentsOf: errors, encoding: .utf8)
    #expect(said.contains("of 1000000 steps"), "\(said)")
  }

  @Test func `gradients are compared with those of a graph`() throws {
    let folder = try TemporaryFolder()
    let graph = folder.file("graph.json").path
    #expect(try gradviz("draw", "Samples/neuron.grad", "-T", "json", "-o", graph).status == 0)
    let same = try gradviz("check", "Samples/neuron.grad", "--against", graph)
    #expect(same.status == 0 && same.text.contains("verdict") && same.text.contains("ok"))
    let text = try String(contentsOfFile: graph, encoding: .utf8)
    let wrong = try folder.write(text.replacing("-0.839948683228", with: "-0.85"), to: "wrong.json")
    let other = try gradviz("check", "Samples/neuron.grad", "--against", wrong)
    #expect(other.status == 1 && other.errors.contains("differ"), "\(other.text)")
  }

  @Test func `the derivative of one number`() throws {
    let svg = try gradviz("draw", "Samples/neuron.grad", "--stage", "derivative", "--of", "w2")
    #expect(svg.status == 0)
    let texts = SVGDocument(svg.text).texts.map(\.text)
    #expect(texts.contains("∂L/∂w₂ = −0.8399") && texts.contains("−0.8272"))
    #expect(try gradviz("draw", "Samples/neuron.grad", "--stage", "derivative", "--of", "q").status == 1)
    #expect(try gradviz("draw", "Samples/neuron.grad", "--stage", "derivative").status == 2)
    #expect(try gradviz("draw", "Samples/neuron.grad", "--of", "w2").status == 2)
  }

  @Test func `the first update is drawn with the rate that is used, also where the program says none`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("param a = 2\nloss L = a * a\n", to: "net.grad")
    let result = try gradviz(
      "train", "net.grad", "-q", "--steps", "3", "--figures", "0,1,last", "-o", "out", in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    let svg = SVGDocument(try String(contentsOf: folder.file("out/update-0.svg"), encoding: .utf8))
    #expect(svg.texts.contains { $0.text == "2 → 1.96" }, "\(svg.texts.map(\.text))")
  }

  @Test func `data outside the folder needs a word on the command line`() throws {
    let folder = try TemporaryFolder()
    let inner = folder.file("inner")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    _ = try folder.write("a\n1\n2\n", to: "d.csv")
    _ = try folder.write(
      "input x = csv(\"../d.csv\")\nparam w = 1\nloss L = sum(x * w)\n", to: "inner/net.grad")
    let refused = try gradviz("train", "net.grad", in: inner)
    #expect(refused.status == 1 && refused.errors.contains("data files must be in the program's folder"))
    #expect(try gradviz("train", "net.grad", "--allow-data-outside", in: inner).status == 0)
    #expect(try gradviz("check", "net.grad", "--allow-data-outside", in: inner).status == 0)
  }

  @Test(arguments: [
    ["train", "Samples/xor.grad", "--steps", "0"], ["train", "Samples/xor.grad", "-T", "json"],
    ["train", "Samples/xor.grad", "--compare", "adm"], ["train", "Samples/xor.grad", "--figures", "x"],
    ["train"],
    ["check", "Samples/xor.grad", "Samples/iris.grad", "--against", "g.json"],
  ])
  func `a wrong command line is status 2`(_ arguments: [String]) throws {
    #expect(try ProcessResult(Project.gradviz, arguments).status == 2)
  }

  @Test(arguments: [
    ["train", "Samples/none.grad"], ["train", "Samples/xor.grad", "--load", "Samples/xor.grad"],
    ["train", "Samples/xor.grad", "--landscape", "w,b", "-o", ".build/none"],
  ])
  func `a wrong input is status 1`(_ arguments: [String]) throws {
    #expect(try ProcessResult(Project.gradviz, arguments).status == 1)
  }
}
