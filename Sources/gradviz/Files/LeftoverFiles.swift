import GradvizSystem

/// Finds and cleans up files left by killed runs.
extension PendingFile {
  /// The names of files that runs, alive or killed, have not renamed yet.
  ///
  /// - Parameter start: the folder to which paths are relative.
  static func leftovers(in folder: String, from start: Int32) -> [String] {
    let descriptor = openat(start, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    guard let entries = fdopendir(descriptor) else {
      close(descriptor)
      return []
    }
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

  /// Completes or removes the files that killed processes left in a folder.
  ///
  /// - Parameter start: the folder to which paths are relative.
  static func removeLeftovers(in folder: String, from start: Int32 = AT_FDCWD) {
    let names = leftovers(in: folder, from: start)
    let present = Set(names)
    for name in names {
      // The files of a group live as long as its keeper.
      let word = name.dropFirst(prefix.count).dropLast(suffix.count)
      if let dash = word.firstIndex(of: "-"), present.contains(prefix + word[..<dash] + suffix) { continue }
      let place = "\(folder)/\(name)"
      let file = openat(start, place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard file >= 0 else { continue }
      var status = stat()
      if fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
        flock(file, LOCK_EX | LOCK_NB) == 0
      {
        if word.contains("-") {
          unlinkat(start, place, 0)
        } else {
          FileGroup.recover(place, file, from: start)
        }
      }
      close(file)
    }
  }
}
