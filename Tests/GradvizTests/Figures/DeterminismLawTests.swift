import Foundation
import GradvizTestSupport
import Testing

/// The same program gives the same bytes in every process, whatever the process' memory layout.
@Suite("The same figure, always", .serialized)
struct DeterminismLawTests {
  /// Processes per drawing: two in `make test`, with other hashes and another heap each, twenty in `make laws`.
  private static let runs = ProcessInfo.processInfo.environment["GRADVIZ_SEEDS"] == nil ? 2 : 20

  /// Varies the memory of each run: sizes, addresses and contents of allocations, and the seeds of Swift's
  /// hashing, which depend on them.
  private static func environment(_ run: Int) -> [String: String] {
    let tunables = ["tcache_count=0", "mmap_threshold=4096", "top_pad=1000000", "arena_max=1"]
    var environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "MALLOC_PERTURB_": "\(run * 37 % 256)",
      "GLIBC_TUNABLES": "glibc.malloc.\(tunables[run % tunables.count])",
      "NOTHING": String(repeating: "x", count: run * 53),
    ]
    if run % 5 == 4 { environment["SWIFT_DETERMINISTIC_HASHING"] = "1" }
    return environment
  }

  /// Runs the tool; every third run is without address space randomization, where that is possible.
  private static func run(_ arguments: [String], _ run: Int) throws -> ProcessResult {
    if run % 3 == 2, let setarch = Project.tool("setarch") {
      return try ProcessResult(setarch, ["-R", Project.gradviz] + arguments, environment: environment(run))
    }
    return try ProcessResult(Project.gradviz, arguments, environment: environment(run))
  }

  /// The output of each run of an argument list, by file name; `-o` is added.
  private static func files(_ arguments: [String], runs: Int = runs) -> [Result<[String: Data], any Error>] {
    let results = Results(count: runs)
    DispatchQueue.concurrentPerform(iterations: runs) { number in
      results.set(number, Result { try files(arguments, number) })
    }
    return results.all
  }

  private static func files(_ arguments: [String], _ number: Int) throws -> [String: Data] {
    let folder = try TemporaryFolder()
    let result = try run(arguments + ["-o", folder.url.path + "/"], number)
    guard result.status == 0 else { throw Failure(description: "\(arguments): \(result.errors)") }
    var files = ["standard output": result.output]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) {
      files[name] = try Data(contentsOf: folder.file(name))
    }
    return files
  }

  private struct Failure: Error, CustomStringConvertible { var description: String }

  /// Filled by several threads, each at its own index.
  private final class Results: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var all: [Result<[String: Data], any Error>]

    init(count: Int) { all = Array(repeating: .success([:]), count: count) }

    func set(_ place: Int, _ result: Result<[String: Data], any Error>) {
      lock.withLock { all[place] = result }
    }
  }

  private static func expectOneText(_ arguments: [String], runs: Int = runs, _ what: String) throws {
    let results = try files(arguments, runs: runs).map { try $0.get() }
    let first = try #require(results.first)
    #expect(first.count > 1, "\(what): \(arguments) writes files")
    for other in results.dropFirst() {
      let different = first.keys.filter { first[$0] != other[$0] }.sorted()
      #expect(different == [] && first.count == other.count, "\(what): \(arguments)")
    }
  }

  private static func trains(_ file: String) throws -> Bool {
    let folder = try TemporaryFolder()
    return try ProcessResult(Project.gradviz, ["train", file, "--quiet", "-o", folder.url.path + "/"]).status == 0
  }

  // MARK: The law

  /// In `make test` some samples: `make check` compares the files of all with those in Output/, which another process drew.
  private static let samples =
    runs > 3
    ? Project.samples : ["one-neuron", "neuron", "mazur", "attention", "houses", "xor", "moons", "lecture-neuron"]

  @Test(arguments: samples)
  func `a sample in every stage and format`(sample: String) throws {
    let file = "Samples/\(sample).grad"
    // Frames and images take long: in `make test` those of some samples.
    let isSweep = Self.runs > 3
    let steps = isSweep || ["neuron", "mazur", "moons"].contains(sample) ? ["--steps"] : []
    try Self.expectOneText(["draw", file, "-T", "svg", "-T", "dot"] + steps, sample)
    try Self.expectOneText(["draw", file, "-T", "json"], runs: min(Self.runs, 3), sample)
    if isSweep {
      try Self.expectOneText(["draw", file, "-T", "png", "-T", "pdf"], runs: min(Self.runs, 20), sample)
    } else if ["one-neuron", "attention", "houses", "xor"].contains(sample) {
      try Self.expectOneText(["draw", file, "--stage", "backward", "-T", "pdf", "-T", "png"], sample)
    }
    if Project.isTrained(sample) {
      try Self.expectOneText(
        ["train", file, "--quiet", "--steps", "20", "--figures", "0,last"], runs: Self.runs, sample)
    }
  }

  @Test func `random programs with random options`() throws {
    let options: [[String]] = [
      ["--width", "500"], ["--direction", "TB"], ["--collapse", "6"], ["--parameters", "shared"],
      ["--level", "tensor"], ["--level", "scalar", "--width", "700"],
      ["--collapse", "layers", "--width", "500"],
      ["--gradients", "both", "--precision", "3"], ["--lang", "fr", "--theme", "print"],
      ["--no-positions", "-T", "dot"],
      ["--only", "L", "--with", "ancestors"],
    ]
    for (number, random) in Seeds.programs(default: 8).enumerated() {
      let folder = try TemporaryFolder()
      let file = try folder.write(random.source, to: "program.grad")
      var own = options[number % options.count]
      let format = own.contains("-T") ? [] : number % 2 == 0 ? ["-T", "dot"] : ["-T", "svg"]
      if own.contains("L"), !random.source.contains("loss L ") { own = [] }
      try Self.expectOneText(["draw", file] + format + own, "\(random)")
      // A training that diverges writes where, which has the folder's name in it.
      if random.kind == .training, Self.runs > 3, try Self.trains(file) {
        try Self.expectOneText(["train", file, "--quiet"], "\(random)")
      }
    }
  }

  // MARK: Examples

  /// Used to give two texts, 218.73 and 218.74: rectangles were united in the order of a dictionary.
  @Test func `ten operations in a row, in twenty processes`() throws {
    let folder = try TemporaryFolder()
    let operations = ["tanh", "sin", "sigmoid", "cos", "relu", "abs", "tanh", "sigmoid", "sin", "cos"]
    let lines = operations.enumerated().map { number, operation in
      "\(number == 9 ? "loss L" : "v\(number + 1)") = \(operation)(\(number == 0 ? "a" : "v\(number)"))"
    }
    let file = try folder.write((["param a = 0.5"] + lines).joined(separator: "\n") + "\n", to: "ten.grad")
    try Self.expectOneText(
      ["draw", file, "--stage", "forward", "-T", "dot", "-T", "svg", "--width", "500"], runs: 20, "ten")
  }

  /// Used to give 533.02 and 533.03, seven times and five times.
  @Test func `a value beside a prediction, in twenty processes`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      """
      level tensor
      precision 1
      input x = [-0.39, 0.28]
      target y = [1, 1]
      param c = -0.14
      param k = -0.15
      a_operation = c * x + k
      predict ŷ = a_operation - 0.5
      loss L = mean((ŷ - y)**2)
      """, to: "beside.grad")
    try Self.expectOneText(["draw", file, "-T", "dot", "-T", "svg"], runs: 20, "beside")
  }

  @Test func `a PDF has the date of SOURCE_DATE_EPOCH, or none`() throws {
    func date(_ epoch: String?) throws -> String? {
      var environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
      environment["SOURCE_DATE_EPOCH"] = epoch
      let result = try ProcessResult(
        Project.gradviz, ["draw", "Samples/neuron.grad", "--stage", "loss", "-T", "pdf"],
        environment: environment)
      #expect(result.status == 0 && result.output.starts(with: Data("%PDF".utf8)), "\(result.errors)")
      let text = String(decoding: result.output, as: UTF8.self)
      return text.firstMatch(of: /\/CreationDate \((?:D:)?([^)]*)\)/).map { String($0.1) }
    }
    #expect(try date(nil) == nil)
    #expect(try date("1000000000") == "20010909014640Z")
    for nonsense in ["", "abc", "-5", "12x", "99999999999999999999"] { #expect(try date(nonsense) == nil) }
  }
}
