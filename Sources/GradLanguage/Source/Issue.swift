/// An error at a location in the source, shown as a ``Diagnostic``.
struct Issue: Error {
  var span: Span
  var message: String
  var hint: String?
  /// Whether a bracket was left open, so that the following lines are not part of the statement.
  var leftOpen = false

  init(_ span: Span, _ message: String, hint: String? = nil) {
    self.span = span
    self.message = message
    self.hint = hint
  }

  /// - Complexity: O(length of the line).
  func diagnostic(in source: SourceText, severity: Diagnostic.Severity = .error) -> Diagnostic {
    let offset = min(span.start, source.bytes.count)
    let line = source.line(at: offset)
    let lineSpan = source.span(ofLine: line)
    let start = min(offset, lineSpan.end)
    let end = max(start, min(span.end, lineSpan.end))
    let column = source.string(Span(start: lineSpan.start, end: start)).count
    let length = max(1, source.string(Span(start: start, end: end)).count)
    let origin = source.origin(ofLine: line)
    return Diagnostic(
      severity: severity, file: origin?.file, line: origin?.line ?? line + 1,
      column: column + 1 + (origin?.indent ?? 0), length: length, message: message,
      hint: hint, sourceLine: source.string(lineSpan), caretOffset: column)
  }
}

/// The issues of one file; keeps a bounded number of them and counts the rest.
struct IssueLog {
  private var issues: [Issue] = []
  private(set) var count = 0
  /// What was said of each place, since the turns of a loop repeat it.
  private var said: Set<String> = []

  var isEmpty: Bool { count == 0 }
  var first: Issue? { issues.first }

  mutating func add(_ issue: Issue) {
    if said.count < 1000 {
      guard said.insert("\(issue.span.start) \(issue.message)").inserted else { return }
    }
    count += 1
    if issues.count < 1000 { issues.append(issue) }
  }

  /// The diagnostics in file order.
  func list(in source: SourceText) -> DiagnosticList {
    let sorted = issues.enumerated().sorted { a, b in
      (a.element.span.start, a.offset) < (b.element.span.start, b.offset)
    }
    let shown = sorted.prefix(DiagnosticList.limit).map { $0.element.diagnostic(in: source) }
    return DiagnosticList(diagnostics: shown, omittedCount: count - shown.count)
  }
}
