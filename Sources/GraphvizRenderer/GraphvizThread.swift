import CGraphvizShim
import DOT
import Foundation

/// The one place where Graphviz runs: a dedicated thread with a large stack, one drawing at a time.
///
/// Two threads in Graphviz crash it even with contexts of their own, and its layout recurses as deep as
/// a graph is long. The stack is reserved, not used: it costs nothing until a layout needs it.
enum GraphvizThread {
  private static let stackSize = 512 << 20
  private static let lock = NSLock()

  /// Runs `body` there and waits for it.
  static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
    lock.lock()
    defer { lock.unlock() }
    let box = Box<Result>()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      box.result = body()
      done.signal()
    }
    thread.stackSize = stackSize
    thread.start()
    done.wait()
    if let result = box.result { return result }
    // The thread signals only after it has set the result.
    preconditionFailure("the drawing thread left no result")
  }

  // @unchecked: written by the thread before the signal and read after the wait, never at once.
  private final class Box<Result: Sendable>: @unchecked Sendable {
    var result: Result?
  }

  /// The width of a text run, for Graphviz.
  static let textWidth: gradviz_text_width = { text, size, flags in
    TextMetrics.width(of: String(cString: text), size: size, bold: flags & 1 != 0)
  }

  /// What Graphviz said, without its prefixes, as an error.
  static func error(_ context: String) -> GraphvizError {
    let words = String(cString: gradviz_message()).trimmingCharacters(in: .whitespacesAndNewlines)
    let isMissing = words.contains("plugin") || words.contains("libgvc")
    return GraphvizError(
      message: words.isEmpty ? context : "\(context): \(words)",
      cure: isMissing
        ? "install Graphviz: `apt-get install libgraphviz-dev` or `brew install graphviz`" : nil)
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
