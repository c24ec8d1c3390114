import Foundation

/// What runs that were killed have left beside their files.
extension PendingFile {
  /// The names of what runs have not renamed yet, living and killed ones.
  static func leftovers(in folder: String) -> [String] {
    guard let entries = opendir(folder) else { return [] }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(prefix), name.hasSuffix(suffix) { names.append(name) }
    }
    return names
  }

  /// Finishes or removes what killed processes left in a folder.
  static func removeLeftovers(in folder: String) {
    let names = leftovers(in: folder)
    let present = Set(names)
    for name in names {
      // The files of a group live as long as its keeper.
      let word = name.dropFirst(prefix.count).dropLast(suffix.count)
      if let dash = word.firstIndex(of: "-"), present.contains(prefix + word[..<dash] + suffix) { continue }
      let place = "\(folder)/\(name)"
      let file = open(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard file >= 0 else { continue }
      var status = stat()
      if fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
        flock(file, LOCK_EX | LOCK_NB) == 0
      {
        if word.contains("-") { unlink(place) } else { FileGroup.recover(place, file) }
      }
      close(file)
    }
  }
}
