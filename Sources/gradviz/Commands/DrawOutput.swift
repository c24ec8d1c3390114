import GradvizFigures
import GradvizKit
import GradvizSystem

/// A figure that is not yet in its place.
struct DrawnFile {
  var name: String
  var bytes: [UInt8]
  /// nil for a file beside the figures.
  var format: Format?
  var words = Words(.english)
  /// What it took, in seconds; the first one's layout is that of all.
  var seconds = 0.0

  /// Says on standard error where files were written: standard output is for figures.
  static func report(_ files: [DrawnFile], at paths: [String]) {
    for (path, file) in zip(paths, files) {
      let time = max(1, Int((file.seconds * 1000).rounded()))
      Terminal.note(file.words.wrote(Terminal.line(path), milliseconds: time))
    }
  }
}

/// Which programs are drawn, and where their figures go.
extension Draw {
  /// The stages of all `--stage`, each once; empty where there is none.
  var stages: [StageChoice] {
    stageLists.flatMap(\.choices).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  func run() throws {
    if watch {
      let jobs = try self.jobs()
      return ProgramWatch(files: jobs.map { ($0.file, $0.load.map { [$0] } ?? []) }).run { place, isFirst in
        let written = try jobs[place].drawAll()
        if isFirst, place == 0, show, let first = written.first { try Terminal.showFile(first) }
      }
    }
    let written = try drawAll()
    if show, let first = written.first { try Terminal.showFile(first) }
  }

  /// Draws every program, and returns the files that were written.
  ///
  /// One that cannot be drawn does not keep the others from being drawn.
  func drawAll() throws -> [String] {
    let jobs = try self.jobs()
    var (written, failures): ([String], Int) = ([], 0)
    for job in jobs {
      do { written += try job.drawOne() } catch let failure as Failure where failure.status == 1 && jobs.count > 1 {
        Terminal.note(failure.message)
        failures += 1
      }
    }
    guard failures == 0 else {
      throw Failure.input("gradviz: error: \(failures) of \(jobs.count) files could not be drawn")
    }
    return written
  }

  /// The same command for each program by itself.
  func jobs() throws -> [Draw] {
    if let output, output != "-" { try checkParent(output) }
    let programs = try files.flatMap { try self.programs(in: $0) }
    guard programs.count > 1 else {
      var only = self
      only.files = programs
      return [only]
    }
    guard output != "-" else {
      throw Failure.commandLine("standard output takes one figure, but there are \(programs.count) files")
    }
    if let output { try checkFolder(output, "\(programs.count) files", orChoose: "draw one of them") }
    return try programs.enumerated().map { place, program in
      let name = self.name(of: program)
      if let other = programs[..<place].first(where: { self.name(of: $0) == name }) {
        throw Failure.commandLine(
          "\(Terminal.line(other)) and \(Terminal.line(program)) would both be drawn into `\(Terminal.line(name))/`")
      }
      var job = self
      job.files = [program]
      job.output = FilePath.joined(output ?? "Output", name) + "/"
      return job
    }
  }

  /// A file, or the programs of a folder in the order of their names.
  private func programs(in path: String) throws -> [String] {
    guard path != "-", FilePath.isFolder(path) else { return [path] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let programs = names.filter { $0.hasSuffix(".grad") }.sorted(by: FilePath.precedes)
    guard !programs.isEmpty else {
      throw Failure.input("\(Terminal.line(path)): error: the folder has no programs (`.grad`)")
    }
    return programs.map { FilePath.joined(path, $0) }
  }

  private func name(of program: String) -> String { program == "-" ? "program" : FilePath.stem(program) }

  /// Draws one program, and returns the files that were written.
  private func drawOne() throws -> [String] {
    let text = try Files.read(file, limits: limitOptions.limits)
    if let path = `as` {
      var named = self
      named.files = [path]
      return try named.draw(text)
    }
    return try draw(text)
  }

  private func draw(_ text: String) throws -> [String] {
    if let plot = stages.first, plot.isPlot { return try write(plotted(plot, text)) }
    return try write(PhaseLine.shown { try draw(text, limitOptions.limits, $0) })
  }

  private func write(_ results: [DrawnFile]) throws -> [String] {
    let paths = try places(of: results)
    if paths == ["-"] {
      try Files.write(results[0].bytes, to: "-")
      return []
    }
    let files = zip(paths, results).map { ($0, $1.bytes) }
    if files.count == 1 { try Files.write(files[0].1, to: files[0].0) } else { try Files.write(files) }
    if !quiet { DrawnFile.report(results, at: paths) }
    return paths
  }

  private func places(of results: [DrawnFile]) throws -> [String] {
    let folder = "Output/\(name(of: file))"
    let isText = results.allSatisfy { $0.format?.isText ?? true }
    if output == "-" {
      guard results.count == 1 else {
        throw Failure.commandLine("standard output takes one figure; choose it with `--stage`")
      }
      guard isText || !Terminal.isOutput else {
        throw Failure.commandLine(
          "standard output is a terminal, which shows no \(results[0].format?.rawValue ?? "file"); name a file with `-o`"
        )
      }
      return ["-"]
    }
    guard let output else {
      // A page is for a browser: it goes to standard output only where that is a file, as with `> page.html`.
      let isPage = results.map(\.format) == [.html]
      if results.count == 1, isPage ? Terminal.isEmptyFile : isText || !Terminal.isOutput { return ["-"] }
      guard results.count == 1 || !Terminal.isEmptyFile else {
        throw Failure.commandLine(
          "standard output takes one figure, but there are \(results.count); choose one with `--stage`, or name a folder with `-o`"
        )
      }
      return results.map { joined(folder, $0.name) }
    }
    if results.count == 1, let only = results.first {
      let isFolder = output.hasSuffix("/") || FilePath.isFolder(output)
      return [isFolder ? joined(output, only.name) : output]
    }
    try checkFolder(output, "\(results.count) figures", orChoose: "choose one figure with `--stage`")
    return results.map { joined(output, $0.name) }
  }

  /// Refuses a place for several files that is a file, or the name of one.
  private func checkFolder(_ output: String, _ what: String, orChoose choice: String) throws {
    let shown = Terminal.line(output)
    if FileManager.default.fileExists(atPath: output), !FilePath.isFolder(output) {
      throw Failure.commandLine(
        "`-o \(shown)` is a file, but there are \(what); name a folder, or \(choice)")
    }
    if namesOneFile(output) {
      throw Failure.commandLine(
        "`-o \(shown)` names a file, but there are \(what); name a folder, as in `-o \(Terminal.line(FilePath.stem(output)))/`, or \(choice)"
      )
    }
  }

  /// Whether it has the name of a picture, and is not a folder.
  func namesOneFile(_ output: String) -> Bool {
    !output.hasSuffix("/") && !FilePath.isFolder(output)
      && Self.endings.contains(FilePath.ending(output).lowercased())
  }

  /// Endings of files that hold one picture.
  private static let endings = Set(
    Format.allCases.flatMap { [$0.rawValue, $0.ending] } + ["htm", "jpg", "jpeg"])

  /// Refuses folders that would be made below one that does not exist, as a misspelled path would.
  private func checkParent(_ output: String) throws {
    let isFile = !output.hasSuffix("/") && Self.endings.contains(FilePath.ending(output).lowercased())
    try FilePlaces.requireParent(ofFolder: isFile ? FilePath.folder(output) : output, option: "-o")
  }

  private func joined(_ folder: String, _ name: String) -> String { FilePath.joined(folder, name) }
}
