/// Paths as text. Two paths are the same where their bytes are: `é` may be written in two ways, and names two files.
package enum FilePath {
  package static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

  /// What tells the file of a path from all others, as a key of sets and dictionaries.
  package static func key(_ path: String) -> [UInt8] { Array(absolute(path).utf8) }

  package static func isSame(_ a: String, _ b: String) -> Bool { key(a) == key(b) }

  /// The order of their bytes, which is the same on every machine.
  package static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

  private static func parts(_ path: String) -> [ArraySlice<UInt8>] {
    key(path).split(separator: UInt8(ascii: "/"))
  }

  /// A path as seen from a folder, with `..` where it is not in there.
  package static func relative(_ path: String, to folder: String) -> String {
    let target = parts(path)
    let base = parts(folder)
    var common = 0
    while common < target.count, common < base.count, target[common] == base[common] { common += 1 }
    let up = [String](repeating: "..", count: base.count - common)
    return (up + target[common...].map { String(decoding: $0, as: UTF8.self) }).joined(separator: "/")
  }

  /// Whether a folder is there, or a link that leads to one.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  package static func isLink(_ path: String) -> Bool { type(path) == .typeSymbolicLink }

  /// The path with all links followed; what is not there yet is taken as it is written.
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

  /// Whether a path, its links followed, is a folder or in it.
  package static func isInside(_ path: String, _ folder: String) -> Bool {
    let (inner, outer) = (Array(resolved(path).utf8), Array(resolved(folder).utf8))
    let slash = UInt8(ascii: "/")
    return inner == outer || inner.starts(with: outer.last == slash ? outer : outer + [slash])
  }

  /// The file that a path names, its links followed: as it was written where there are none, otherwise as seen from
  /// the working folder where it is in there.
  package static func followed(_ path: String) -> String {
    let real = resolved(path)
    // The working folder itself may have been reached through a link.
    let here = resolved(".")
    if isSame(real, joined(here, path)) { return path }
    return isInside(real, here) && !isSame(real, here) ? relative(real, to: here) : real
  }

  package static func joined(_ folder: String, _ path: String) -> String {
    folder.isEmpty || path.hasPrefix("/") ? path : folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
  }

  /// The folder of a file; empty for one in the working folder.
  package static func folder(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The ending of a file's name as it is written, without its dot.
  package static func ending(_ path: String) -> String { URL(fileURLWithPath: path).pathExtension }

  /// The name of a file without its folder and its ending.
  package static func stem(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }

  /// What a path itself names, a link and not what it leads to.
  package static func type(_ path: String) -> FileAttributeType? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
  }
}
