import ArgumentParser
import Autograd
import GradLanguage
import GradvizGraph
import GradvizKit
import GradvizSystem

/// Reads and writes files, with a one-line error message for every failure.
enum Files {
  /// Reads the text of a file, or of standard input for `-`.
  ///
  /// - Parameters:
  ///   - limits: a file with more bytes than both limits is refused before it is in memory.
  ///   - hint: what should be in it, or how it is made.
  static func read(
    _ path: String, limits: Limits = .init(),
    insteadOfEmpty hint: String? = nil
  ) throws -> String {
    let data = try bytes(path, most: max(limits.programBytes, limits.dataBytes))
    guard let text = String(bytes: data, encoding: .utf8) else {
      throw Failure.input("\(name(path)): error: this is not UTF-8 text\(place(ofFirstInvalid: data))")
    }
    guard text.utf8.contains(where: { $0 > 0x20 }), text.contains(where: { !$0.isWhitespace }) else {
      let usual =
        path.hasSuffix(".json")
        ? "a graph is an object with `version`, `level` and `nodes`"
        : "a program declares at least one value, as in `param a = 2`"
      throw Failure.input("\(name(path)): error: the file is empty; \(hint ?? usual)")
    }
    return text
  }

  /// A file as a message names it.
  private static func name(_ path: String) -> String { path == "-" ? "standard input" : Terminal.line(path) }

  /// Reads the bytes of a file.
  static func readBytes(_ path: String, limits: Limits = .init()) throws -> [UInt8] {
    try bytes(path, most: max(limits.programBytes, limits.dataBytes))
  }

  private static func bytes(_ path: String, most: Int) throws -> [UInt8] {
    var descriptor = STDIN_FILENO
    if path != "-" {
      var status = stat()
      guard stat(path, &status) == 0 else {
        let reason =
          errno == ENOENT
          ? "no such file" + (path.contains("\u{FFFD}") ? "; its name must be UTF-8" : "")
          : "the file cannot be read (\(String(cString: strerror(errno))))"
        throw Failure.input("\(Terminal.line(path)): error: \(reason)")
      }
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw Failure.input("\(Terminal.line(path)): error: this is a folder, not a file")
      }
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw Failure.input(
          "\(Terminal.line(path)): error: the file cannot be read (\(String(cString: strerror(errno))))")
      }
    }
    defer { if descriptor > STDIN_FILENO { close(descriptor) } }
    guard let result = Descriptor.bytes(descriptor, most: most) else {
      guard path != "-" || errno != EBADF else {
        throw Failure.input("standard input: error: standard input is closed")
      }
      throw Failure.input("\(name(path)): error: the file cannot be read (\(String(cString: strerror(errno))))")
    }
    guard result.count <= most else {
      throw Failure.input(
        "\(Terminal.line(path)): error: the file has more than \(most >> 20) MiB; `--max-size` raises the limit")
    }
    return result
  }

  /// The line of the first byte that is not valid UTF-8.
  private static func place(ofFirstInvalid data: [UInt8]) -> String {
    var decoder = UTF8()
    var bytes = data.makeIterator()
    var line = 1
    while true {
      switch decoder.decode(&bytes) {
      case .scalarValue("\n"): line += 1
      case .scalarValue: break
      case .emptyInput: return ""
      case .error: return " (line \(line))"
      }
    }
  }

  /// Replaces a file atomically.
  static func write(_ bytes: [UInt8], to path: String) throws { try write([(path, bytes)]) }

  /// Replaces several files, all or none, even if the disk is full or the process is killed.
  ///
  /// - Parameter folder: the folder of all of them, if it is held open.
  static func write(_ files: [(path: String, bytes: [UInt8])], in folder: OpenFolder? = nil) throws {
    if folder == nil, files.count == 1, let only = files.first, only.path != "-" {
      let file = try PendingFile(only.path)
      try file.write(only.bytes)
      return try file.commit()
    }
    let group = FileGroup(in: folder)
    for (path, bytes) in files {
      if path == "-" { try Terminal.write(bytes) } else { try group.add(bytes, to: path) }
    }
    try group.commit()
  }

  /// Replaces a file if its content has not changed since it was read.
  ///
  /// - Returns: false if the file has other content, or no longer exists.
  static func replace(_ path: String, with bytes: [UInt8], ifStill former: [UInt8]) throws -> Bool {
    let file = try PendingFile(path)
    try file.write(bytes)
    return try file.commit(ifStill: former)
  }
}

/// Where an option may put files.
enum FilePlaces {
  /// Refuses a folder that looks like a file, as in `-o sheet.svg`.
  ///
  /// - Parameter what: the command's work, as in `an exercise`.
  static func requireFolderName(_ output: String, of what: String) throws {
    if output.isEmpty { throw ValidationError("`-o` needs a path") }
    if output == "-" { throw ValidationError("\(what) is several files; name a folder with `-o`") }
    let ending = FilePath.ending(output).lowercased()
    // `run-0.1` may well be a folder.
    let isFile = Format(ending: ending) != nil || ending == "csv"
    guard isFile, !output.hasSuffix("/"), !FilePath.isFolder(output) else { return }
    throw ValidationError(
      "\(what) is several files, and `-o \(Terminal.line(output))` names one; name a folder, as in `-o \(Terminal.line(FilePath.stem(output)))/`"
    )
  }

  /// Refuses a folder that would be made below one that does not exist, as a misspelled path would.
  static func requireParent(ofFolder folder: String, option: String) throws {
    let folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    guard !folder.isEmpty, !FilePath.isFolder(folder) else { return }
    let (parent, meant) = (FilePath.folder(folder), FilePath.folder(URL(fileURLWithPath: folder).standardized.path))
    guard parent.isEmpty || meant.isEmpty || FilePath.isFolder(meant) else {
      let name = Terminal.line(parent)
      throw Failure.commandLine(
        FileManager.default.fileExists(atPath: meant)
          ? "`\(name)` is a file, not a folder; correct `\(option)`"
          : "folder `\(name)` does not exist; create it, or correct `\(option)`")
    }
  }
}
