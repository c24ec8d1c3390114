import Foundation
import GradvizTestSupport
import Testing

/// All files of a training run change together or not at all, and problems are known before it begins.
@Suite("Files of a training")
struct TrainFileTests {
  private static let program = "param w = 3\nparam b = 1\nloss L = (w * 2 + b - 1)**2\nrate 0.05\n"
  static let names = [
    "history.csv", "descent.svg", "parameters.svg", "landscape.svg", "update-0.svg",
  ]
  private static let compiler = Project.tool("cc") ?? Project.tool("clang")

  func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.program, to: "net.grad")
    return folder
  }

  static func arguments(steps: Int, to output: String = "out", save: String = "saved/p.json")
    -> [String]
  {
    [
      "train", "net.grad", "--steps", "\(steps)", "--figures", "0", "--quiet", "-o", output, "--save", save,
    ]
  }

  func train(
    _ folder: TemporaryFolder, _ arguments: [String], _ variables: [String: String] = [:]
  ) throws -> ProcessResult {
    var environment = ProcessInfo.processInfo.environment
    environment.merge(variables) { $1 }
    return try ProcessResult(Project.gradviz, arguments, in: folder.url, environment: environment)
  }

  /// The contents of a run's files; nil for missing ones.
  private func contents(_ folder: TemporaryFolder, _ output: String = "out") -> [Data?] {
    (Self.names.map { "\(output)/\($0)" } + ["saved/p.json"]).map { try? Data(contentsOf: folder.file($0)) }
  }

  private func leftovers(_ folder: TemporaryFolder) -> [String] {
    ["out", "saved"].flatMap { name in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder.file(name).path)) ?? [])
        .filter { $0.hasSuffix(".partial") }
    }
  }

  /// Restores the files of a previous run.
  private func restore(_ folder: TemporaryFolder) throws -> [Data?] {
    for name in ["out", "saved"] {
      try? FileManager.default.createDirectory(at: folder.file(name), withIntermediateDirectories: true)
    }
    for name in Self.names { _ = try folder.write("former \(name)", to: "out/\(name)") }
    _ = try folder.write("former", to: "saved/p.json")
    return contents(folder)
  }

  // MARK: Kills

  @Test func `a kill at any moment leaves the files of one run`() throws {
    let folder = try folder()
    let former = try restore(folder)
    let begin = Date()
    #expect(try train(folder, Self.arguments(steps: 300)).status == 0)
    let time = Date().timeIntervalSince(begin)
    let new = contents(folder)
    #expect(!new.contains(nil) && zip(former, new).allSatisfy { $0 != $1 })
    let count = Seeds.count(default: 14)
    var ended = 0
    for number in 0..<count {
      _ = try restore(folder)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Project.gradviz)
      process.arguments = Self.arguments(steps: 300)
      process.currentDirectoryURL = folder.url
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      usleep(UInt32(time * 1e6 * Double(number + 1) / Double(count)))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if process.terminationReason == .exit { ended += 1 }
      var present = contents(folder)
      if present != former, present != new {
        // Between two renames: the next run completes them.
        #expect(!leftovers(folder).isEmpty, "after \(number + 1) of \(count)")
        #expect(try train(folder, ["draw", "net.grad", "--stage", "loss", "-o", "saved/l.svg"]).status == 0)
        present = contents(folder)
      }
      #expect(present == former || present == new, "after \(number + 1) of \(count)")
    }
    #expect(ended < count)
    #expect(try train(folder, Self.arguments(steps: 300)).status == 0)
    #expect(contents(folder) == new && leftovers(folder).isEmpty)
  }

  #if os(Linux)
    /// A library that ends the process, or makes the system fail, at one of its renames.
    private func renames() throws -> (folder: TemporaryFolder, library: String) {
      let folder = try TemporaryFolder()
      let source = try folder.write(
        """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <signal.h>
        #include <stdlib.h>
        int renameat(int from, const char *old, int to, const char *new) {
          static int count;
          const char *killed = getenv("KILL_AT"), *failed = getenv("FAIL_AT");
          count++;
          if (killed && atoi(killed) == count) raise(SIGKILL);
          if (failed && atoi(failed) == count) { errno = EIO; return -1; }
          int (*own)(int, const char *, int, const char *) = dlsym(RTLD_NEXT, "renameat");
          return own(from, old, to, new);
        }

        """, to: "renames.c")
      let library = folder.file("renames.so").path
      let made = try ProcessResult(
        try #require(Self.compiler), ["-shared", "-fPIC", "-o", library, source, "-ldl"])
      try #require(made.status == 0, "\(made.errors)")
      return (folder, library)
    }

    @Test(.enabled(if: compiler != nil, "no C compiler"), arguments: 1...6)
    func `who is killed between two renamings is finished by the next run`(number: Int) throws {
      let folder = try folder()
      #expect(try train(folder, Self.arguments(steps: 9)).status == 0)
      let new = contents(folder)
      _ = try restore(folder)
      let library = try renames()
      let killed = try train(
        folder, Self.arguments(steps: 9), ["LD_PRELOAD": library.library, "KILL_AT": "\(number)"])
      #expect(killed.status == SIGKILL && !leftovers(folder).isEmpty)
      // A run in either folder, whatever it draws.
      let place = number % 2 == 0 ? "out/loss.svg" : "saved/loss.svg"
      #expect(try train(folder, ["draw", "net.grad", "--stage", "loss", "-o", place]).status == 0)
      #expect(contents(folder) == new)
      #expect(try train(folder, Self.arguments(steps: 9)).status == 0)
      #expect(leftovers(folder).isEmpty)
    }

    @Test(.enabled(if: compiler != nil, "no C compiler"), arguments: 1...6)
    func `a file that cannot be put in its place takes the others back`(number: Int) throws {
      let folder = try folder()
      let former = try restore(folder)
      let library = try renames()
      let failed = try train(
        folder, Self.arguments(steps: 9), ["LD_PRELOAD": library.library, "FAIL_AT": "\(number)"])
      #expect(
        failed.status == 1 && failed.errors.contains("error: the file cannot be written"), "\(failed.errors)")
      #expect(contents(folder) == former && leftovers(folder).isEmpty)
      // If there were no files, there are none.
      try FileManager.default.removeItem(at: folder.file("out"))
      try FileManager.default.removeItem(at: folder.file("saved"))
      let first = try train(
        folder, Self.arguments(steps: 9), ["LD_PRELOAD": library.library, "FAIL_AT": "\(number)"])
      #expect(first.status == 1 && contents(folder) == former.map { _ in nil } && leftovers(folder).isEmpty)
    }
  #endif

  // MARK: Disks

  @Test(.enabled(if: Mounts.areAllowed, "no file system can be mounted here"))
  func `a full disk leaves every former file, the saved parameters as well`() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(at: folder.file("out"), withIntermediateDirectories: true)
    let mounted = try ProcessResult(
      "/bin/sh", ["-c", "mount -t tmpfs -o size=128k none out"], in: folder.url)
    try #require(mounted.status == 0, "\(mounted.errors)")
    defer { _ = try? ProcessResult("/bin/sh", ["-c", "umount out"], in: folder.url) }
    let former = try restore(folder)
    // The landscape alone is larger than the disk.
    let result = try train(folder, Self.arguments(steps: 30))
    #expect(
      result.status == 1
        && result.errors.hasSuffix("error: the file cannot be written (No space left on device)\n"),
      "\(result.errors)")
    #expect(contents(folder) == former && leftovers(folder).isEmpty)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"))
  func `parameters that cannot be saved do not discard the plots`() throws {
    let folder = try folder()
    let result = try train(folder, Self.arguments(steps: 9, save: "/dev/full"))
    #expect(
      result.status == 1
        && result.errors == "/dev/full: error: the file cannot be written (No space left on device)\n",
      "\(result.errors)")
    for name in Self.names {
      #expect(FileManager.default.fileExists(atPath: folder.file("out/\(name)").path), "\(name)")
    }
  }
}
