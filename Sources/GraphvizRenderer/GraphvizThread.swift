import CGraphvizShim
import Dispatch
import GradvizDOT
import GradvizDrawing
import GradvizSystem

/// The one place where Graphviz runs: a thread with a large stack, one drawing at a time.
///
/// Two threads in Graphviz crash it even with contexts of their own, and its layout recurses as deep as
/// a graph is long.
enum GraphvizThread {
  private static let turn = DispatchSemaphore(value: 1)

  /// How often a task that waits for its turn looks whether it was cancelled, in milliseconds.
  private static let patience = 20

  /// Waits for the turn of the caller; false where its task is cancelled before.
  private static func takeTurn() -> Bool {
    guard withUnsafeCurrentTask(body: { $0 != nil }) else {
      turn.wait()
      return true
    }
    while !Task.isCancelled {
      if turn.wait(timeout: .now() + .milliseconds(patience)) == .success { return true }
    }
    return false
  }

  /// Runs `body` there and waits for it.
  ///
  /// - Throws: ``GraphvizError/cancelled`` where the task is cancelled before its turn comes; Graphviz itself
  ///   cannot be interrupted.
  static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) throws(GraphvizError) -> Result
  {
    guard takeTurn() else { throw .cancelled }
    defer { turn.signal() }
    var result: Result?
    let work = Work { result = body() }
    // The call returns after the thread has ended, so `work` outlives its use there.
    gradviz_run_on_large_stack(
      { argument in Unmanaged<Work>.fromOpaque(argument).takeUnretainedValue().body() },
      Unmanaged.passUnretained(work).toOpaque())
    guard let result = withExtendedLifetime(work, { result }) else {
      preconditionFailure("the drawing thread returned without having run its work")
    }
    return result
  }

  /// Graphviz' context, made once: a drawing of a few boxes takes a tenth of the time that a new one takes. One
  /// in which something failed is thrown away.
  ///
  /// Used on the drawing thread only, one drawing at a time. One with Graphviz' pango plugin, for PNG and PDF, takes
  /// ten times as long to make and is another.
  nonisolated(unsafe) private static var contexts: (plain: OpaquePointer?, paged: OpaquePointer?)

  static func withContext<Result>(
    hasPages: Bool = false, _ body: (OpaquePointer) -> Swift.Result<Result, GraphvizError>
  ) -> Swift.Result<Result, GraphvizError> {
    let place = hasPages ? \(plain: OpaquePointer?, paged: OpaquePointer?).paged : \.plain
    if contexts[keyPath: place] == nil {
      contexts[keyPath: place] = gradviz_context_new(textWidth, hasPages ? 1 : 0)
    }
    guard let present = contexts[keyPath: place] else { return .failure(missing("Graphviz cannot draw here")) }
    let result = body(present)
    if case .failure = result {
      gradviz_context_free(present)
      contexts[keyPath: place] = nil
    }
    return result
  }

  private final class Work {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// The width of a text run, for Graphviz.
  static let textWidth: gradviz_text_width = { text, size, flags in
    TextMetrics.width(of: String(cString: text), size: size, bold: flags & 1 != 0)
  }

  /// What Graphviz said of the text it was given, in one line, as an error; or what is wrong with Graphviz.
  static func error(_ context: String) -> GraphvizError {
    gradviz_fault() == gradviz_no_fault ? words(context) : missing(context)
  }

  private static func words(_ context: String) -> GraphvizError {
    let words = String(cString: gradviz_message()).split(whereSeparator: \.isNewline)
      .map { line in
        var line = line.trimmed
        for prefix in ["Error: ", "Warning: "] where line.hasPrefix(prefix) { line.removeFirst(prefix.count) }
        return line
      }
      .filter { !$0.isEmpty }
      .joined(separator: "; ")
    return .input(words.isEmpty ? context : "\(context): \(words)")
  }

  /// The same where the library itself is missing or incomplete.
  static func missing(_ context: String) -> GraphvizError {
    var error = words(context)
    error.reason = .installation
    error.cure =
      switch gradviz_fault() {
      case gradviz_other_version: "build gradviz again with the Graphviz that is installed"
      case gradviz_mixed_libraries: "install one Graphviz only, or let LD_LIBRARY_PATH name its folder"
      default: "install Graphviz again: \(installation)"
      }
    return error
  }

  private static let installation =
    "`apt-get install libgraphviz-dev`, `dnf install graphviz` or `brew install graphviz`"
}

/// Why Graphviz could not lay out or draw.
public struct GraphvizError: Error, Equatable, CustomStringConvertible {
  public enum Reason: Sendable {
    /// The text, the format or the size that was asked for.
    case input
    /// The machine has no Graphviz, an incomplete one, or another one than gradviz was built with.
    case installation
    /// The task that asked for the drawing was cancelled.
    case cancelled
  }

  /// Graphviz' own words, after ours.
  public var message: String
  public var reason: Reason
  /// What would help, where we know it.
  public var cure: String?

  public var description: String { cure.map { "\(message)\n\($0)" } ?? message }

  static func input(_ message: String) -> GraphvizError {
    GraphvizError(message: message, reason: .input, cure: nil)
  }

  static let cancelled = GraphvizError(message: "the drawing was cancelled", reason: .cancelled, cure: nil)
}
