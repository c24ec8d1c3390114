import Foundation
import GradvizTestSupport
import Testing

/// Runs that are killed while they write.
extension FileTests {
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
