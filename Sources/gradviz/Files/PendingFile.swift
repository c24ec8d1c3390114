import CGradvizFiles
import GradLanguage
import GradvizKit
import GradvizSystem

/// A file that takes its place as a whole: written under a name of its own beside that place, flushed to the
/// disk, then renamed. Whatever happens before, power loss and `kill -9` included, the former file is as it was.
///
/// A link is written through to the file it leads to, an existing file keeps its permissions, and a device or a
/// pipe is written into. Another hard link to the same file keeps the former content.
///
/// In a folder that is held open, all paths are names in there, and no link is followed.
final class PendingFile {
  /// As the user named it.
  let path: String
  /// Where links lead, as seen from ``folder``.
  private var target: String
  private let openFolder: OpenFolder?
  private var folder: Int32 { openFolder?.descriptor ?? AT_FDCWD }
  /// nil for a device or a pipe, which has no content to be replaced.
  private(set) var temporary: String?
  /// The former file under another name, as long as this one may be taken back.
  private var former: String?
  /// Folders that were made for it, the outermost first.
  private var madeFolders: [String] = []
  private var descriptor: Int32 = -1
  private var permissions: mode_t?

  /// The leftovers of a process that was killed are told by this: hidden, and locked by nobody.
  static let prefix = ".gradviz-"
  static let suffix = ".partial"

  /// Makes the folders that are missing and the file that will be renamed.
  ///
  /// - Parameter group: takes its place with the group's other files; see ``FileGroup``.
  init(_ path: String, in group: FileGroup? = nil) throws {
    self.path = path
    openFolder = group?.folder
    target = try openFolder.map { try Self.place(of: path, in: $0) } ?? Self.place(of: path)
    var status = stat()
    if fstatat(folder, target, &status, openFolder == nil ? 0 : AT_SYMLINK_NOFOLLOW) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        descriptor = open(target, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        return
      }
      permissions = status.st_mode & 0o7777
    }
    let parent = Self.folder(of: target)
    do {
      try makeFolder(parent, group)
      if group?.isAt(parent) != true { Self.removeLeftovers(in: parent, from: folder) }
      try makeTemporary(in: parent, group)
    } catch {
      discard()
      throw error
    }
    if permissions != nil {
      // The owner first: changing it takes the bits away that let a program run as its owner.
      if status.st_uid != geteuid() || status.st_gid != getegid() {
        _ = fchown(descriptor, status.st_uid, status.st_gid)
      }
      if let permissions, fchmod(descriptor, permissions) != 0 {
        let error = failure()
        discard()
        throw error
      }
    }
  }

  deinit { discard() }

  func write(_ bytes: some ContiguousBytes) throws {
    guard bytes.withUnsafeBytes({ Descriptor.write($0, to: descriptor) }) else { throw failure() }
  }

  /// Brings what was written onto the disk: a full disk is found out before the former file is gone.
  func flush() throws {
    // A pipe has no disk.
    guard temporary == nil || fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw failure()
    }
  }

  /// Puts the file in its place.
  func commit() throws {
    try flush()
    try takePlace()
  }

  private func takePlace() throws {
    if let temporary {
      guard renameat(folder, temporary, folder, target) == 0 else { throw failure() }
      self.temporary = nil
      madeFolders = []
      Self.flush(folder: Self.folder(of: target), from: folder)
    }
    let isClosed = close(descriptor) == 0
    descriptor = -1
    guard isClosed else { throw failure() }
  }

  /// Puts the file in the place of one that holds `former`, and not of what another program has written there
  /// meanwhile: all is on the disk before that is looked at, so that nothing but a renaming follows.
  ///
  /// - Returns: false where the place holds something else, or nothing, and is left as it is.
  func commit(ifStill former: [UInt8]) throws -> Bool {
    try flush()
    guard holds(target, former) else { return false }
    // Where both can change places in one step, what was saved between the look and that step is seen as well.
    guard let temporary, gradviz_exchange(folder, temporary, target) == 0 else {
      try takePlace()
      return true
    }
    guard holds(temporary, former) else {
      _ = gradviz_exchange(folder, temporary, target)
      return false
    }
    unlinkat(folder, temporary, 0)
    self.temporary = nil
    madeFolders = []
    Self.flush(folder: Self.folder(of: target), from: folder)
    return true
  }

  /// Whether a file of the folder has these bytes.
  private func holds(_ name: String, _ bytes: [UInt8]) -> Bool {
    let file = openat(folder, name, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    return Descriptor.bytes(file, most: bytes.count) == bytes
  }

  private func discard() {
    forgetFormer()
    if let temporary { unlinkat(folder, temporary, 0) }
    temporary = nil
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    // Those that something else has been put into stay.
    for folder in madeFolders.reversed() { rmdir(folder) }
    madeFolders = []
  }

  // MARK: In a group

  /// Where it will stand, links followed.
  var place: String { target }

  /// Brings it onto the disk and closes it: a group may have more files than a process may have open.
  func park() throws {
    try flush()
    guard temporary != nil else { return }
    let isClosed = close(descriptor) == 0
    descriptor = -1
    guard isClosed else { throw failure() }
  }

  /// Puts it in its place, from which ``takeBack()`` takes it again.
  func rename() throws {
    guard let temporary else { return }
    let name = temporary.dropLast(Self.suffix.count) + "-former" + Self.suffix
    // Where a file system has no second names for a file, there is no way back.
    if linkat(folder, target, folder, name, 0) == 0 { former = name }
    guard renameat(folder, temporary, folder, target) == 0 else {
      let error = failure()
      forgetFormer()
      throw error
    }
    self.temporary = nil
  }

  func takeBack() {
    if let former {
      _ = renameat(folder, former, folder, target)
      self.former = nil
    } else {
      unlinkat(folder, target, 0)
    }
  }

  func forgetFormer() {
    if let former { unlinkat(folder, former, 0) }
    former = nil
  }

  /// Brings renamings in a folder onto the disk.
  static func flush(folder: String, from start: Int32) {
    let descriptor = openat(start, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  // MARK: Places

  private func failure() -> Failure { Self.failure(path) }

  private static func failure(_ path: String, _ reason: String = String(cString: strerror(errno))) -> Failure
  {
    .input("\(Terminal.line(path)): error: the file cannot be written (\(reason))")
  }

  /// Where a file would stand, links followed.
  ///
  /// - Throws: where a folder stands there, or a file that must not be written.
  static func place(of path: String) throws -> String {
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
  /// - Throws: where something else than a file stands there, such as a link, or a file that must not be written.
  private static func place(of path: String, in folder: OpenFolder) throws -> String {
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
  private static func followLinks(_ path: String) throws -> String {
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

  private func makeFolder(_ folder: String, _ group: FileGroup?) throws {
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

  private func makeTemporary(in parent: String, _ group: FileGroup?) throws {
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
