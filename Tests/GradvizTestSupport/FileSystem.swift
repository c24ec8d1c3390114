import Foundation

/// What the file system of temporary files can do.
package enum FileSystem {
  /// Whether `é` as one scalar and as two names two files; macOS takes them for one.
  package static let keepsUnicodeForms: Bool = {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gradviz-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["\u{E9}", "e\u{301}"] {
      try? FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
    }
    return (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.count == 2
  }()
}
