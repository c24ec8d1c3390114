import Foundation
import GradvizTestSupport
import Testing

/// The built program rejects input that is too large: status 1, a message with the limit and its flag,
/// bounded memory.
@Suite("Limits")
struct LimitTests {
  /// In KiB: the address space of a process.
  ///
  /// Graphviz' thread alone maps half a gigabyte, which costs nothing.
  private static let memory = 4 << 20

  func gradviz(_ arguments: [String], in folder: TemporaryFolder, memory: Int = memory) throws
    -> ProcessResult
  {
    let words = arguments.map { "'\($0)'" }.joined(separator: " ")
    return try ProcessResult(
      "/bin/sh", ["-c", "ulimit -v \(memory) && exec '\(Project.gradviz)' \(words)"], in: folder.url)
  }

  /// A rejection: one message that contains the sentence, no output, and at most a screen of text.
  private func expectRefusal(
    _ arguments: [String], _ sentence: String, in folder: TemporaryFolder, memory: Int = memory
  ) throws {
    let result = try gradviz(arguments, in: folder, memory: memory)
    #expect(result.status == 1, "\(arguments): \(result.status) \(result.errors.prefix(300))")
    #expect(result.errors.contains(sentence), "\(arguments): \(result.errors.prefix(300))")
    #expect(result.errors.utf8.count < 4000 && result.output.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder.file("out").path))
  }

  func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  /// Programs that nest too deep or have too many names, each with what is said of it.
  private var deepPrograms: [(text: String, sentence: String)] {
    let deep = "this is nested more than 200 levels deep; split it into named parts; `--max-nesting` raises the limit"
    let many = "the program has more than 2000000 names, numbers and operations"
    return [
      ("loss L = " + times("(", 1_000_000), deep), ("loss L = " + times("[", 1_000_000), deep),
      ("loss L = " + times("-", 1_000_000) + "1\n", deep),
      ("param w = 1\nloss L = w" + times("**w", 300_000) + "\n", deep),
      ("x = " + times("exp(", 250_000), deep),
      (
        (0..<300).map { "def f\($0)(x) = " + ($0 == 0 ? "x" : "f\($0 - 1)(x)") + " + 1\n" }.joined(),
        "functions call each other more than 200 levels deep; `--max-nesting` raises the limit"
      ),
      (
        (0..<40).map { "def f\($0)(x) = " + ($0 == 0 ? "x + x" : "f\($0 - 1)(x) + f\($0 - 1)(x)") + "\n" }
          .joined(),
        "the program has more than 2000000 names and operations after its functions are expanded; `--max-values` raises the limit"
      ),
      (
        "def f(" + (0..<500_000).map { "p\($0)" }.joined(separator: ",") + ") = 1\n",
        "a function can have at most 100 parameters"
      ),
      ("param w = 1\nloss L = w" + times(" + w", 1_500_000) + "\n", many),
    ]
  }

  /// Programs whose text, arrays or work are too large.
  private var largePrograms: [(text: String, sentence: String)] {
    [
      (
        "loss L = " + times("1+", 50_000_000) + "1\n",
        "the file has 100000011 bytes, more than 16777216; move long lists of numbers to a file and read it with `csv`; `--max-size` raises the limit"
      ),
      (
        "param w = random(100000, 100000, seed: 1)\nloss L = sum(w)\n",
        "this would have 100000×100000 entries, more than 10000000; `--max-entries` raises the limit"
      ),
      (
        "param w = random(5000000000, 5000000000, seed: 1)\n",
        "entries, more than 10000000; `--max-entries` raises the limit"
      ),
      (
        "param a = zeros(4000000)\nparam b = zeros(4000000)\nparam c = zeros(4000000)\n",
        "this brings the program's values to more than 10000000 entries in total; `--max-entries` raises the limit"
      ),
      (
        "input x = ones(3000, 1)\nparam w = ones(1, 3000)\ny = x @ w\nz = y + 1\n",
        "more than 10000000 entries in total"
      ),
      (
        "input x = ones(3000000)\ntarget y = ones(3000000)\nparam w = 1\nloss L = mse(x * w, y)\n",
        "more than 10000000 entries in total"
      ),
      (
        "input x = ones(1000, 4)\nlayer h = dense(x, 4000)\nlayer k = dense(h, 4000)\n",
        "entries in total; `--max-entries` raises the limit"
      ),
      (
        "input a = ones(50, 90000)\nparam b = ones(90000, 50)\n"
          + (0..<60).map { "c\($0) = a @ b\n" }.joined(),
        "a forward pass takes more than 10000000000 operations; `--max-operations` raises the limit"
      ),
      (
        "level scalar\nparam w = ones(1500, 1500)\nloss L = sum(w)\n",
        "the program has more than 2000000 numbers and operations, too many for `level scalar`; use `level tensor` to show arrays; `--max-values` raises the limit"
      ),
      (
        "param w = 1\nloss L = w * w\nsteps 1000001\n",
        "the number of steps must be a whole number from 1 to 1000000; `--max-steps` raises the limit"
      ),
    ]
  }

  @Test func `a program that is too long, too deep or too large, each with its flag`() throws {
    let folder = try TemporaryFolder()
    for (text, sentence) in deepPrograms + largePrograms {
      try expectRefusal(["draw", folder.write(text, to: "x.grad"), "-o", "out/"], sentence, in: folder)
    }
  }

  @Test func `a million statements`() throws {
    let folder = try TemporaryFolder()
    try expectRefusal(
      [
        "draw",
        folder.write("param a0 = 1\n" + (0..<1_000_000).map { "b\($0)=a0+1\n" }.joined(), to: "x.grad"), "-o",
        "out/",
      ],
      "the program has more than 2000000 names, numbers and operations; move long lists of numbers to a file and read it with `csv`; `--max-values` raises the limit",
      in: folder)
    try expectRefusal(
      ["draw", folder.write(times("x = 1\n", 200_000), to: "y.grad"), "-o", "out/"], "… and 199979 more",
      in: folder)
  }

  @Test func `a graph that is too long, too deep or too large`() throws {
    let folder = try TemporaryFolder()
    let head = "{\"version\":1,\"level\":\"tensor\",\"nodes\":["
    for (text, sentence) in [
      (head + times("[", 1_000_000), "the file nests more than 32 levels deep"),
      (times("{\"a\":", 1_000_000), "the file nests more than 32 levels deep"),
      (
        head + times("{},", 2_100_000) + "{}]}",
        "the file has more than 2000000 values; `--max-values` raises the limit"
      ),
      (
        head + "{\"id\":\"a\",\"value\":[" + times("1,", 10_100_000) + "1]}]}",
        "the file has more than 10000000 entries; `--max-entries` raises the limit"
      ),
      (
        head + "{\"id\":\"a\",\"shape\":[4611686018427387904,4],\"value\":[1]}]}",
        "nodes[0].shape: expected the sizes of at most 8 axes"
      ),
      (
        head + "{\"id\":\"a\",\"shape\":[9000000000000000000],\"value\":[1]}]}",
        "nodes[0].value: expected 9000000000000000000 numbers, found 1"
      ),
      (
        "{\"version\":1,\"level\":\"scalar\",\"laneCount\":9000000000,\"nodes\":[{\"id\":\"a\",\"value\":[1]}]}",
        "laneCount: expected a whole number from 0 to 1000000"
      ),
    ] {
      try expectRefusal(["draw", folder.write(text, to: "x.json"), "-o", "out/"], sentence, in: folder)
    }
  }

  @Test func `data that is too long or too wide`() throws {
    let folder = try TemporaryFolder()
    // Sparse files, which take no space on disk.
    for (name, size) in [("huge.csv", 10 << 30), ("huge.grad", 10 << 30)] {
      #expect(FileManager.default.createFile(atPath: folder.file(name).path, contents: nil))
      try FileHandle(forWritingTo: folder.file(name)).truncate(atOffset: UInt64(size))
    }
    _ = try folder.write(times("c,", 200_000) + "c\n", to: "wide.csv")
    _ = try folder.write("a\n" + times("1\n", 10_100_000), to: "long.csv")
    _ = try folder.write("a,b\n" + times("1,2\n", 100), to: "small.csv")
    for (text, sentence) in [
      (
        "input x = csv(\"huge.csv\")\n",
        "`huge.csv` cannot be read: it is larger than 256 MiB; `--max-size` raises the limit"
      ),
      ("input x = csv(\"wide.csv\")\n", "`wide.csv`: line 1 has more than 100000 fields"),
      (
        "input x = csv(\"long.csv\")\n",
        "`long.csv`: the file has more than 10000000 rows; `--max-entries` raises the limit"
      ),
    ] {
      try expectRefusal(["draw", folder.write(text, to: "x.grad"), "-o", "out/"], sentence, in: folder)
    }
    try expectRefusal(
      ["draw", "huge.grad", "-o", "out/"],
      "huge.grad: error: the file has more than 256 MiB; `--max-size` raises the limit", in: folder)
    try expectRefusal(
      [
        "draw", folder.write("input x = csv(\"small.csv\")\n", to: "x.grad"), "--max-entries", "150", "-o",
        "out/",
      ],
      "this would have 100×2 entries, more than 150; `--max-entries` raises the limit", in: folder)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/zero"), "there is no /dev/zero here"))
  func `input that never ends`() throws {
    let folder = try TemporaryFolder()
    for arguments in [
      ["draw", "/dev/zero", "--max-size", "8"], ["check", "/dev/zero", "--max-size", "8"],
      ["train", "/dev/zero", "--max-size", "8"],
    ] {
      try expectRefusal(
        arguments, "/dev/zero: error: the file has more than 8 MiB; `--max-size` raises the limit", in: folder
      )
    }
    try expectRefusal(
      ["draw", folder.write("input x = csv(\"/dev/zero\")\n", to: "x.grad"), "--allow-data-outside"],
      "`/dev/zero` cannot be read: it is not a file", in: folder)
  }

  @Test func `a gradient check that would take days`() throws {
    let folder = try TemporaryFolder()
    let program = "input x = ones(100, 100)\nparam w = random(100, 100, seed: 2)\nloss L = sum(x @ w)\n"
    try expectRefusal(
      ["check", folder.write(program, to: "x.grad")],
      "checking takes 20000 forward passes, more than 10000000000 operations in all; `--max-operations` raises the limit",
      in: folder)
  }
}
