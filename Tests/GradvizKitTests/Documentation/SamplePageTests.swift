import Autograd
import Foundation
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizTestSupport
import Testing

@testable import GradvizKit

/// Each sample has a page in the catalog, with its program as it stands and the numbers that its text names.
@Suite("Pages of samples")
struct SamplePageTests {
  private static let folder = Project.folder.appending(path: "Sources/GradvizKit/GradvizKit.docc/Samples")

  private static func text(_ page: String) throws -> String {
    try String(contentsOf: folder.appending(path: (places[page] ?? page) + ".md"), encoding: .utf8)
  }

  /// By the name of a page where it is in the folder: `Networks/SampleMlp`.
  private static let places: [String: String] = {
    let files = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
    let pages = files.filter { $0.hasSuffix(".md") && $0.contains("/") }.map { String($0.dropLast(3)) }
    return Dictionary(pages.map { ($0.split(separator: "/").last.map(String.init) ?? $0, $0) }) { first, _ in first }
  }()

  /// `one-neuron` is `SampleOneNeuron`.
  private static func page(_ sample: String) -> String {
    "Sample" + sample.split(separator: "-").map(\.capitalized).joined()
  }

  private static func names(_ folder: String, _ ending: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: Project.folder.appending(path: folder).path)
      .filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
  }

  static let samples = (try? names("Samples", ".grad")) ?? []

  @Test func `every sample has a page, and the list has every page once`() throws {
    #expect(Self.samples.count >= 28)
    let pages = Self.places.keys.sorted()
    #expect(Set(pages) == Set(Self.samples.map(Self.page)))
    let list = try Self.text("Samples").split(separator: "\n").filter { $0.hasPrefix("- <doc:") }.map(String.init)
    #expect(list.sorted() == pages.map { "- <doc:\($0)>" }.sorted())
  }

  @Test(arguments: samples) func `a page shows the program as it is, and its figures`(_ sample: String) throws {
    let text = try Self.text(Self.page(sample))
    let program = try String(contentsOf: Project.folder.appending(path: "Samples/\(sample).grad"), encoding: .utf8)
    #expect(text.contains("\n```\n\(program)```\n"), "the program on the page is not that of the file")
    let title = try #require(program.firstMatch(of: /(?m)^title *"(.*)"/)).output.1
    #expect(text.hasPrefix("# \(title.replacing("'", with: "’"))\n"))
    let block = try #require(text.firstMatch(of: /```grad include=(.+?) stage=(.+?) name=figure hidden\n/)).output
    #expect(block.1 == "../../../../../Samples/\(sample).grad")
    let pictures = text.matches(of: /\n!\[.+\]\((.+)\)\n/).map { String($0.output.1) }
    let place = try #require(Self.places[Self.page(sample)]).replacing("/", with: "-")
    #expect(pictures == block.2.split(separator: ",").map { "Samples-\(place)-figure-\($0)" })
    // What the explorer can do is compared in `FirstRenderingTests`.
    #expect(text.contains("(/explorers/\(sample).html)"))
  }

  // MARK: Numbers

  private static func graph(_ sample: String) throws -> ComputationGraph { try Project.graph(sample) }

  private static func training(_ sample: String) throws -> ProgramTraining {
    let path = Project.folder.appending(path: "Samples/\(sample).grad").path
    return try ProgramTraining(Program.load(text: String(contentsOfFile: path, encoding: .utf8), path: path))
  }

  @Test func `the network by hand has the numbers of its source`() throws {
    let (text, graph) = (try Self.text("SampleMazur"), try Self.graph("mazur"))
    func number(_ value: Double?) -> String { NumberFormat(precision: 9).text(value ?? .nan) }
    func updated(_ name: String) -> Double? { graph.nodes.first { $0.name == name }?.updated?.first }
    let loss = graph.nodes.first { $0.role == .loss }?.value.first
    #expect(text.contains("| E | \(number(loss)) | \(number(loss)) |"))
    #expect(text.contains("| \(number(updated("w1"))) | \(number(updated("w1"))) |"))
    let w5 = NumberFormat(precision: 8).text(updated("w5") ?? .nan)
    #expect(text.contains("| \(w5) | \(w5) |"))
    #expect(text.contains("| 0.291027924 | \(number(graph.lossAfterUpdate)) |"))
    let training = try Self.training("mazur")
    var losses: [Double] = []
    while let step = try training.next() { losses.append(step.loss) }
    #expect(losses.count >= 10_000)
    // Of the steps counted from 0 the last begins with the forward pass of round 10 000.
    let last = Int((losses[9_999] * 1e10).rounded())
    #expect(last == 351_085)
    #expect(text.contains("| 0.0000\(last) | 0.0000\(last) |"))
  }

  @Test func `the lecture’s neuron has the gradients of its source`() throws {
    let (text, graph) = (try Self.text("SampleLectureNeuron"), try Self.graph("lecture-neuron"))
    for name in ["x1", "w1", "x2", "w2"] {
      let value = NumberFormat(precision: 6).text(graph.nodes.first { $0.name == name }?.gradient?.first ?? .nan)
      #expect(text.contains("| \(name) | \(value) | \(value) |"), "\(name): \(value)")
    }
  }

  @Test func `small programs have the numbers of their pages`() throws {
    let softmax = try Self.graph("softmax").nodes.filter { $0.role == .parameter }.flatMap { $0.gradient ?? [] }
    #expect(softmax.count == 3 && abs(softmax.reduce(0, +)) < 1e-12)
    let reuse = try Self.graph("reuse")
    #expect(reuse.nodes.map { $0.gradient?.first } == [24, 12, 1])
    #expect(try Self.text("SampleReuse").contains("6 + 6 for b, 12 + 12 for a"))
    let curve = try String(contentsOf: Project.folder.appending(path: "Samples/polynomial.grad"), encoding: .utf8)
      .replacing("param   a = 0.5", with: "param   a = 1").replacing("param   b = 0", with: "param   b = -1")
    #expect(try Project.graph(program: curve).nodes.first { $0.role == .loss }?.value == [0])
    let neuron = try Self.graph("gradient-descent")
    let predictions = neuron.nodes.filter { $0.role == .prediction }.flatMap(\.value)
    #expect(predictions.contains { abs($0 - 0.995) < 5e-4 })
  }

  @Test(arguments: [
    ("conv", 0.97), ("iris", 0.98), ("moons", 1), ("lstm", 1), ("transformer", 1), ("autoencoder", 1), ("xor", 1),
  ])
  func `networks are as often right as their pages say`(_ sample: String, _ share: Double) throws {
    let training = try Self.training(sample)
    try training.run()
    let last = try #require(training.metrics.last { $0.isHeldOut } ?? training.metrics.last).points.last?.value ?? 0
    #expect((last * 100).rounded() == (share * 100).rounded(), "\(last)")
    let text = try Self.text(Self.page(sample))
    #expect(text.contains(share == 1 ? " all " : "\(Int(share * 100)) %") || text.contains("All "))
  }

  @Test func `three characters are learnt as well as the page says`() throws {
    let training = try Self.training("names")
    let loss = try training.run()
    let text = try Self.text("SampleNames").replacing("\n", with: " ")
    #expect(text.contains("falls to \(NumberFormat(precision: 3).text(loss)) in training"))
    func share(isHeldOut: Bool) throws -> Int {
      let curve = try #require(training.metrics.first { $0.isHeldOut == isHeldOut })
      return Int((curve.points[curve.points.count - 1].value * 100).rounded())
    }
    let (own, held) = (try share(isHeldOut: false), try share(isHeldOut: true))
    #expect(text.contains("right in \(held) % of the cases, in training in \(own) %"), "\(held), \(own)")
  }
}
