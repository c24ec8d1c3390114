import Foundation
import GradvizTestSupport
import Testing

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
    _ = try folder.write("param w = 3\nloss L = -w**2\nrate 30\nsteps 900\n", to: "deep.grad")
    let deep = try gradviz("train", "deep.grad", in: folder.url)
    #expect(deep.status == 1 && deep.errors.contains("falls without bound"), "\(deep.errors)")
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
