import Autograd
import GradvizFigures
import GradvizSystem

/// The progress of training: a bar on a terminal, a few plain lines elsewhere.
struct TrainingProgress {
  private let steps: Int
  private let isQuiet: Bool
  private let begin = Date()
  private var lastShown = Date.distantPast
  private var line = StatusLine()
  private let format = NumberFormat(precision: 5)

  init(steps: Int, isQuiet: Bool) {
    self.steps = steps
    self.isQuiet = isQuiet
  }

  mutating func show(_ entry: TrainingStep) {
    guard !isQuiet else { return }
    guard StatusLine.isShown else {
      // About ten lines for any number of steps.
      if entry.step % max(steps / 10, 1) == 0 {
        // Flushed at once, so that a log can be followed.
        let line = "step \(entry.step)  loss \(format.text(entry.loss))  rate \(format.text(entry.rate))\n"
        try? Terminal.write(Array(line.utf8))
      }
      return
    }
    let now = Date()
    guard now.timeIntervalSince(lastShown) > 0.1 else { return }
    lastShown = now
    let done = Double(entry.step + 1) / Double(steps)
    let left = now.timeIntervalSince(begin) * (1 / done - 1)
    let filled = Int(done * 24)
    let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 24 - filled)
    line.show(
      "\(bar) \(entry.step + 1)/\(steps)  loss \(format.text(entry.loss))  rate \(format.text(entry.rate))  \(Int(left.rounded(.up))) s left"
    )
  }

  /// Removes the bar.
  mutating func end() {
    line.clear()
  }
}
