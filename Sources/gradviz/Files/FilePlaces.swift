import CGradvizFiles
import GradLanguage
import GradvizKit
import GradvizSystem

/// Where a file comes to stand, and the name that it has until then.
extension PendingFile {
  func failure() -> Failure { Self.failure(path) }

  static func failure(_ path: String, _ reason: String = String(cString: strerror(errno))) -> Failure {
    .input("\(Terminal.line(path)): error: the file cannot be written (\(reason))")
  }

  /// Where a file would stand, links followed.
  ///
  /// - Throws: if a folder is there, or a file that must not be written.
  static func place(of path: String) throws(Failure) -> String {
    let place = try followLinks(path)
    var status = stat()
    if stat(place, &status) == 0 {
      guard status.st_mode & S_IFMT != S_IFDIR else { throw failure(path, "this is a folder, not a file") }
      // The system replaces a file by the rights of its folder; who protects a file means its content.
      guard access(place, W_OK) == 0 else { throw failure(path) }
    }
    return place
  }

  /// The name of a file in a folder that is held open.
  ///
  /// - Throws: if something other than a file is there, such as a link, or a file that must not be written.
  static func place(of path: String, in folder: OpenFolder) throws(Failure) -> String {
    let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) }
    let place = name ?? path
    var status = stat()
    if fstatat(folder.descriptor, place, &status, AT_SYMLINK_NOFOLLOW) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { throw failure(path, "this is not a file") }
      guard faccessat(folder.descriptor, place, W_OK, 0) == 0 else { throw failure(path) }
    }
    return place
  }

  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The file that a path means: a link's target, and that of a link there, whether it exists or not.
  private static func followLinks(_ path: String) throws(Failure) -> String {
    var place = path
    for _ in 0..<40 {
      var status = stat()
      guard lstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return place }
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      guard readlink(place, &buffer, Int(PATH_MAX)) >= 0 else { throw failure(path) }
      let next = buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
      // What the system only shows as a link, such as an open pipe, is opened under its own name.
      if !next.hasPrefix("/"), place.hasPrefix("/proc/") || place.hasPrefix("/dev/fd/") { return place }
      place = next.hasPrefix("/") ? next : folder(of: place) + "/" + next
    }
    errno = ELOOP
    throw failure(path)
  }

  func makeFolder(_ folder: String, _ group: FileGroup?) throws {
    guard openFolder == nil else { return }
    var status = stat()
    if stat(folder, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        errno = ENOTDIR
        throw failure()
      }
      return
    }
    guard errno == ENOENT, folder != ".", folder != "/" else { throw failure() }
    try makeFolder(Self.folder(of: folder), group)
    // Another process may have made it meanwhile.
    if mkdir(folder, 0o777) == 0 {
      if let group { group.madeFolders.append(folder) } else { madeFolders.append(folder) }
    } else if errno != EEXIST {
      throw failure()
    }
  }

  func makeTemporary(in parent: String, _ group: FileGroup?) throws {
    if let group {
      let name = try group.name(in: parent) { try makeLocked($0) }
      descriptor = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw failure() }
      temporary = name
      return
    }
    let word = String(UInt64.random(in: .min ... .max), radix: 36)
    let made = try makeLocked("\(parent)/\(Self.prefix)\(word)\(Self.suffix)")
    descriptor = made.descriptor
    temporary = made.path
  }

  /// A new file; its lock says that somebody lives who will rename it, and goes with the process, however that ends.
  private func makeLocked(_ name: String) throws -> (path: String, descriptor: Int32) {
    for _ in 0..<100 {
      // 0666 without what the user's umask takes.
      let file = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
      guard file >= 0 else { throw failure() }
      _ = flock(file, LOCK_EX)
      var status = stat()
      // Else another process took it for a leftover before it was locked.
      if fstat(file, &status) != 0 || status.st_nlink > 0 { return (name, file) }
      close(file)
    }
    errno = EEXIST
    throw failure()
  }
}
