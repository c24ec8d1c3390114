import GradLanguage
import GradvizKit
import GradvizSystem

/// The files of one run, which take their places together or not at all.
///
/// Each is written and flushed beside its place, under a name that begins with the group's. Then the group's own file
/// gets a list of what is to be renamed where, and from that moment the run counts as done: the renaming follows at
/// once, and what a kill or a power loss leaves of it is finished by the next run that writes into the folder.
final class FileGroup {
  /// Hidden, and locked as long as the process lives that made it.
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
  /// Folders that were made for its files, the outermost first.
  var madeFolders: [String] = []
  /// Where all its files stand, if that is a folder held open.
  let folder: OpenFolder?
  /// Where its paths begin.
  private var start: Int32 { folder?.descriptor ?? AT_FDCWD }

  private static let end = "gradviz: all of these"

  init(in folder: OpenFolder? = nil) { self.folder = folder }

  deinit {
    // What was begun and is not in its place.
    for name in names { unlinkat(start, name, 0) }
    for keeper in keepers.values {
      unlinkat(start, keeper.path, 0)
      close(keeper.descriptor)
    }
    // Those that something else has been put into stay.
    for folder in madeFolders.reversed() { rmdir(folder) }
  }

  // MARK: Files

  /// Writes a file beside its place, for good only after ``commit()``.
  func add(_ bytes: some ContiguousBytes, to path: String) throws {
    let file = try PendingFile(path, in: self)
    try file.write(bytes)
    try add(file)
  }

  /// Takes a file of the group that has all its bytes.
  func add(_ file: PendingFile) throws {
    guard targets.insert(listed(file.place)).inserted else {
      throw Failure.input("\(Terminal.line(file.path)): error: two files of this run have this place")
    }
    try file.park()
    files.append(file)
  }

  /// Whether the group has a file in a folder already, which has been looked through for leftovers then.
  func isAt(_ folder: String) -> Bool { keepers[folder] != nil }

  /// A name in a folder for a file of the group.
  func name(in folder: String, _ make: (String) throws -> (path: String, descriptor: Int32)) throws -> String
  {
    if keepers[folder] == nil {
      let word = String(UInt64.random(in: .min ... .max), radix: 36)
      let made = try make(Self.path(folder, word))
      keepers[folder] = Keeper(word: word, path: made.path, descriptor: made.descriptor)
      if let main, let keeper = keepers[main] {
        // Whoever finds this one first has to look there.
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

  /// A path as the list has it: a name in the open folder, which the list is in as well, or absolute.
  private func listed(_ path: String) -> String { folder == nil ? Self.absolute(path) : path }

  /// A path that holds in another working directory as well; one for all names of a place.
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

  /// Puts all files in their places.
  ///
  /// - Throws: where one cannot be put there; then the former ones are all in their places again.
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
    // A signal that ends the program waits until all is renamed.
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

  /// Finishes what a run that was killed had done but for the last renamings, or removes what it had begun.
  ///
  /// - Parameters:
  ///   - descriptor: of its keeper, locked by the caller.
  ///   - start: the folder that paths begin at.
  static func recover(_ keeper: String, _ descriptor: Int32, from start: Int32) {
    var words = contents(descriptor).split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }.dropLast()
    let (folder, name) = (PendingFile.folder(of: keeper), keeper.split(separator: "/").last ?? "")
    // Names alone are those of files beside it.
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

  /// Whether a file is one that a run of this user has left.
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
