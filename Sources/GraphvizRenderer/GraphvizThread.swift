import CGraphvizShim
import Dispatch
import GradvizDOT
import GradvizDrawing
import GradvizSystem

/// Runs Graphviz on a thread with a large stack, one drawing at a time.
///
/// Graphviz crashes if two threads run in it, even with separate contexts, and the recursion depth of its
/// layout grows with the graph.
enum GraphvizThread {
  private static let turn = DispatchSemaphore(value: 1)

  /// How often a waiting task checks for cancellation, in milliseconds.
  private static let patience = 20

  /// Waits for the caller's turn; returns false if its task is cancelled before.
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

  /// Runs `body` on that thread and waits for it.
  ///
  /// - Throws: ``GraphvizError/cancelled`` if the task is cancelled before its turn; Graphviz itself cannot
  ///   be interrupted.
  static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) throws(GraphvizError) -> Result {
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

  /// Cached Graphviz contexts: with one, a drawing of a few boxes takes a tenth of the time.
  ///
  /// A context in which something failed is discarded.
  ///
  /// Used only on the drawing thread, one drawing at a time. A context with Graphviz' pango plugin, for PNG
  /// and PDF, takes ten times as long to create and is separate.
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

  /// Measures a text run for Graphviz.
  static let textWidth: gradviz_text_width = { text, size, flags in
    let typeface: TextMetrics.Typeface =
      flags & 32 != 0 ? (flags & 2 != 0 ? .variable : .index) : flags & 1 != 0 ? .bold : .regular
    return TextMetrics.width(of: String(cString: text), size: size, typeface: typeface)
  }

  /// Makes an error of Graphviz' messages about the text, on one line, or of a problem with the library.
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

  /// The same for a library that is missing or incomplete.
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

/// An error in layout or drawing.
public struct GraphvizError: Error, Equatable, CustomStringConvertible {
  /// What stands in the way of a drawing.
  public enum Reason: Sendable {
    /// In the text, the format or the size.
    case input
    /// Graphviz is missing, incomplete, or of a different version than gradviz was built with.
    case installation
    /// The task was cancelled.
    case cancelled
  }

  /// Our message, followed by Graphviz' own.
  public var message: String
  /// What stands in the way.
  public var reason: Reason
  /// A possible remedy, if known.
  public var cure: String?

  /// The message, and the remedy on a line of its own.
  public var description: String { cure.map { "\(message)\n\($0)" } ?? message }

  static func input(_ message: String) -> GraphvizError {
    GraphvizError(message: message, reason: .input, cure: nil)
  }

  static let cancelled = GraphvizError(message: "the drawing was cancelled", reason: .cancelled, cure: nil)
}
