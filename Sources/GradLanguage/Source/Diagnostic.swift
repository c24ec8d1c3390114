import GradvizGraph

/// An error or a warning about a `.grad` file, with its location.
public struct Diagnostic: Sendable, Equatable {
  /// Whether a program cannot be run, or can but may not be what was meant.
  public enum Severity: String, Sendable { case error, warning }

  /// An error, or a warning.
  public var severity: Severity
  /// The file, if it is not the one that was read; see ``SourceFile/origins``.
  public var file: String?
  /// 1-based.
  public var line: Int
  /// 1-based, in user-perceived characters: `ŷ` is one, however it is encoded.
  public var column: Int
  /// In characters, at least 1, and within the line.
  public var length: Int
  /// What is wrong, in one sentence without a period.
  public var message: String
  /// What would be right.
  public var hint: String?
  /// The line, or the part of a long line around the location.
  public var sourceLine: String
  /// The 0-based index in ``sourceLine`` of the character at ``column``.
  public var caretOffset: Int

  /// Creates a diagnostic about one location; `caretOffset` is the 0-based index in the source line of the
  /// character at `column`.
  ///
  /// Quoted input may be of any length: a long line is cut to the part around the location, a long word in
  /// the message to its beginning.
  public init(
    severity: Severity = .error, file: String? = nil, line: Int, column: Int, length: Int, message: String,
    hint: String? = nil, sourceLine: String, caretOffset: Int
  ) {
    // Plain data: a parameter for each member.
    self.severity = severity
    self.file = file
    self.line = line
    self.column = column
    self.length = length
    self.message = TerminalText.withShortQuotes(message)
    self.hint = hint.map(TerminalText.withShortQuotes)
    (self.sourceLine, self.caretOffset) = Self.excerpt(of: sourceLine, around: caretOffset)
  }

  /// Returns the part of a line around a character, and the position of that character in it.
  ///
  /// - Complexity: O(length of the line)
  private static func excerpt(of line: String, around offset: Int, limit: Int = 160) -> (String, Int) {
    guard line.utf8.count > limit else { return (line, offset) }
    let first = offset > limit / 2 ? offset - limit / 2 : 0
    let start = line.index(line.startIndex, offsetBy: first, limitedBy: line.endIndex) ?? line.endIndex
    let end = line.index(start, offsetBy: limit, limitedBy: line.endIndex) ?? line.endIndex
    // A single character can consist of a million combining marks.
    let shown = line[start..<end].map { $0.unicodeScalars.count > 16 ? "\u{FFFD}" : $0 }
    let text = (first > 0 ? "…" : "") + String(shown) + (end < line.endIndex ? "…" : "")
    return (text, offset - first + (first > 0 ? 1 : 0))
  }

  /// The diagnostic as a compiler prints it: place and message, the line, a caret below.
  ///
  /// ```
  /// neuron.grad:3:13: error: unknown function `thanh`; did you mean `tanh`?
  /// 3 | predict ŷ = thanh(x @ w + b)
  ///   |             ^~~~~
  /// ```
  /// - Parameters:
  ///   - file: the file's name as the user knows it.
  ///   - color: with the escape sequences of a terminal.
  ///   - language: of the words around what is quoted; ``message`` and ``hint`` are English.
  public func rendered(
    file: String, color: Bool = false, language: ComputationGraph.Presentation.Language = .english
  ) -> String {
    func styled(_ code: String, _ text: String) -> String { color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
    let tint = severity == .error ? "1;31" : "1;35"
    let number = String(line)
    let shown = sourceLine.map(DisplayWidth.printable)
    let before = shown.prefix(caretOffset)
    let marked = shown.dropFirst(caretOffset).prefix(length)
    let width = max(1, DisplayWidth.of(marked))
    let place = styled("1", "\(printable(self.file ?? file)):\(line):\(column):")
    let label = language.message("\(severity.rawValue):")
    let sentence = printable(
      [message, hint].compactMap { $0.map(language.message) }.joined(separator: language == .french ? "\u{A0}; " : "; ")
    )
    let margin = String(repeating: " ", count: number.count)
    let indent = String(repeating: " ", count: DisplayWidth.of(before))
    let underline = "^" + String(repeating: "~", count: width - 1)
    return """
      \(place) \(styled(tint, label)) \(sentence)
      \(number) | \(String(shown))
      \(margin) | \(indent)\(styled(tint, underline))
      """
  }

  private func printable(_ text: String) -> String { String(text.map(DisplayWidth.printable)) }
}

/// All errors in a `.grad` file, in line order.
public struct DiagnosticList: Error, Sendable, Equatable {
  /// More than this is not helpful.
  public static let limit = 20

  /// The first diagnostics, at most ``limit``.
  public let diagnostics: [Diagnostic]
  /// The number of diagnostics that were left out.
  public let omittedCount: Int

  /// Creates a list, with the number of those it leaves out.
  public init(diagnostics: [Diagnostic], omittedCount: Int = 0) {
    self.diagnostics = diagnostics
    self.omittedCount = omittedCount
  }

  /// All diagnostics, each as ``Diagnostic/rendered(file:color:language:)`` formats it.
  public func rendered(
    file: String, color: Bool = false, language: ComputationGraph.Presentation.Language = .english
  ) -> String {
    var lines = diagnostics.map { $0.rendered(file: file, color: color, language: language) }
    if omittedCount > 0 { lines.append(language.message("… and \(omittedCount) more")) }
    return lines.joined(separator: "\n")
  }
}
