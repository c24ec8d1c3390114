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
    var line = StatusLine()
    var isDone = false
  }

  private let state = Mutex(State())

  /// Shows phases while `body` runs, and clears the line in any case.
  static func shown<Result>(_ body: (PhaseLine) throws -> Result) rethrows -> Result {
    let line = PhaseLine()
    defer { line.end() }
    if StatusLine.isShown { DispatchQueue.global().async { line.tick() } }
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
        state.line.show("\(phase), \(Int(seconds)) s")
        return true
      }
      if !goesOn { return }
    }
  }

  private func end() {
    state.withLock { state in
      state.line.clear()
      state.phase = nil
      state.isDone = true
    }
  }
}
