import GradLanguage
import GradvizSystem

/// A page with its figures, as they should be.
public struct DrawnPage: Sendable {
  /// What is wrong, or deserves a look.
  public struct Problem: Sendable {
    public var diagnostics: DiagnosticList

    public var isError: Bool { diagnostics.diagnostics.contains { $0.severity == .error } }

    /// As a compiler prints it: place, sentence, line and caret.
    public func rendered(color: Bool = false) -> String { diagnostics.rendered(file: "", color: color) }
  }

  /// Something in the page or beside it that is not as it should be.
  public struct Finding: Sendable, Comparable {
    public enum Kind: String, Sendable { case stale, missing, orphaned }
    public var page: String
    /// From 1 on.
    public var line: Int
    public var kind: Kind
    /// What it is about, such as a figure's path.
    public var subject: String

    public var description: String { "\(page):\(line): \(kind.rawValue): \(subject)" }

    public static func < (a: Finding, b: Finding) -> Bool {
      (a.page, a.line, a.subject) < (b.page, b.line, b.subject)
    }
  }

  public let path: String
  /// The page with its regions as they should be, byte for byte what it was everywhere else.
  public let bytes: [UInt8]
  public let isChanged: Bool
  public let figures: [FigureFile]
  public let figuresFolder: String
  /// Whether that folder must not lead out of the page's.
  public internal(set) var isConfined = true
  public let problems: [Problem]
  /// Regions that are missing or stale.
  public let findings: [Finding]
  /// Files other than the page that were read.
  public let dependencies: Set<String>
  public let blockCount: Int

  public var hasErrors: Bool { problems.contains(where: \.isError) }

  /// The figures that are not on disk as they should be.
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
