import GradLanguage
import GradvizFigures
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

  /// Whether standard output is a terminal.
  static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether standard output goes to a file in which nothing stands yet, as with `> x.svg`.
  static var isEmptyFile: Bool {
    var status = stat()
    return fstat(STDOUT_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
  }

  /// Whether messages are in color: on a terminal that has colors, unless `NO_COLOR` says otherwise.
  private static let isColored =
    StatusLine.isShown && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
    && getenv("TERM").map { String(cString: $0) } != "dumb"

  /// Prints one or several lines to standard output.
  static func print(_ text: String) throws { try write(Array((printable(text) + "\n").utf8)) }

  /// Writes bytes to standard output.
  static func write(_ bytes: [UInt8]) throws {
    guard bytes.withUnsafeBytes({ Descriptor.write($0, to: STDOUT_FILENO) }) else {
      // A reader that has enough, as `head` has, is told nothing.
      if errno == EPIPE { throw Failure(message: "", status: 1) }
      let reason =
        errno == EBADF
        ? "standard output was closed"
        : "standard output cannot be written (\(String(cString: strerror(errno))))"
      throw Failure.input("gradviz: error: \(reason)")
    }
  }

  /// Prints one or several lines to standard error, shortening very long messages.
  static func note(_ text: String) {
    let shown = TerminalText.printable(TerminalText.shortened(text, lines: 200))
    _ = Array(((isColored ? colored(shown) : shown) + "\n").utf8).withUnsafeBytes {
      Descriptor.write($0, to: STDERR_FILENO)
    }
  }

  private static let labels = [Words(.english), Words(.french)].flatMap {
    [($0.errorLabel, 31), ($0.warningLabel, 35), ($0.noteLabel, 36)]
  }

  /// The words `error:` and `warning:` of each line in bold and in their colors.
  private static func colored(_ message: String) -> String {
    message.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      for (word, color) in labels {
        guard let place = line.firstRange(of: ": " + word) else { continue }
        return line[..<place.lowerBound] + ": \u{1B}[1;\(color)m\(word)\u{1B}[0m" + line[place.upperBound...]
      }
      return String(line)
    }.joined(separator: "\n")
  }

  /// Shows a file in the program that opens such files.
  static func showFile(_ path: String) throws {
    guard let failure = Programs.show(path.hasPrefix("-") ? "./" + path : path) else { return }
    throw Failure.input("gradviz: error: `--open`: \(failure); the figure is \(line(path))")
  }

  /// Replaces control characters, except line breaks, and reordering marks, and shortens long lines.
  static func printable(_ text: String) -> String {
    TerminalText.printable(TerminalText.shortened(text))
  }

  /// A path on one line of a message.
  static func line(_ path: String) -> String { TerminalText.line(path) }
}
