/// Operations on paths.
///
/// Paths are equal if their bytes are: `é` can be encoded in two ways, which name two files.
package enum FilePath {
  package static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

  /// The identity of a path, as a key in sets and dictionaries.
  package static func key(_ path: String) -> [UInt8] { Array(absolute(path).utf8) }

  package static func isSame(_ a: String, _ b: String) -> Bool { key(a) == key(b) }

  /// Compares by bytes, so that the order is the same on every machine.
  package static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

  private static func parts(_ path: String) -> [ArraySlice<UInt8>] {
    key(path).split(separator: UInt8(ascii: "/"))
  }

  /// Returns a path relative to a folder, with `..` if it is outside.
  package static func relative(_ path: String, to folder: String) -> String {
    let target = parts(path)
    let base = parts(folder)
    var common = 0
    while common < target.count, common < base.count, target[common] == base[common] { common += 1 }
    let up = [String](repeating: "..", count: base.count - common)
    return (up + target[common...].map { String(decoding: $0, as: UTF8.self) }).joined(separator: "/")
  }

  /// Whether a path is a folder, or a link to one.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  package static func isLink(_ path: String) -> Bool { type(path) == .typeSymbolicLink }

  /// Follows all links in a path; components that do not exist are kept.
  package static func resolved(_ path: String) -> String {
    var existing = absolute(path.isEmpty ? "." : path)
    var missing: [String] = []
    while existing.count > 1 {
      if let real = realpath(existing, nil) {
        defer { free(real) }
        existing = String(cString: real)
        break
      }
      missing.append(URL(fileURLWithPath: existing).lastPathComponent)
      existing = folder(existing)
    }
    return missing.reversed().reduce(existing) { joined($0, $1) }
  }

  /// Whether a path, after following links, is a folder or inside it.
  package static func isInside(_ path: String, _ folder: String) -> Bool {
    let (inner, outer) = (Array(resolved(path).utf8), Array(resolved(folder).utf8))
    let slash = UInt8(ascii: "/")
    return inner == outer || inner.starts(with: outer.last == slash ? outer : outer + [slash])
  }

  /// Follows the links in a path.
  ///
  /// Without any, returns the path as written; otherwise, relative to the working folder if it is inside.
  package static func followed(_ path: String) -> String {
    let real = resolved(path)
    // The working folder may have been reached through a link.
    let here = resolved(".")
    if isSame(real, joined(here, path)) { return path }
    return isInside(real, here) && !isSame(real, here) ? relative(real, to: here) : real
  }

  package static func joined(_ folder: String, _ path: String) -> String {
    folder.isEmpty || path.hasPrefix("/") ? path : folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
  }

  /// The folder of a file; empty for a file in the working folder.
  package static func folder(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The extension of a file name, without the dot.
  package static func ending(_ path: String) -> String { URL(fileURLWithPath: path).pathExtension }

  /// The name of a file without its folder and extension.
  package static func stem(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }

  /// The type of the entry itself: for a link, not of its target.
  package static func type(_ path: String) -> FileAttributeType? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
  }
}
