import GradLanguage
import GradvizKit
import GradvizSystem

/// The program's output.
///
/// Names, paths and text from files are sanitized, so that they cannot control a terminal.
enum Terminal {
  /// Reopens standard streams that the parent closed, so that no file opened later takes their place.
  ///
  /// Reading from and writing to them still fails.
  static func claimStandardStreams() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Prints one or several lines to standard output.
  static func print(_ text: String) throws { try write(Array((printable(text) + "\n").utf8)) }

  /// Writes bytes to standard output.
  static func write(_ bytes: [UInt8]) throws {
    guard bytes.withUnsafeBytes({ Descriptor.write($0, to: STDOUT_FILENO) }) else {
      let reason =
        errno == EPIPE || errno == EBADF
        ? "standard output was closed"
        : "standard output cannot be written (\(String(cString: strerror(errno))))"
      throw Failure.input("gradviz: error: \(reason)")
    }
  }

  /// Prints one or several lines to standard error, shortening very long messages.
  static func note(_ text: String) {
    let shown = TerminalText.printable(TerminalText.shortened(text, lines: 200))
    _ = Array((shown + "\n").utf8).withUnsafeBytes { Descriptor.write($0, to: STDERR_FILENO) }
  }

  /// Prints a diagnostic with its terminal colors.
  static func noteStyled(_ text: String) {
    _ = Array((text + "\n").utf8).withUnsafeBytes { Descriptor.write($0, to: STDERR_FILENO) }
  }

  /// Replaces control characters, except line breaks, and reordering marks, and shortens long lines.
  static func printable(_ text: String) -> String {
    TerminalText.printable(TerminalText.shortened(text))
  }

  /// A path on one line of a message.
  static func line(_ path: String) -> String { TerminalText.line(path) }
}
