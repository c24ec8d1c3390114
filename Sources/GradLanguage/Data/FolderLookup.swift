import GradvizSystem

/// Opens a file below a folder that is open, name by name: whatever is moved or replaced by a link meanwhile, no
/// step leads out of it. A link is followed where it stays below the folder.
struct FolderLookup: ~Copyable {
  /// The folders on the way, from the root on.
  private var open: [Int32]
  /// The names that are still to be looked up, the next one last.
  private var names: [[UInt8]]
  /// The root's path without links, for links that begin at the top.
  private let root: String

  /// As many links as the system itself follows, and as often as a name may change while it is looked up.
  private static let maxDetours = 40

  #if os(Linux)
    /// A folder need not be readable to be gone through: with `O_PATH`, a macro that Swift does not see.
    private static let search = 0o10_000_000 | O_DIRECTORY | O_CLOEXEC
  #else
    private static let search = O_RDONLY | O_DIRECTORY | O_CLOEXEC
  #endif

  init(below root: String, path: String) throws(DataFolder.Failure) {
    self.root =
      root.withCString { path -> String? in
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
      } ?? root
    names = Self.parts(path).reversed()
    let folder = openedFile(root, Self.search)
    open = folder < 0 ? [] : [folder]
    guard folder >= 0 else { throw DataFolder.Failure(errno: errno) }
  }

  deinit { for folder in open { _ = close(folder) } }

  private static func parts(_ path: String) -> [[UInt8]] {
    path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != [UInt8(ascii: ".")] }
  }

  /// - Returns: the descriptor of a regular file, which the caller closes.
  mutating func descriptor() throws(DataFolder.Failure) -> Int32 {
    guard let file = try walk() else { throw .notAFile }
    return file
  }

  /// - Parameter makes: whether it is made where it is missing.
  /// - Returns: the descriptor of a folder, which the caller closes.
  mutating func folder(makes: Bool) throws(DataFolder.Failure) -> Int32 {
    if let file = try walk(makes: makes) {
      _ = close(file)
      throw .init(errno: ENOTDIR)
    }
    return open.removeLast()
  }

  /// - Returns: the descriptor of a regular file at the way's end; nil for a folder, the last one of ``open``.
  private mutating func walk(makes: Bool = false) throws(DataFolder.Failure) -> Int32? {
    var detours = 0
    while let name = names.popLast() {
      if name == Array("..".utf8) {
        guard open.count > 1 else { throw .outside }
        _ = close(open.removeLast())
        continue
      }
      let word = String(decoding: name, as: UTF8.self)
      let folder = open[open.count - 1]
      var status = stat()
      detours += 1
      guard fstatat(folder, word, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
        guard errno == ENOENT, makes, names.isEmpty, detours <= Self.maxDetours,
          mkdirat(folder, word, 0o777) == 0 || errno == EEXIST
        else { throw .init(errno: errno) }
        names.append(name)
        continue
      }
      switch status.st_mode & S_IFMT {
      case S_IFLNK:
        guard detours <= Self.maxDetours else { throw .init(errno: ELOOP) }
        try follow(word, in: folder)
        continue
      case S_IFDIR:
        let next = openat(folder, word, Self.search | O_NOFOLLOW)
        if next >= 0 { open.append(next) }
        guard next < 0 else {
          detours -= 1
          continue
        }
      case S_IFREG where names.isEmpty:
        // Without waiting, should a pipe have taken its place.
        let file = openat(folder, word, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        if file >= 0 {
          if fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return file }
          _ = close(file)
          throw .notAFile
        }
      case S_IFREG: throw .init(errno: ENOTDIR)
      default: throw .notAFile
      }
      // Another kind of thing stands there now than a moment ago: it is looked at again.
      guard [ELOOP, ENOTDIR, ENOENT].contains(errno), detours <= Self.maxDetours else {
        throw .init(errno: errno)
      }
      names.append(name)
    }
    return nil
  }

  private mutating func follow(_ link: String, in folder: Int32) throws(DataFolder.Failure) {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length = buffer.withUnsafeMutableBytes { bytes in
      bytes.bindMemory(to: CChar.self).baseAddress.map { readlinkat(folder, link, $0, bytes.count) } ?? -1
    }
    guard length >= 0 else {
      // A moment ago it was one.
      if errno == EINVAL { return names.append(Array(link.utf8)) }
      throw .init(errno: errno)
    }
    let target = String(decoding: buffer[..<length], as: UTF8.self)
    guard target.utf8.elementsEqual(buffer[..<length]) else { throw .outside }
    var parts = Self.parts(target)
    if target.utf8.first == UInt8(ascii: "/") {
      let top = Self.parts(root)
      guard parts.starts(with: top) else { throw .outside }
      parts.removeFirst(top.count)
      for folder in open.dropFirst() { _ = close(folder) }
      open.removeLast(open.count - 1)
    }
    names += parts.reversed()
  }
}

/// A folder that is held open: what is made and renamed in it stays in it, whatever takes its place meanwhile.
package final class OpenFolder: Sendable {
  package let descriptor: Int32

  /// Opens a folder, or makes it where it is missing.
  ///
  /// - Parameters:
  ///   - root: the folder that no link on the way may lead out of.
  ///   - name: the folder as a path from there.
  /// - Throws: ``DataFolder/Failure``, whose `isOutside` tells a link that leads out.
  package init(below root: String, _ name: String, makes: Bool = true) throws(DataFolder.Failure) {
    var lookup = try FolderLookup(below: root, path: name)
    descriptor = try lookup.folder(makes: makes)
  }

  /// Opens a folder wherever links lead to it.
  ///
  /// - Throws: ``DataFolder/Failure``.
  package convenience init(at path: String) throws(DataFolder.Failure) { try self.init(below: path, "", makes: false) }

  deinit { _ = close(descriptor) }

  /// The names of all that is in the folder, in no order; none where it cannot be read.
  package var names: [String] {
    let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0 else { return [] }
    guard let entries = fdopendir(copy) else {
      _ = close(copy)
      return []
    }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }

  /// The content of a regular file of the folder; nil for a link, and for what cannot be read.
  package func contents(of name: String) -> [UInt8]? {
    // Without waiting, should it be a pipe.
    let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { _ = close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Descriptor.bytes(file)
  }

  /// Removes a file of the folder.
  ///
  /// - Returns: false where there is none of that name.
  /// - Throws: ``DataFolder/Failure`` with the system's reason.
  package func remove(_ name: String) throws(DataFolder.Failure) -> Bool {
    guard unlinkat(descriptor, name, 0) != 0 else { return true }
    if errno == ENOENT { return false }
    throw .init(errno: errno)
  }
}

extension DataFolder.Failure {
  package var isOutside: Bool { description == Self.outside.description }

  static let outside = Self(description: "it is outside the folder of the program")
  static let notAFile = Self(description: "it is not a file")

  init(errno code: Int32) {
    description =
      switch code {
      case ENOENT, ENOTDIR, ENAMETOOLONG: "there is no such file"
      case EACCES, EPERM: "the system does not allow it"
      case ELOOP: "its links lead in a circle"
      default: strerror(code).map { String(cString: $0) } ?? "error \(code)"
      }
  }
}

/// The system's own function, where a method of the same name stands in front of it.
func openedFile(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
