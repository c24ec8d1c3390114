import CGradvizFiles
import GradLanguage
import GradvizKit
import GradvizSystem

/// A file that is replaced atomically: written under a temporary name beside its destination, flushed to disk, then
/// renamed.
///
/// Until then, the previous file stays unchanged, even after a power loss or `kill -9`.
///
/// A link is followed to its target, an existing file keeps its permissions, and a device or a pipe is
/// written to directly. Other hard links to the file keep the previous content.
///
/// In a folder that is held open, all paths are names in it, and links are not followed.
final class PendingFile {
  /// The path as the user named it.
  let path: String
  /// Where links lead, as seen from ``folder``.
  var target: String
  let openFolder: OpenFolder?
  var folder: Int32 { openFolder?.descriptor ?? AT_FDCWD }
  /// nil for a device or a pipe, which has no content to be replaced.
  var temporary: String?
  /// The former file under another name, as long as this one may be taken back.
  private var former: String?
  /// Folders that were made for it, the outermost first.
  var madeFolders: [String] = []
  var descriptor: Int32 = -1
  private var permissions: mode_t?

  /// Marks leftovers of killed processes: hidden files that no process has locked.
  static let prefix = ".gradviz-"
  static let suffix = ".partial"

  /// Creates missing folders and the temporary file.
  ///
  /// - Parameter group: the group with whose other files it is moved into place; see ``FileGroup``.
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
      // The owner first, since changing it clears the setuid and setgid bits.
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

  func write(_ bytes: some ContiguousBytes) throws(Failure) {
    guard bytes.withUnsafeBytes({ Descriptor.write($0, to: descriptor) }) else { throw failure() }
  }

  /// Flushes the file to disk, so that a full disk is noticed before the previous file is replaced.
  func flush() throws(Failure) {
    // A pipe cannot be flushed.
    guard temporary == nil || fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw failure()
    }
  }

  /// Moves the file into place.
  func commit() throws(Failure) {
    try flush()
    try takePlace()
  }

  private func takePlace() throws(Failure) {
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

  /// Moves the file into place if the current file contains `former`, so that another program's changes are not
  /// overwritten.
  ///
  /// The file is flushed first, so that only the rename follows the comparison.
  ///
  /// - Returns: false if the current file has other content, or does not exist; it is then left unchanged.
  func commit(ifStill former: [UInt8]) throws(Failure) -> Bool {
    try flush()
    guard holds(target, former) else { return false }
    // If the two files can be exchanged atomically, a change between the comparison and the exchange is
    // noticed as well.
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

  /// Whether a file in the folder has exactly these bytes.
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
    // Folders that contain other files are kept.
    for folder in madeFolders.reversed() { rmdir(folder) }
    madeFolders = []
  }

  // MARK: In a group

  /// Its destination, after following links.
  var place: String { target }

  /// Flushes and closes the file: a group may have more files than a process can have open.
  func park() throws(Failure) {
    try flush()
    guard temporary != nil else { return }
    let isClosed = close(descriptor) == 0
    descriptor = -1
    guard isClosed else { throw failure() }
  }

  /// Moves the file into place; ``takeBack()`` reverts this.
  func rename() throws(Failure) {
    guard let temporary else { return }
    let name = temporary.dropLast(Self.suffix.count) + "-former" + Self.suffix
    // On a file system without hard links, the rename cannot be reverted.
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

  /// Flushes the renames in a folder to disk.
  static func flush(folder: String, from start: Int32) {
    let descriptor = openat(start, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}
