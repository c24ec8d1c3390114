import Foundation
import GradvizTestSupport
import Testing

/// What stands against reading and writing: full disks, locked folders, places that cannot be, closed streams.
extension FileTests {
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

  @Test(.enabled(if: Mounts.areAllowed, "no file system can be mounted here"))
  func `a disk that fills up leaves every former figure and nothing else`() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(at: folder.file("disk"), withIntermediateDirectories: true)
    let mounted = try shell("mount -t tmpfs -o size=16k none disk", in: folder)
    try #require(mounted.status == 0, "\(mounted.errors)")
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

  @Test(.enabled(if: geteuid() != 0 || Mounts.areAllowed, "no folder can be made read-only here"))
  func `a folder that takes no files is said`() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(at: folder.file("locked"), withIntermediateDirectories: true)
    _ = try folder.write("former", to: "locked/loss.svg")
    // Root can write regardless of a mode; a read-only mount applies to every user.
    let isRoot = geteuid() == 0
    let locked = try shell(
      isRoot ? "mount --bind locked locked && mount -o remount,ro,bind locked" : "chmod 500 locked",
      in: folder)
    try #require(locked.status == 0, "\(locked.errors)")
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
}
