import Autograd
import Foundation
import GradvizGraph
import Testing

@testable import GradLanguage

@Suite struct LanguageTests {
  /// The numbers of an expression, with some parameters in scope.
  private func numbers(_ expression: String) throws -> [Double] {
    let program = try parse(
      """
      param two = 2
      param three = 3
      param v = [1, 2, 3]
      param M = [[1, 2, 3], [4, 5, 6]]
      x = \(expression)
      """)
    return try #require(program.record().names["x"]).data
  }

  private static let table: [(String, [Double])] = [
    ("-two**2", [-4.0]), ("two**-1", [0.5]), ("two**three**2", [512]), ("2**-two**2", [0.0625]),
    ("-two * three", [-6]), ("two - three - 1", [-2]), ("two / three / 2", [0.333_333_333_333_333_3]),
    ("two + three * 2", [8]),
    ("(two + three) * 2", [10]), ("--two", [2]), ("two * -three", [-6]), ("1_000 * two", [2000]),
    (".5 * two", [1]), ("1e-3 * two", [0.002]), ("2. * two", [4]), ("pi * two", [6.283_185_307_179_586]),
    ("M.T[0]", [1, 4]), ("M[1]", [4, 5, 6]), ("M[:, 1]", [2, 5]), ("M[-1, -1]", [6]), ("M[1][0]", [4]),
    ("M @ v", [14, 32]), ("v @ v", [14]), ("v @ M.T", [14, 32]), ("M * v", [1, 4, 9, 4, 10, 18]),
    ("-M.T[2]", [-3, -6]),
    ("sum(M)", [21]), ("sum(M, axis=0)", [5, 7, 9]), ("sum(M, axis: 1)", [6, 15]), ("sum(M, 1)", [6, 15]),
    ("mean(M, axis=-1)", [2, 5]), ("max(M)", [6]), ("max(M, axis=0)", [4, 5, 6]), ("max(v, 2)", [2, 2, 3]),
    ("min(v, 2)", [1, 2, 2]), ("min(M, axis=1)", [1, 4]), ("relu(-v)", [0, 0, 0]),
    ("transpose(M)[2]", [3, 6]),
    ("v + [10, 20, 30]", [11, 22, 33]), ("v * ones(3)", [1, 2, 3]), ("abs(v - 2)", [1, 0, 1]),
    ("sqrt(two * 8)", [4]), ("[[1, 2], [3, 4],][1] * two", [6, 8]),
    ("one_hot([1, 0], 2) * two", [0, 2, 2, 0]),
    ("(v +\n  # half of it\n  v / 2)", [1.5, 3, 4.5]), ("logsumexp([0, 0] * two)", [0.6931471805599453]),
    ("softmax([0, 0] * two)", [0.5, 0.5]),
  ]

  @Test(arguments: table.indices) func expressionsHavePythonsMeaning(index: Int) throws {
    let (expression, expected) = Self.table[index]
    let found = try numbers(expression)
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-12, "\(expression): \(a)") }
  }

  @Test func literalsAreOneConstant() throws {
    let graph = try parse("param x = 3\nloss L = x * (1 + 2 * 3) / -sqrt(4) + x**-1").graph(level: .tensor)
    #expect(graph.nodes.filter { $0.role == .constant }.map(\.value) == [[7], [-2]])
    #expect(graph.nodes.first { $0.operation == .power }?.exponent == -1)
  }

  @Test func namedConstantsAreBoxesAndCountAsNumbers() throws {
    let graph = try parse(
      "half = 0.5\ninput x = [half, 1]\nrate half / 5\nparam w = 1\nloss L = sum(x) * half * w"
    )
    .graph(level: .tensor)
    #expect(graph.nodes.first { $0.name == "half" }?.role == .constant)
    #expect(graph.nodes.first { $0.name == "x" }?.value == [0.5, 1])
    #expect(graph.learningRate == 0.1)
  }

  @Test func settingsReachTheGraph() throws {
    let program = try parse(
      """
      title "A \\"b\\" c"
      caption 'd'
      precision 5
      gradients both
      direction TB
      level tensor
      stage backward
      rate 1/2
      param a = 1
      loss L = a * a
      """)
    let graph = program.graph()
    #expect(
      graph.presentation
        == .init(title: "A \"b\" c", caption: "d", precision: 5, gradients: .both, direction: .topToBottom))
    #expect(graph.level == .tensor)
    #expect(graph.learningRate == 0.5)
    #expect(program.settings.stage == "backward")
    #expect(program.graph(level: .scalar).level == .scalar)
  }

  @Test func lineEndsAndByteOrderMarksDoNotMatter() throws {
    let lines = ["param a = [1,", "  2]", "loss L = sum(a * a)  # twice", ""]
    let expected = try parse(lines.joined(separator: "\n")).graph()
    #expect(try parse("\u{FEFF}" + lines.joined(separator: "\r\n")).graph() == expected)
    #expect(try parse(lines.joined(separator: "\r")).graph() == expected)
  }

  @Test func accentsAreTheSameHoweverWritten() throws {
    let graph = try parse("param y\u{302} = 2\nloss L = \u{177} * \u{177}").graph()
    #expect(graph.nodes[0].name.unicodeScalars.count == 1)
  }

  @Test func smallProgramsAreDrawnInScalars() throws {
    #expect(try parse("param w = ones(74)\nloss L = sum(w * w)").graph().level == .scalar)
    #expect(try parse("param w = ones(75)\nloss L = sum(w * w)").graph().level == .tensor)
    #expect(try parse("level auto\nparam w = ones(75)\nloss L = sum(w * w)").graph().level == .tensor)
    #expect(try parse("level scalar\nparam w = ones(75)\nloss L = sum(w * w)").graph().level == .scalar)
  }

  @Test func warnsOfTheFirstNumberThatIsNotFinite() throws {
    let recording = try parse("input x = [1, 0]\ny = log(x)\nloss L = sum(y * x)").record()
    #expect(
      recording.warnings.map { $0.rendered(file: "x.grad") } == [
        """
        x.grad:2:5: warning: `log(x)` is −∞, not a finite number
        2 | y = log(x)
          |     ^~~~~~
        """
      ])
  }

  @Test func randomNumbersAreTheSameEverywhere() throws {
    let numbers = Initialization.uniform.values(shape: [2, 16], seed: 7)
    #expect(numbers.count == 32)
    #expect(numbers.allSatisfy { abs($0) <= 1 / 2.0.squareRoot() })
    #expect(Set(numbers).count == 32)
    // The first output of SplitMix64 with seed 0 is E220A8397B1DCDAF (Vigna's reference implementation).
    let first = Double(UInt64(0xE220_A839_7B1D_CDAF) >> 11) * 0x1p-53 * 2 - 1
    #expect(Initialization.uniform.values(shape: [], seed: 0) == [first])
  }

  @Test func csvPicksColumnsAndRows() throws {
    let data = ["d/t.csv": "\u{FEFF}a, b ,\"c, d\"\r\n1,2,3\r\n\r\n4,5,\"6\"\r\n"]
    func values(_ arguments: String) throws -> ([Int], [Double]) {
      let tensor = try #require(
        try parse("input x = csv(\"d/t.csv\"\(arguments))", data: data).record().names["x"])
      return (tensor.shape, tensor.data)
    }
    #expect(try values("") == ([2, 3], [1, 2, 3, 4, 5, 6]))
    #expect(try values(", columns: [b, a]") == ([2, 2], [2, 1, 5, 4]))
    #expect(try values(", columns: \"c, d\"") == ([2], [3, 6]))
    #expect(try values(",\n  columns = [a],\n  rows = [1, 0, 1]") == ([3], [4, 1, 4]))
  }

  @Test func dataFolderKeepsInside() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let inner = folder.appendingPathComponent("inner")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("a\n1\n".utf8).write(to: folder.appendingPathComponent("outside.csv"))
    try Data("a\n1\n".utf8).write(to: inner.appendingPathComponent("inside.csv"))
    try Data([0xFF, 0xFE, 0x00]).write(to: inner.appendingPathComponent("bytes.csv"))
    try FileManager.default.createSymbolicLink(
      at: inner.appendingPathComponent("link.csv"),
      withDestinationURL: folder.appendingPathComponent("outside.csv"))
    let data = DataFolder(besideFile: inner.appendingPathComponent("x.grad").path)
    func failure(_ path: String) -> String {
      do { return "read: " + (try data.read(path)) } catch { return "\(error)" }
    }
    #expect(try data.read("inside.csv") == "a\n1\n")
    #expect(failure("link.csv") == "it is outside the program's folder")
    #expect(failure("../outside.csv") == "it is outside the program's folder")
    #expect(failure("none.csv") == "no such file")
    #expect(failure("bytes.csv") == "it is not UTF-8 text")
  }
}
