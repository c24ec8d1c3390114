import GradLanguage
import GradvizKit
import GradvizSystem

/// The files of one run, which are all moved into place, or none.
///
/// Each is written and flushed beside its destination, under a name that starts with the group's. Then the
/// group's own file gets a list of the renames, and from that moment the run counts as done: the renames
/// follow at once, and if a kill or a power loss interrupts them, the next run that writes into the folder
/// completes them.
final class FileGroup {
  /// A hidden file, locked as long as the process that created it lives.
  private struct Keeper {
    var word: String
    var path: String
    var descriptor: Int32
    var count = 0
  }

  private var keepers: [String: Keeper] = [:]
  /// The folder whose keeper has the list: the first one.
  private var main: String?
  private var files: [PendingFile] = []
  private var targets = Set<String>()
  private var names: [String] = []
  /// The folders created for its files, the outermost first.
  var madeFolders: [String] = []
  /// The folder of all its files, if it is held open.
  let folder: OpenFolder?
  /// The folder to which its paths are relative.
  private var start: Int32 { folder?.descriptor ?? AT_FDCWD }

  private static let end = "gradviz: all of these"

  init(in folder: OpenFolder? = nil) { self.folder = folder }

  deinit {
    // Removes files that were not moved into place.
    for name in names { unlinkat(start, name, 0) }
    for keeper in keepers.values {
      unlinkat(start, keeper.path, 0)
      close(keeper.descriptor)
    }
    // Folders that contain other files are kept.
    for folder in madeFolders.reversed() { rmdir(folder) }
  }

  // MARK: Files

  /// Writes a file beside its destination, where ``commit()`` moves it.
  func add(_ bytes: some ContiguousBytes, to path: String) throws {
    let file = try PendingFile(path, in: self)
    try file.write(bytes)
    try add(file)
  }

  /// Adds a complete file to the group.
  func add(_ file: PendingFile) throws {
    guard targets.insert(listed(file.place)).inserted else {
      throw Failure.input("\(Terminal.line(file.path)): error: two files of this run have this path")
    }
    try file.park()
    files.append(file)
  }

  /// Whether the group already has a file in a folder, which then has been searched for leftovers.
  func isAt(_ folder: String) -> Bool { keepers[folder] != nil }

  /// A name for a file of the group in a folder.
  func name(in folder: String, _ make: (String) throws -> (path: String, descriptor: Int32)) throws -> String {
    if keepers[folder] == nil {
      let word = String(UInt64.random(in: .min ... .max), radix: 36)
      let made = try make(Self.path(folder, word))
      keepers[folder] = Keeper(word: word, path: made.path, descriptor: made.descriptor)
      if let main, let keeper = keepers[main] {
        // A run that finds this keeper first has to look there.
        try Self.write([listed(keeper.path)], to: made.descriptor, made.path)
      } else {
        main = folder
      }
    }
    keepers[folder]?.count += 1
    guard let keeper = keepers[folder] else { return "" }
    names.append(Self.path(folder, "\(keeper.word)-\(keeper.count)"))
    return names[names.count - 1]
  }

  private static func path(_ folder: String, _ word: String) -> String {
    "\(folder)/\(PendingFile.prefix)\(word)\(PendingFile.suffix)"
  }

  /// A path in the list: a name in the open folder, which also contains the list, or an absolute path.
  private func listed(_ path: String) -> String { folder == nil ? Self.absolute(path) : path }

  /// A path that does not depend on the working directory and is the same for all names of a location.
  static func absolute(_ path: String) -> String {
    let folder = PendingFile.folder(of: path)
    guard let real = realpath(folder, nil) else { return path }
    defer { free(real) }
    return String(cString: real) + "/" + (path.split(separator: "/").last.map(String.init) ?? "")
  }

  private static func write(_ words: [String], to descriptor: Int32, _ path: String) throws {
    let bytes: [UInt8] = words.flatMap { [UInt8]($0.utf8) + [0] }
    guard bytes.withUnsafeBytes({ Descriptor.write($0, to: descriptor) }), fsync(descriptor) == 0 else {
      throw Failure.input(
        "\(Terminal.line(path)): error: the file cannot be written (\(String(cString: strerror(errno))))")
    }
  }

  // MARK: The end

  /// Moves all files into place.
  ///
  /// - Throws: if one cannot be moved; then all previous files are restored.
  func commit() throws {
    let waiting = files.filter { $0.temporary != nil }
    if let main, let keeper = keepers[main] {
      var list: [String] = []
      for file in waiting {
        guard let temporary = file.temporary else { continue }
        list += [listed(temporary), listed(file.place)]
      }
      try Self.write(list + [Self.end], to: keeper.descriptor, keeper.path)
    }
    // A signal that ends the program is delayed until all files are renamed.
    var (signals, former) = (sigset_t(), sigset_t())
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP] { sigaddset(&signals, signal) }
    sigprocmask(SIG_BLOCK, &signals, &former)
    defer { sigprocmask(SIG_SETMASK, &former, nil) }
    var done: [PendingFile] = []
    do {
      for file in waiting {
        try file.rename()
        done.append(file)
      }
    } catch {
      if let main, let keeper = keepers[main] { ftruncate(keeper.descriptor, 0) }
      for file in done { file.takeBack() }
      throw error
    }
    madeFolders = []
    names = []
    for file in files { file.forgetFormer() }
    for folder in keepers.keys.sorted() { PendingFile.flush(folder: folder, from: start) }
  }

  // MARK: What a killed run left

  /// Completes the renames of a killed run, or removes its files if it had not finished writing them.
  ///
  /// - Parameters:
  ///   - descriptor: the descriptor of its keeper, locked by the caller.
  ///   - start: the folder to which paths are relative.
  static func recover(_ keeper: String, _ descriptor: Int32, from start: Int32) {
    var words = contents(descriptor).split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }.dropLast()
    let (folder, name) = (PendingFile.folder(of: keeper), keeper.split(separator: "/").last ?? "")
    // Plain names are files beside it.
    words = words.map { $0.hasPrefix("/") || $0 == end ? $0 : "\(folder)/\($0)" }[...]
    if words.count == 1, let other = words.first, other != end, isOurs(other, from: start) {
      let file = openat(start, other, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
      if file >= 0 {
        if flock(file, LOCK_EX | LOCK_NB) == 0 { recover(other, file, from: start) }
        close(file)
      }
    } else if words.popLast() == end, words.count % 2 == 0 {
      for pair in stride(from: words.startIndex, to: words.endIndex, by: 2)
      where isOurs(words[pair], from: start) {
        _ = renameat(start, words[pair], start, words[pair + 1])
      }
    }
    let members = name.dropLast(PendingFile.suffix.count) + "-"
    for other in PendingFile.leftovers(in: folder, from: start) where other.hasPrefix(members) {
      unlinkat(start, "\(folder)/\(other)", 0)
    }
    unlinkat(start, keeper, 0)
  }

  /// Whether a file was left by a run of this user.
  private static func isOurs(_ path: String, from start: Int32) -> Bool {
    var status = stat()
    return (path.split(separator: "/").last ?? "").hasPrefix(PendingFile.prefix)
      && path.hasSuffix(PendingFile.suffix)
      && fstatat(start, path, &status, AT_SYMLINK_NOFOLLOW) == 0
      && status.st_mode & S_IFMT == S_IFREG && status.st_uid == geteuid()
  }

  private static func contents(_ descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }
}
