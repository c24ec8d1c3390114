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
}
