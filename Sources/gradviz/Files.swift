import Foundation

/// Reading and writing of files, with one clear line for everything that can go wrong.
enum Files {
  /// The text of a file, or of standard input for `-`.
  static func read(_ path: String) throws -> String {
    let data = try readData(path)
    guard let text = String(data: data, encoding: .utf8) else {
      throw Failure.input("\(path): error: this is not UTF-8 text")
    }
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw Failure.input(
        "\(path): error: the file is empty; a program declares at least one value, as in `param a = 2`")
    }
    return text
  }

  /// The bytes of a file as they are.
  static func readBytes(_ path: String) throws -> [UInt8] { Array(try readData(path)) }

  /// The file that a path leads to: where it is a link, the link stays and what it names is replaced.
  static func target(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

  private static func readData(_ path: String) throws -> Data {
    let data: Data
    if path == "-" {
      data = FileHandle.standardInput.readDataToEndOfFile()
    } else {
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
        throw Failure.input("\(path): error: there is no such file")
      }
      guard !isDirectory.boolValue else {
        throw Failure.input("\(path): error: this is a folder, not a file")
      }
      guard let content = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
        throw Failure.input("\(path): error: the file cannot be read")
      }
      data = content
    }
    return data
  }

  /// Replaces a file as a whole, or leaves it as it was.
  static func write(_ bytes: [UInt8], to path: String) throws {
    if path == "-" {
      do {
        try FileHandle.standardOutput.write(contentsOf: Data(bytes))
      } catch {
        throw Failure.input("gradviz: error: standard output was closed")
      }
      return
    }
    let url = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      // A new file takes the place of the old one; who may read it stays as it was.
      let mode = (try? FileManager.default.attributesOfItem(atPath: url.path))?[.posixPermissions]
      try Data(bytes).write(to: url, options: .atomic)
      if let mode { try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path) }
    } catch {
      throw Failure.input("\(path): error: the file cannot be written (\(reason(error)))")
    }
  }

  private static func reason(_ error: any Error) -> String {
    let inner = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    if let inner, inner.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(inner.code))) }
    if (error as NSError).domain == NSPOSIXErrorDomain {
      return String(cString: strerror(Int32((error as NSError).code)))
    }
    return "the system does not allow it"
  }

  static func isFolder(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
  }
}
