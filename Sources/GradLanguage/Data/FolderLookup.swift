import GradvizSystem

/// Opens a file below an open folder, one path component at a time, so that no concurrent rename or new link can lead
/// outside.
///
/// Links that stay below the folder are followed.
struct FolderLookup: ~Copyable {
  /// The open folders along the path, starting with the root.
  private var open: [Int32]
  /// The path components still to look up, the next one last.
  private var names: [[UInt8]]
  /// The root's resolved path, for absolute links.
  private let root: String

  /// The limit on links, the same as the system's, and on retries when a name changes during the lookup.
  private static let maxDetours = 40

  #if os(Linux)
    /// Traversing a folder does not require read access: with `O_PATH`, a macro that Swift does not import.
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

  /// - Returns: the descriptor of a regular file, which the caller must close.
  mutating func descriptor() throws(DataFolder.Failure) -> Int32 {
    guard let file = try walk() else { throw .notAFile }
    return file
  }

  /// - Parameter makes: whether to create the folder if it is missing.
  /// - Returns: the descriptor of a folder, which the caller must close.
  mutating func folder(makes: Bool) throws(DataFolder.Failure) -> Int32 {
    if let file = try walk(makes: makes) {
      _ = close(file)
      throw .init(errno: ENOTDIR)
    }
    return open.removeLast()
  }

  /// - Returns: the descriptor of a regular file at the end of the path; nil for a folder, the last one of
  ///   ``open``.
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
        // Does not block if a pipe has taken the file's place.
        let file = openat(folder, word, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        if file >= 0 {
          if fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return file }
          _ = close(file)
          throw .notAFile
        }
      case S_IFREG: throw .init(errno: ENOTDIR)
      default: throw .notAFile
      }
      // The entry has changed kind since the last look: look again.
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
      // It was a link a moment ago.
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

/// A folder held open: files created and renamed in it stay in it, even if another folder takes its place.
package final class OpenFolder: Sendable {
  package let descriptor: Int32

  /// Opens a folder, creating it if it is missing.
  ///
  /// - Parameters:
  ///   - root: the folder that no link on the path may lead out of.
  ///   - name: the folder's path relative to the root.
  /// - Throws: ``DataFolder/Failure``, whose `isOutside` marks a link that leads outside.
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

  static let outside = Self(description: "it is outside the program's folder")
  static let notAFile = Self(description: "it is not a file")

  init(errno code: Int32) {
    description =
      switch code {
      case ENOENT, ENOTDIR, ENAMETOOLONG: "no such file"
      case EACCES, EPERM: "permission denied"
      case ELOOP: "its symbolic links form a cycle"
      default: strerror(code).map { String(cString: $0) } ?? "error \(code)"
      }
  }
}

/// The system's `open`, where a method of the same name shadows it.
func openedFile(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
