import GradLanguage
import GradvizKit
import GradvizSystem

/// What the program says. Names, paths and words of a file are shown as text: nothing in them reaches a
/// terminal as a command.
enum Terminal {
  /// Gives the standard streams that whoever started the program has closed something to be, so that no file
  /// that is opened later takes their place and is written into. Reading and writing them still fails.
  static func claimStandardStreams() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// One or several lines to standard output.
  static func print(_ text: String) throws { try write(Array((printable(text) + "\n").utf8)) }

  /// Bytes to standard output, as they are.
  static func write(_ bytes: [UInt8]) throws {
    guard bytes.withUnsafeBytes({ Descriptor.write($0, to: STDOUT_FILENO) }) else {
      let reason =
        errno == EPIPE || errno == EBADF
        ? "standard output was closed"
        : "standard output cannot be written (\(String(cString: strerror(errno))))"
      throw Failure.input("gradviz: error: \(reason)")
    }
  }

  /// One or several lines to standard error; what nobody would read of a long message is left out.
  static func note(_ text: String) {
    let shown = TerminalText.printable(TerminalText.shortened(text, lines: 200))
    _ = Array((shown + "\n").utf8).withUnsafeBytes { Descriptor.write($0, to: STDERR_FILENO) }
  }

  /// The same for a diagnostic that was made for a terminal: its colours are escape sequences of ours.
  static func noteStyled(_ text: String) {
    _ = Array((text + "\n").utf8).withUnsafeBytes { Descriptor.write($0, to: STDERR_FILENO) }
  }

  /// Text whose control characters, line ends apart, and reordering marks are replaced, and of whose lines nobody
  /// gets more than can be read.
  static func printable(_ text: String) -> String {
    TerminalText.printable(TerminalText.shortened(text))
  }

  /// A path as one line of a message shows it.
  static func line(_ path: String) -> String { TerminalText.line(path) }
}
