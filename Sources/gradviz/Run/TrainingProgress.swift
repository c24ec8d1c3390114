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
  private let words: Words
  private let format: NumberFormat

  init(steps: Int, words: Words, isQuiet: Bool) {
    self.steps = steps
    self.words = words
    format = words.numbers(5)
    self.isQuiet = isQuiet
  }

  mutating func show(_ entry: TrainingStep) {
    guard !isQuiet else { return }
    guard StatusLine.isShown else {
      // About ten lines for any number of steps.
      if entry.step % max(steps / 10, 1) == 0 {
        // Flushed at once, so that a log can be followed.
        let line =
          words.progress(entry.step, loss: format.text(entry.loss), rate: format.text(entry.rate)) + "\n"
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
      bar + " "
        + words.progress(
          entry.step + 1, of: steps, loss: format.text(entry.loss), rate: format.text(entry.rate),
          secondsLeft: Int(left.rounded(.up))))
  }

  /// Removes the bar.
  mutating func end() {
    line.clear()
  }
}
