import Autograd
import Foundation
import GradvizGraph
import Testing

@testable import GradLanguage

/// Steele, Lea, Flood, SplitMix64: the same mutations in every run.
private struct Generator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

/// Runs the work on a thread with a stack of 512 KiB, as macOS gives secondary threads.
private func onSmallStack(_ work: @escaping @Sendable () -> Void) async {
  await withCheckedContinuation { continuation in
    let thread = Thread {
      work()
      continuation.resume()
    }
    thread.stackSize = 512 << 10
    thread.start()
  }
}

@Suite struct RobustnessTests {
  private static let fragments = [
    "(", ")", "[", "]", "[[", "]]", ",", "=", "==", "\n", "\r\n", "\r", "#", "\"", "'", "\\", ".", ".T", "**",
    "@", "-",
    "+", "/", "*", ":", "loss ", "param ", "input ", "predict ", "rate ", "level scalar\n", "precision ",
    "csv(",
    "softmax(", "axis=", "axis=-9", "sum(", "max(", "x", "w", "0", "1e308", "1e-320", "99999999999999999999",
    "1_0",
    "ŷ", "y\u{302}", "\u{302}", "\u{202E}", "日", "🙂", "\0", "\t", "zeros(3,4)", "ones(2)", "zeros(0)",
    "random(2, seed: -1)", "one_hot([0,1],2)", "[0]", "[-1]", "[:]", "[:,0]", "[9223372036854775807]",
    "log(0)",
    "\nlayer h = dense(x, 3, relu)\n", "\nlayer h = dense(w, 2", "h.w", "h.b", ".w",
    "\ndef f(a, b) = a * b\n", "f(x, w)",
    "\ndef f(a) = f(a)\n", "mse(x, w)", "cross_entropy(x, w)", "huber(x, x, delta: 0)", "bce(",
    "\nmetric m = ",
    "accuracy(x, w)", "argmax(x)", "\noptimizer adam(rate: 1 - step / 10)\n", "\noptimizer sgd(",
    "\nschedule step(size: 0)\n",
    "\nsteps 7\n", "\nsteps 1e9\n", "\nbatch 2 shuffle seed 1\n", "\nbatch 1\n", "\nholdout 1/3\n", "step",
    "standardize(x)",
    "random(2, 2, seed: 1, scheme: he_normal)",
    "/0", "**-1", "**0.5", "transpose(", "logsumexp(", "nan", "pi",
  ]

  @Test(arguments: Samples.names) func mutatedSamplesNeverStopTheProgram(name: String) throws {
    var random = Generator(state: UInt64(name.utf8.count) &* 7919)
    let original = Array(try Samples.text(name).unicodeScalars)
    var accepted = 0
    for round in 0..<150 {
      var text = original
      for _ in 0..<(1 + round % 4) {
        let place = Int.random(in: 0..<text.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text.remove(at: place)
        case 1: text.removeSubrange(place..<min(text.count, place + Int.random(in: 1...12, using: &random)))
        case 2:
          let fragment = Self.fragments.randomElement(using: &random) ?? ""
          text.insert(contentsOf: Array(fragment.unicodeScalars), at: place)
        default: text[place] = original.randomElement(using: &random) ?? " "
        }
        if text.isEmpty { text = original }
      }
      var mutated = String.UnicodeScalarView()
      mutated.append(contentsOf: text)
      do {
        let program = try Samples.program(name, text: String(mutated))
        _ = program.graph()
        _ = program.graph(level: .tensor)
        accepted += 1
      } catch let list as DiagnosticList {
        #expect(!list.diagnostics.isEmpty)
        #expect(list.diagnostics.count <= DiagnosticList.limit)
        for diagnostic in list.diagnostics {
          #expect(diagnostic.line >= 1 && diagnostic.column >= 1 && diagnostic.length >= 1)
        }
        #expect(!list.rendered(file: name, color: true).isEmpty)
      }
    }
    #expect(accepted > 0)
  }

  @Test(arguments: ["(", "[", "-", "+", "sum(", "w[", "2**", "f(a=", ")", "]", "(]", "[(", "x = (\n"])
  func aMillionOfThemIsAnError(piece: String) async {
    await onSmallStack {
      let text = "loss L = " + String(repeating: piece, count: 1_000_000 / piece.utf8.count)
      #expect(!messages(text).isEmpty)
    }
  }

  @Test func aMillionOpeningBracketsAreOneError() {
    #expect(
      messages("x = " + String(repeating: "(", count: 1_000_000))
        == ["1:205: this is nested more than 200 levels deep; split it into named parts"])
  }

  @Test func twoHundredLevelsFitASmallStack() async {
    await onSmallStack {
      for (open, close) in [("(", ")"), ("-", ""), ("2**", ""), ("exp(-(", "))"), ("max(1, ", ")")] {
        let depth = open == "exp(-(" ? 66 : 199
        let text =
          "param w = 1\nx = " + String(repeating: open, count: depth) + "w"
          + String(repeating: close, count: depth)
        #expect(diagnostics(text.replacing("exp(-(w", with: "exp(-(w")).contains("nests") == false, "\(open)")
      }
    }
  }

  @Test func longSumsNeedNoDeepStack() async {
    await onSmallStack {
      let text = "param w = 1\nloss L = w" + String(repeating: " + w", count: 20_000)
      #expect((try? parse(text))?.graph(level: .tensor).nodes.count == 20_001)
    }
  }

  @Test func longLinesAreShownAroundThePlace() {
    let text =
      "x = 1" + String(repeating: " + 1", count: 50_000) + " + q" + String(repeating: " + 1", count: 50_000)
    let lines = diagnostics(text).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0] == "x.grad:1:200009: error: unknown name `q`")
    #expect(lines.allSatisfy { $0.count < 200 })
    #expect(lines[1].count > 100)
    let caret = lines[2].firstIndex(of: "^").map { lines[2].distance(from: lines[2].startIndex, to: $0) }
    #expect(caret.map { lines[1][lines[1].index(lines[1].startIndex, offsetBy: $0)] } == "q")
  }

  @Test func longListsAreReadInLinearTime() throws {
    let text = "input x = [" + String(repeating: "1.5, ", count: 100_000) + "]\nloss L = sum(x)"
    let recording = try parse(text).record()
    #expect(recording.loss?.data == 150_000)
  }

  @Test func quotesInsideQuotedFieldsAreKept() throws {
    let data = ["d.csv": "\u{FEFF}\"a \"\"b\"\"\",\"\"\"c\",\"\"\"\", x\r\n1,2,3,4\r5,6,7,8\n\n 9 ,\"1,0\",1,1"]
    #expect(
      messages("x = csv(\"d.csv\", columns: [yyyyyyyy])", data: data)
        == ["1:28: `d.csv` has no column `yyyyyyyy`; expected one of `a \"b\"`, `\"c`, `\"`, `x`"])
    #expect(
      messages("x = csv(\"d.csv\")", data: data) == [
        "1:9: `d.csv`: line 5: `1,0` in column `\"c` is not a number; `decimal: \",\"` reads it"
      ])
  }

  @Test func manyErrorsAreCounted() {
    let text = String(repeating: "x = $\n", count: 100_000)
    #expect(diagnostics(text).hasSuffix("\n… and 99980 more"))
  }

  @Test func sizesAreBounded() {
    #expect(
      messages("param w = zeros(10000, 10000)")
        == [
          "1:11: this would have 10000×10000 entries, more than 10000000"
        ])
    #expect(
      messages("param w = zeros(9223372036854775807, 9223372036854775807)").first
        == "1:17: a size is too large: 9.223372036854776e+18")
    #expect(
      messages("x = ones(4000, 1) * ones(1, 4000)")
        == [
          "1:5: this would have 4000×4000 entries, more than 10000000"
        ])
    #expect(
      messages(String(repeating: "a", count: 300) + " = 2") == ["1:1: a name has at most 256 bytes"])
    let large = String(repeating: " ", count: Limits().programBytes + 1)
    #expect(
      messages(large) == [
        "1:1: the file has 16777217 bytes, more than 16777216; move long lists of numbers to a file and read it with `csv`"
      ])
  }

  @Test func aScalarViewOfTooManyNumbersIsRefused() throws {
    let text = "param w = ones(1500, 1500)\nloss L = sum(w)"
    #expect(
      messages("level scalar\n" + text) == [
        "1:1: the program has more than 2000000 numbers and operations, too many for `level scalar`; "
          + "use `level tensor` to show arrays"
      ])
    #expect(try parse(text).graph(level: .scalar).level == .tensor)
  }
}
