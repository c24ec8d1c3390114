import GradvizSystem

/// The last line of a terminal while something takes long: written over, and gone at the end.
struct StatusLine {
  /// Whether there is a terminal to show it.
  static let isShown = isatty(STDERR_FILENO) == 1
  private var isClear = true

  mutating func show(_ text: String) {
    put("\r\u{1B}[2K" + text)
    isClear = false
  }

  mutating func clear() {
    if !isClear { put("\r\u{1B}[2K") }
    isClear = true
  }

  private func put(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { Descriptor.write($0, to: STDERR_FILENO) }
  }
}
