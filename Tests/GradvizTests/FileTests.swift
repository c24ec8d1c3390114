import Foundation
import GradvizKit
import GradvizTestSupport
import Testing

/// Files are replaced atomically, and failures are reported.
@Suite("Files")
struct FileTests {
  private static let program = "param a = 3\nloss L = a * a\nrate 0.1\n"

  /// A folder with the program.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.program, to: "net.grad")
    return folder
  }

  private func draw(_ arguments: String..., in folder: TemporaryFolder) throws -> ProcessResult {
    try ProcessResult(Project.gradviz, ["draw", "net.grad", "--stage", "loss"] + arguments, in: folder.url)
  }

  /// A line of the shell, with the program as `$G`.
  private func shell(_ line: String, in folder: TemporaryFolder, environment: [String: String]? = nil) throws
    -> ProcessResult
  {
    var all = environment ?? ProcessInfo.processInfo.environment
    all["G"] = Project.gradviz
    if let library = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] {
      all["LD_LIBRARY_PATH"] = library
    }
    return try ProcessResult("/bin/sh", ["-c", line], in: folder.url, environment: all)
  }

  private func names(_ folder: TemporaryFolder, _ path: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.file(path).path).sorted()
  }

  private func permissions(_ folder: TemporaryFolder, _ name: String) throws -> Int? {
    (try FileManager.default.attributesOfItem(atPath: folder.file(name).path)[.posixPermissions] as? NSNumber)?
      .intValue
  }

  private func isFigure(_ folder: TemporaryFolder, _ name: String) throws -> Bool {
    try String(contentsOf: folder.file(name), encoding: .utf8).hasSuffix("</svg>\n")
  }

  // MARK: What was there before

  @Test func `a link is written through, to the file it leads to or would lead to`() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(at: folder.file("real"), withIntermediateDirectories: true)
    _ = try folder.write("former", to: "real/figure.svg")
    for (link, target) in [
      ("first.svg", "second.svg"), ("second.svg", "real/figure.svg"), ("dangling.svg", "made/new.svg"),
    ] {
      try FileManager.default.createSymbolicLink(atPath: folder.file(link).path, withDestinationPath: target)
    }
    for link in ["first.svg", "dangling.svg"] {
      #expect(try draw("-o", link, in: folder).status == 0)
    }
    for link in ["first.svg", "second.svg", "dangling.svg"] {
      #expect(
        (try? FileManager.default.destinationOfSymbolicLink(atPath: folder.file(link).path)) != nil, "\(link)"
      )
    }
    #expect(try isFigure(folder, "real/figure.svg") && isFigure(folder, "made/new.svg"))
    #expect(try names(folder, "real") == ["figure.svg"])
  }

  @Test func `a file keeps its permissions, a new one has what the umask leaves`() throws {
    let folder = try folder()
    _ = try folder.write("former", to: "old.svg")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o640], ofItemAtPath: folder.file("old.svg").path)
    #expect(
      try shell(
        "umask 0; $G draw net.grad --stage loss -o old.svg && umask 0; $G draw net.grad --stage loss -o open.svg",
        in: folder
      ).status == 0)
    #expect(
      try shell(
        "umask 077; $G draw net.grad --stage loss -o closed.svg; umask 0777; $G draw net.grad --stage loss -o none.svg",
        in: folder
      ).status == 0)
    #expect(try permissions(folder, "old.svg") == 0o640)
    #expect(try permissions(folder, "open.svg") == 0o666)
    #expect(try permissions(folder, "closed.svg") == 0o600)
    #expect(try permissions(folder, "none.svg") == 0)
  }

  @Test func `devices are written into, not replaced`() throws {
    let folder = try folder()
    #expect(try draw("-o", "/dev/null", in: folder).status == 0)
    #expect(
      (try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType)
        == .typeCharacterSpecial)
    let result = try draw("-o", "/dev/stdout", in: folder)
    #expect(result.status == 0)
    #expect(
      result.text.hasSuffix("</svg>\n") || FileManager.default.fileExists(atPath: "/proc/self/fd") == false)
  }

  // MARK: What stands against it

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"))
  func `a full disk is said, on standard output and in a file`() throws {
    let folder = try folder()
    for (line, message) in [
      (
        "$G draw net.grad --stage loss > /dev/full",
        "gradviz: error: standard output cannot be written (No space left on device)\n"
      ),
      (
        "$G check net.grad > /dev/full",
        "gradviz: error: standard output cannot be written (No space left on device)\n"
      ),
      (
        "$G draw net.grad --stage loss -o /dev/full",
        "/dev/full: error: the file cannot be written (No space left on device)\n"
      ),
      ("$G --help > /dev/full", ""),
    ] {
      let result = try shell(line, in: folder)
      #expect(result.status == 1 && result.errors == message, "\(line): \(result.errors)")
    }
  }

  @Test func `a disk that fills up leaves every former figure and nothing else`() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(at: folder.file("disk"), withIntermediateDirectories: true)
    let mounted = try shell("mount -t tmpfs -o size=16k none disk", in: folder)
    guard mounted.status == 0 else {
      print("skipped: no file system can be mounted here")
      return
    }
    defer { _ = try? shell("umount disk", in: folder) }
    for name in ["forward", "loss", "backward"] {
      _ = try folder.write("former \(name)", to: "disk/\(name).svg")
    }
    let result = try ProcessResult(Project.gradviz, ["draw", "net.grad", "-o", "disk/"], in: folder.url)
    #expect(result.status == 1)
    #expect(
      result.errors.hasSuffix("error: the file cannot be written (No space left on device)\n"),
      "\(result.errors)")
    #expect(try names(folder, "disk") == ["backward.svg", "forward.svg", "loss.svg"])
    for name in ["forward", "loss", "backward"] {
      #expect(try String(contentsOf: folder.file("disk/\(name).svg"), encoding: .utf8) == "former \(name)")
    }
    let trained = try ProcessResult(
      Project.gradviz, ["train", "net.grad", "--steps", "2000", "--quiet", "-o", "disk"], in: folder.url)
    #expect(
      trained.status == 1
        && trained.errors
          == "disk/history.csv: error: the file cannot be written (No space left on device)\n",
      "\(trained.errors)")
    #expect(try names(folder, "disk").count == 3)
  }

  @Test func `a folder that takes no files is said`() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(at: folder.file("locked"), withIntermediateDirectories: true)
    _ = try folder.write("former", to: "locked/loss.svg")
    // Root can write regardless of a mode; a read-only mount applies to every user.
    let isRoot = geteuid() == 0
    let locked = try shell(
      isRoot ? "mount --bind locked locked && mount -o remount,ro,bind locked" : "chmod 500 locked",
      in: folder)
    guard locked.status == 0 else {
      print("skipped: no folder can be made read-only here")
      return
    }
    defer { _ = try? shell(isRoot ? "umount locked" : "chmod 700 locked", in: folder) }
    for path in ["locked/new.svg", "locked/below/new.svg", "locked/loss.svg"] {
      let result = try draw("-o", path, in: folder)
      #expect(result.status == 1)
      #expect(
        result.errors.hasPrefix("\(path): error: the file cannot be written (")
          && result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }
    #expect(try String(contentsOf: folder.file("locked/loss.svg"), encoding: .utf8) == "former")
  }

  @Test func `a place that cannot be is said`() throws {
    let folder = try folder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("a.svg").path, withDestinationPath: "b.svg")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("b.svg").path, withDestinationPath: "a.svg")
    try FileManager.default.createDirectory(at: folder.file("folder.svg"), withIntermediateDirectories: true)
    let long = String(repeating: "x", count: 300) + ".svg"
    for (path, reason) in [
      ("net.grad/x.svg", "Not a directory"), ("a.svg", "Too many levels of symbolic links"),
      (long, "File name too long"),
    ] {
      let result = try draw("-o", path, in: folder)
      #expect(
        result.status == 1 && result.errors == "\(path): error: the file cannot be written (\(reason))\n",
        "\(result.errors)")
    }
    let train = try ProcessResult(
      Project.gradviz, ["train", "net.grad", "--steps", "2", "--quiet", "-o", "net.grad"], in: folder.url)
    #expect(
      train.status == 1
        && train.errors == "net.grad/history.csv: error: the file cannot be written (Not a directory)\n",
      "\(train.errors)")
    #expect(try String(contentsOf: folder.file("net.grad"), encoding: .utf8) == Self.program)
  }

  @Test func `more files than a process may have open`() throws {
    let folder = try folder()
    let steps = (1...60).map { "b\($0) = tanh(\($0 == 1 ? "a" : "b\($0 - 1)"))\n" }.joined()
    _ = try folder.write("param a = 1\n\(steps)loss L = b60 * 2\nrate 0.1\n", to: "chain.grad")
    let result = try shell(
      "ulimit -n 32; $G draw chain.grad --level scalar --stage backward --steps -T dot --no-positions -o frames/",
      in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try names(folder, "frames").count == 63)
  }

  @Test func `a file that cannot be read is said`() throws {
    let folder = try folder()
    // Root reads files regardless of their mode; a socket cannot be opened.
    let python = "import socket; socket.socket(socket.AF_UNIX).bind('socket.grad')"
    var places: [(String, String)] = [("net.grad/x.grad", "Not a directory"), ("circle.grad", "Too many levels")]
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("circle.grad").path, withDestinationPath: "circle.grad")
    if let path = Project.tool("python3") {
      #expect(try ProcessResult(path, ["-c", python], in: folder.url).status == 0)
      places.append(("socket.grad", "No such device or address"))
    }
    if geteuid() != 0 {
      _ = try folder.write(Self.program, to: "closed.grad")
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: folder.file("closed.grad").path)
      places.append(("closed.grad", "Permission denied"))
    }
    for (place, reason) in places {
      for command in [["draw", place], ["check", place], ["train", place], ["train", "net.grad", "--load", place]] {
        let result = try ProcessResult(Project.gradviz, command, in: folder.url)
        #expect(
          result.status == 1 && result.errors.hasPrefix("\(place): error: the file cannot be read (\(reason)"),
          "\(command): \(result.errors)")
      }
    }
  }

  @Test func `a stream that is closed is said, and no file takes its place`() throws {
    let folder = try folder()
    for (line, status, message) in [
      ("$G draw net.grad --stage loss >&-", 1, "gradviz: error: standard output was closed\n"),
      ("$G check net.grad >&-", 1, "gradviz: error: standard output was closed\n"),
      (
        "$G draw - --stage loss <&-", 1,
        "standard input: error: standard input is closed\n"
      ),
      // Messages cannot be printed, but the files are complete.
      ("$G train net.grad --steps 30 -o trained >&-", 1, "gradviz: error: standard output was closed\n"),
      ("$G draw net.grad -q -o drawn/ >&- <&-", 0, ""), ("$G draw net.grad -o silent/ 2>&-", 0, ""),
      ("$G draw missing.grad 2>&-", 1, ""),
    ] {
      let result = try shell(line, in: folder)
      #expect(
        result.status == status && result.errors == message, "\(line): \(result.status) \(result.errors)")
      #expect(result.output.isEmpty)
    }
    let history = try String(contentsOf: folder.file("trained/history.csv"), encoding: .utf8)
    #expect(history.hasPrefix("step,loss,rate\n0,9,0.1\n") && history.split(separator: "\n").count == 32)
    #expect(
      try isFigure(folder, "trained/descent.svg") && isFigure(folder, "drawn/overview.svg")
        && isFigure(folder, "silent/loss.svg"))
  }

  @Test func `a closed pipe ends the program silently`() throws {
    let folder = try folder()
    // More than a pipe holds, so that the writer is still busy when the reader closes it.
    let many = (1...900).map { "b\($0) = a * \($0)" }.joined(separator: "\n")
    _ = try folder.write("param a = 3\n\(many)\nloss L = a * a\n", to: "many.grad")
    for line in [
      "$G draw many.grad --collapse none --stage forward", "$G draw many.grad -T json",
      "$G draw many.grad --collapse none --stage forward -T dot",
    ] {
      let result = try shell("{ \(line); echo $? > status; } | head -c 10", in: folder)
      #expect(result.output.count == 10)
      #expect(try String(contentsOf: folder.file("status"), encoding: .utf8) == "1\n")
      #expect(!result.errors.contains("error"), "\(result.errors)")
    }
  }

  // MARK: Surroundings

  @Test func `paths with spaces, quotes and line ends`() throws {
    let folder = try folder()
    for name in ["a b", "line\nend", "quote'\"", "-dash", "ŷ 損失", "%s$(id)`id`", "*"] {
      let path = "./\(name)/\(name).grad"
      try FileManager.default.createDirectory(at: folder.file(name), withIntermediateDirectories: true)
      _ = try folder.write(Self.program, to: "\(name)/\(name).grad")
      let one = try ProcessResult(
        Project.gradviz, ["draw", "-q", path, "--stage", "loss", "-o", "./\(name)/\(name).svg"], in: folder.url)
      #expect(one.status == 0 && one.errors.isEmpty, "\(one.errors)")
      #expect(try isFigure(folder, "\(name)/\(name).svg"))
      let several = try ProcessResult(
        Project.gradviz, ["draw", path, "-o", "./\(name)-figures/"], in: folder.url)
      #expect(several.status == 0, "\(several.errors)")
      #expect(try isFigure(folder, "\(name)-figures/overview.svg"))
      let missing = try ProcessResult(Project.gradviz, ["draw", "./\(name)/missing.grad"], in: folder.url)
      #expect(
        missing.status == 1
          && missing.errors
            == "./\(name.replacing("\n", with: "\u{FFFD}"))/missing.grad: error: no such file\n"
      )
    }
  }

  @Test func `no home, no variables at all`() throws {
    let folder = try folder()
    let result = try shell(
      "exec env -i LD_LIBRARY_PATH=\"$LD_LIBRARY_PATH\" \"$G\" draw net.grad --stage loss", in: folder)
    #expect(
      result.status == 0 && result.errors.isEmpty && result.text.hasSuffix("</svg>\n"), "\(result.errors)")
  }

  // MARK: Killed

  @Test func `what a killed run left is removed by the next one, what a running one has is not`() throws {
    let folder = try folder()
    _ = try folder.write("half", to: ".gradviz-leftover.partial")
    _ = try folder.write("mine", to: ".gradviz-notes.txt")
    let held = folder.file(".gradviz-held.partial").path
    let descriptor = open(held, O_RDWR | O_CREAT, 0o600)
    try #require(descriptor >= 0 && flock(descriptor, LOCK_EX) == 0)
    #expect(try draw("-o", "loss.svg", in: folder).status == 0)
    #expect(try names(folder) == [".gradviz-held.partial", ".gradviz-notes.txt", "loss.svg", "net.grad"])
    close(descriptor)
    #expect(try draw("-o", "loss.svg", in: folder).status == 0)
    #expect(try names(folder) == [".gradviz-notes.txt", "loss.svg", "net.grad"])
  }

  /// The number of killed drawings: few by default, `KILLED_DRAWINGS=1000` for as many as promised.
  private static let rounds = ProcessInfo.processInfo.environment["KILLED_DRAWINGS"].flatMap { Int($0) } ?? 40

  @Test func `kill -9 at any moment leaves the old figure or the new one, whole`() throws {
    let folder = try folder()
    let versions = try ["one", "two"].map { word -> (path: String, figures: [String: Data]) in
      let path = try folder.write("title \"\(word)\"\n" + Self.program, to: "\(word).grad")
      #expect(
        try ProcessResult(Project.gradviz, ["draw", path, "-o", folder.file(word).path + "/"]).status == 0)
      let files = try names(folder, word)
      return (
        path,
        try Dictionary(
          uniqueKeysWithValues: files.map { ($0, try Data(contentsOf: folder.file("\(word)/\($0)"))) })
      )
    }
    #expect(versions.allSatisfy { $0.figures.count == 5 })
    #expect(
      try ProcessResult(Project.gradviz, ["draw", versions[0].path, "-o", folder.file("out").path + "/"])
        .status == 0)
    // The duration of a whole drawing, within which the moments lie.
    let begin = Date()
    #expect(
      try ProcessResult(Project.gradviz, ["draw", versions[1].path, "-o", folder.file("time").path + "/"])
        .status == 0)
    let whole = Date().timeIntervalSince(begin)
    var (killed, ended) = (0, 0)
    for round in 0..<Self.rounds {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Project.gradviz)
      process.arguments = ["draw", versions[(round + 1) % 2].path, "-o", folder.file("out").path + "/"]
      process.standardError = FileHandle.nullDevice
      try process.run()
      // Evenly distributed, in an order that does not correlate with the two versions.
      usleep(UInt32(whole * 1.1e6 * Double((round * 377) % Self.rounds) / Double(Self.rounds)))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if process.terminationReason == .uncaughtSignal { killed += 1 } else { ended += 1 }
      for (name, old) in versions[0].figures {
        let now = try Data(contentsOf: folder.file("out/\(name)"))
        #expect(now == old || now == versions[1].figures[name], "round \(round), \(name): \(now.count) bytes")
      }
      // At most the leftovers of this run: the previous run removed earlier ones, unless it was killed before
      // that.
      #expect(try names(folder, "out").filter { $0.hasSuffix(".svg") }.count == 5)
    }
    print("\(Self.rounds) drawings: \(killed) killed, \(ended) done before")
    #expect(killed > 0)
    #expect(
      try ProcessResult(Project.gradviz, ["draw", versions[0].path, "-o", folder.file("out").path + "/"])
        .status == 0)
    #expect(try names(folder, "out") == versions[0].figures.keys.sorted())
  }
}
