import GradLanguage
import GradvizSystem

/// A page and its up-to-date figures.
public struct DrawnPage: Sendable {
  /// An error or a warning.
  public struct Problem: Sendable {
    public var diagnostics: DiagnosticList

    public var isError: Bool { diagnostics.diagnostics.contains { $0.severity == .error } }

    /// Formats the problem like a compiler: location, message, source line and caret.
    public func rendered(color: Bool = false) -> String { diagnostics.rendered(file: "", color: color) }
  }

  /// Something in the page or beside it that is out of date.
  public struct Finding: Sendable, Comparable {
    public enum Kind: String, Sendable { case stale, missing, orphaned }
    public var page: String
    /// 1-based.
    public var line: Int
    public var kind: Kind
    /// The subject, such as a figure's path.
    public var subject: String

    public var description: String { "\(page):\(line): \(kind.rawValue): \(subject)" }

    public static func < (a: Finding, b: Finding) -> Bool {
      (a.page, a.line, a.subject) < (b.page, b.line, b.subject)
    }
  }

  public let path: String
  /// The page with up-to-date regions; all other bytes are unchanged.
  public let bytes: [UInt8]
  public let isChanged: Bool
  public let figures: [FigureFile]
  public let figuresFolder: String
  /// Whether that folder must be inside the page's folder.
  public internal(set) var isConfined = true
  public let problems: [Problem]
  /// The regions that are missing or stale.
  public let findings: [Finding]
  /// The files that were read, other than the page.
  public let dependencies: Set<String>
  public let blockCount: Int

  public var hasErrors: Bool { problems.contains(where: \.isError) }

  /// The figures that are missing or stale on disk.
  public func outdatedFigures() -> [(file: FigureFile, finding: Finding)] {
    figures.compactMap { file in
      let data = FileManager.default.contents(atPath: file.path)
      if let data, data.elementsEqual(file.bytes) { return nil }
      return (
        file, Finding(page: path, line: file.line, kind: data == nil ? .missing : .stale, subject: file.path)
      )
    }
  }
}
