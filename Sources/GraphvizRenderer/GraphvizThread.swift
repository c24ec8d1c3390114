import CGraphvizShim
import DOT
import Foundation

/// The one place where Graphviz runs: a thread with a large stack, one drawing at a time.
///
/// Two threads in Graphviz crash it even with contexts of their own, and its layout recurses as deep as
/// a graph is long.
enum GraphvizThread {
  private static let lock = NSLock()

  /// Runs `body` there and waits for it.
  static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
    lock.lock()
    defer { lock.unlock() }
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
  /// Used on the drawing thread only, one drawing at a time.
  nonisolated(unsafe) private static var context: OpaquePointer?

  static func withContext<Result>(
    _ body: (OpaquePointer) -> Swift.Result<Result, GraphvizError>
  ) -> Swift.Result<Result, GraphvizError> {
    if context == nil { context = gradviz_context_new(textWidth) }
    guard let present = context else { return .failure(missing("Graphviz cannot be loaded")) }
    let result = body(present)
    if case .failure = result {
      gradviz_context_free(present)
      context = nil
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

  /// What Graphviz said of the text it was given, in one line, as an error.
  static func error(_ context: String) -> GraphvizError {
    let words = String(cString: gradviz_message()).split(whereSeparator: \.isNewline)
      .map { line in
        var line = line.trimmingCharacters(in: .whitespaces)
        for prefix in ["Error: ", "Warning: "] where line.hasPrefix(prefix) { line.removeFirst(prefix.count) }
        return line
      }
      .filter { !$0.isEmpty }
      .joined(separator: "; ")
    return GraphvizError(message: words.isEmpty ? context : "\(context): \(words)", cure: nil)
  }

  /// The same where the library itself is incomplete.
  static func missing(_ context: String) -> GraphvizError {
    var error = error(context)
    error.cure = "install Graphviz: `apt-get install libgraphviz-dev` or `brew install graphviz`"
    return error
  }
}

/// Why Graphviz could not lay out or draw.
public struct GraphvizError: Error, Equatable, CustomStringConvertible {
  /// Graphviz' own words, after ours.
  public var message: String
  /// What would help, where we know it.
  public var cure: String?

  public var description: String { cure.map { "\(message)\n\($0)" } ?? message }
}
