import Dispatch
import GradvizSystem
import Synchronization

/// Runs `gradviz` on what was typed: a process for each drawing, so that one that takes long can be ended.
final class Runner: Sendable {
  /// What a process gave.
  struct Result: Sendable {
    var status: Int32
    var output: [UInt8] = []
    var errors = ""
    /// Ended because the same page asked again.
    var isSuperseded = false
    /// Ended because it took longer than ``Runner/longest`` seconds.
    var isStopped = false
  }

  /// Longer than a reader waits.
  static let longest = 60.0

  private let program: String
  private struct State {
    var isStopping = false
    /// The newest request of each page, by the page's own word.
    var newest: [String: Int] = [:]
    var count = 0
    var running = 0
  }
  private let state = Mutex(State())
  /// As many at once as there are processors, two at least.
  private let places: DispatchSemaphore
  private let queue = DispatchQueue(label: "runs", attributes: .concurrent)

  init(program: String) {
    self.program = program
    places = DispatchSemaphore(value: max(2, ProcessInfo.processInfo.activeProcessorCount))
  }

  /// Ends all processes, and starts no more.
  func stop() {
    state.withLock { $0.isStopping = true }
    while state.withLock({ $0.running > 0 }) { usleep(1000) }
  }

  /// Runs `gradviz` with these words; a later run for the same asker ends this one.
  func run(_ words: [String], input: [UInt8], asker: String?) async -> Result {
    let number = state.withLock { state in
      state.count += 1
      if let asker {
        // Pages that are long gone are forgotten.
        if state.newest.count > 100 { state.newest = [:] }
        state.newest[asker] = state.count
      }
      return state.count
    }
    return await withCheckedContinuation { continuation in
      queue.async {
        self.places.wait()
        defer { self.places.signal() }
        continuation.resume(returning: self.wait(words, input) { self.isUnwanted(number, asker) })
      }
    }
  }

  private func isUnwanted(_ number: Int, _ asker: String?) -> Bool {
    state.withLock { state in
      state.isStopping || asker.flatMap { state.newest[$0] }.map { $0 > number } ?? false
    }
  }

  private func wait(_ words: [String], _ input: [UInt8], isUnwanted: () -> Bool) -> Result {
    state.withLock { $0.running += 1 }
    defer { state.withLock { $0.running -= 1 } }
    guard !isUnwanted() else { return Result(status: -1, isSuperseded: true) }
    guard var child = Child(program, words, input: input) else {
      return Result(status: -1, errors: "gradviz: error: \(program) cannot be started")
    }
    let begin = ContinuousClock.now
    var result = Result(status: 0)
    while child.exchange(milliseconds: 20) {
      result.isSuperseded = isUnwanted()
      result.isStopped = ContinuousClock.now - begin > .seconds(Self.longest)
      if result.isSuperseded || result.isStopped { child.end() }
    }
    result.status = child.finish()
    if result.isSuperseded || result.isStopped { return result }
    result.output = child.output
    result.errors = String(decoding: child.errors, as: UTF8.self)
    return result
  }
}

/// A process with pipes for its input, output and errors.
private struct Child {
  private(set) var output: [UInt8] = []
  private(set) var errors: [UInt8] = []
  private var process = pid_t()
  private var input: ArraySlice<UInt8>
  /// Our ends of its standard input, output and errors; -1 once closed.
  private var ends: [Int32] = []

  /// - Returns: nil if it cannot be started.
  init?(_ program: String, _ words: [String], input: [UInt8]) {
    self.input = input[...]
    var theirs: [Int32] = []
    defer { for descriptor in theirs { close(descriptor) } }
    for number in 0..<3 {
      var pair: [Int32] = [0, 0]
      guard pipe(&pair) == 0 else {
        for descriptor in ends { close(descriptor) }
        return nil
      }
      for descriptor in pair { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
      ends.append(number == 0 ? pair[1] : pair[0])
      theirs.append(number == 0 ? pair[0] : pair[1])
    }
    for descriptor in ends { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    guard let started = Self.start(program, words, theirs) else {
      for descriptor in ends { close(descriptor) }
      return nil
    }
    process = started
  }

  private static func start(_ program: String, _ words: [String], _ descriptors: [Int32]) -> pid_t? {
    #if canImport(Darwin)
      var (actions, attributes): (posix_spawn_file_actions_t?, posix_spawnattr_t?) = (nil, nil)
    #else
      var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (number, descriptor) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
    }
    // Signals that this program takes are theirs again.
    var usual = sigset_t()
    sigemptyset(&usual)
    for number in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&usual, number) }
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var arguments = ([program] + words).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    return posix_spawn(&process, program, &actions, &attributes, &arguments, environ) == 0 ? process : nil
  }

  /// Writes and reads what there is; false once output and errors have ended.
  mutating func exchange(milliseconds: Int32) -> Bool {
    if ends[0] >= 0, input.isEmpty { shut(0) }
    var waiting = ends.enumerated().map { number, descriptor in
      pollfd(fd: descriptor, events: Int16(number == 0 ? POLLOUT : POLLIN), revents: 0)
    }
    guard poll(&waiting, nfds_t(waiting.count), milliseconds) > 0 else { return true }
    if waiting[0].revents != 0, ends[0] >= 0 {
      let count = input.withUnsafeBytes { write(ends[0], $0.baseAddress, $0.count) }
      if count > 0 { input.removeFirst(count) } else if count < 0, errno != EAGAIN, errno != EINTR { shut(0) }
    }
    for number in 1...2 where waiting[number].revents != 0 && ends[number] >= 0 {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(ends[number], &buffer, buffer.count)
      if count > 0 {
        if number == 1 { output += buffer[..<count] } else { errors += buffer[..<count] }
      } else if count == 0 || errno != EAGAIN && errno != EINTR {
        shut(number)
      }
    }
    return ends[1] >= 0 || ends[2] >= 0
  }

  private mutating func shut(_ number: Int) {
    close(ends[number])
    ends[number] = -1
  }

  func end() { kill(process, SIGKILL) }

  /// Waits for its end.
  mutating func finish() -> Int32 {
    for number in ends.indices where ends[number] >= 0 { shut(number) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
  }
}
