import GradvizGraph
import GradvizSystem

/// The folder of a `.grad` file, to which its data files are confined.
public struct DataFolder: Sendable {
  private let file: String
  private let folder: URL
  /// The folder that bounds what may be read; nil for the folder itself.
  private let rootPath: String?
  private var root: URL { rootPath.map { URL(fileURLWithPath: $0, isDirectory: true) } ?? folder }
  private let allowsOutside: Bool
  private let limits: Limits

  /// The folder of a `.grad` file, from which its data is read.
  ///
  /// - Parameters:
  ///   - path: the path of the `.grad` file.
  ///   - allowsOutside: whether files outside the folder may be read, as the user requested.
  ///   - limits: how large a file may be.
  public init(besideFile path: String, allowsOutside: Bool = false, limits: Limits = .init()) {
    self.allowsOutside = allowsOutside
    self.limits = limits
    file = path
    folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    rootPath = nil
  }

  /// The folder of a file, such as a page, from which all of `root` may be read.
  public init(besideFile path: String, within root: String, limits: Limits = .init()) {
    allowsOutside = false
    self.limits = limits
    file = path
    folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    rootPath = root.isEmpty ? "." : root
  }

  /// A short reason why a data file was not read.
  public struct Failure: Error, CustomStringConvertible, Sendable {
    /// The reason, such as “no such file”.
    public let description: String
  }

  /// Resolves the path of a readable file, following its links.
  ///
  /// - Throws: ``Failure`` if the file is outside.
  public func path(_ relativePath: String) throws(Failure) -> String {
    let root = root.resolvingSymlinksInPath().standardizedFileURL.path
    let file = URL(fileURLWithPath: relativePath, relativeTo: folder).resolvingSymlinksInPath()
      .standardizedFileURL
    // Compared by bytes: two folders can have names that look alike.
    guard allowsOutside || file.path.utf8.starts(with: (root.hasSuffix("/") ? root : root + "/").utf8) else {
      throw Failure(description: "it is outside the program's folder")
    }
    return file.path
  }

  /// Reads a text file in the folder or below it.
  ///
  /// Links that lead outside are not followed, and the file read is the file found, even if paths are renamed in the
  /// meantime.
  ///
  /// - Throws: ``Failure``.
  public func read(_ relativePath: String) throws(Failure) -> String {
    guard let text = String(validating: try bytes(relativePath), as: UTF8.self) else {
      throw Failure(description: "it is not UTF-8 text")
    }
    return text
  }

  /// Reads a file in the folder or below it; see ``read(_:)``.
  ///
  /// - Throws: ``Failure``.
  public func bytes(_ relativePath: String) throws(Failure) -> [UInt8] {
    let descriptor = try descriptor(relativePath)
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure(errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure.notAFile }
    guard Int(status.st_size) <= limits.dataBytes else { throw tooLarge }
    guard let bytes = Descriptor.bytes(descriptor, most: limits.dataBytes) else { throw Failure(errno: errno) }
    guard bytes.count <= limits.dataBytes else { throw tooLarge }
    return bytes
  }

  private var tooLarge: Failure {
    Failure(description: limits.message("it is larger than \(limits.dataBytes >> 20) MiB", .size))
  }

  private func descriptor(_ relativePath: String) throws(Failure) -> Int32 {
    let folder = Self.folder(of: file)
    if allowsOutside {
      let path = relativePath.hasPrefix("/") ? relativePath : "\(folder)/\(relativePath)"
      var status = stat()
      guard stat(path, &status) == 0 else { throw Failure(errno: errno) }
      guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
      let descriptor = openedFile(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { throw Failure(errno: errno) }
      return descriptor
    }
    guard !relativePath.hasPrefix("/") else { throw .outside }
    var lookup = try FolderLookup(
      below: rootPath ?? folder, path: "\(try way(to: folder))/\(relativePath)")
    return try lookup.descriptor()
  }

  /// The path from the root to the folder of the file.
  private func way(to folder: String) throws(Failure) -> String {
    guard let rootPath else { return "" }
    func parts(_ path: String) -> [[UInt8]] {
      let whole = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
      return whole.utf8.split(separator: UInt8(ascii: "/")).map(Array.init).filter {
        $0 != [UInt8(ascii: ".")]
      }
    }
    for resolved in [false, true] {
      func place(_ path: String) -> [[UInt8]] {
        parts(resolved ? URL(fileURLWithPath: path).resolvingSymlinksInPath().path : path)
      }
      let (outer, inner) = (place(rootPath), place(folder))
      if inner.starts(with: outer), !inner.contains(Array("..".utf8)), !outer.contains(Array("..".utf8)) {
        return inner.dropFirst(outer.count).map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
      }
    }
    throw .outside
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
