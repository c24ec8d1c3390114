import Dispatch
import GradvizSystem
import Synchronization

/// Shows the current phase of a long drawing on one line of a terminal, which is cleared at the end: `laying
/// out 30 487 boxes, 2 s`.
///
/// Shows nothing for work of less than half a second, or if messages go to a file.
final class PhaseLine: Sendable {
  private struct State {
    var phase: String?
    var began = Date()
    var width = 0
    var isDone = false
  }

  private let state = Mutex(State())
  private let isShown = isatty(STDERR_FILENO) == 1

  /// Shows phases while `body` runs, and clears the line in any case.
  static func shown<Result>(_ body: (PhaseLine) throws -> Result) rethrows -> Result {
    let line = PhaseLine()
    defer { line.end() }
    if line.isShown { DispatchQueue.global().async { line.tick() } }
    return try body(line)
  }

  func begin(_ phase: String) {
    state.withLock {
      if $0.phase == nil { $0.began = Date() }
      $0.phase = Terminal.printable(phase)
    }
  }

  private func tick() {
    while true {
      usleep(250_000)
      let goesOn = state.withLock { state in
        guard let phase = state.phase else { return !state.isDone }
        let seconds = Date().timeIntervalSince(state.began)
        guard seconds >= 0.5 else { return true }
        let text = "\(phase), \(Int(seconds)) s"
        put("\r" + text + String(repeating: " ", count: max(0, state.width - text.count)))
        state.width = text.count
        return true
      }
      if !goesOn { return }
    }
  }

  private func end() {
    state.withLock { state in
      if state.width > 0 { put("\r" + String(repeating: " ", count: state.width) + "\r") }
      state.phase = nil
      state.isDone = true
    }
  }

  private func put(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { Descriptor.write($0, to: STDERR_FILENO) }
  }
}
