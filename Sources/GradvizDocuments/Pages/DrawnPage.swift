import GradLanguage
import GradvizGraph
import GradvizSystem

/// A page and its up-to-date figures.
public struct DrawnPage: Sendable {
  /// An error or a warning.
  public struct Problem: Sendable {
    /// The messages of one block.
    public var diagnostics: DiagnosticList
    /// That of the program in the block; messages about the page itself are English.
    package var language = ComputationGraph.Presentation.Language.english

    /// Whether a block was not drawn because of it.
    public var isError: Bool { diagnostics.diagnostics.contains { $0.severity == .error } }

    /// Formats the problem like a compiler: location, message, source line and caret.
    public func rendered(color: Bool = false) -> String {
      diagnostics.rendered(file: "", color: color, language: language)
    }
  }

  /// Something in the page or beside it that is out of date.
  public struct Finding: Sendable, Comparable {
    /// What is wrong with the subject.
    public enum Kind: String, Sendable { case stale, missing, orphaned }
    /// The page.
    public var page: String
    /// 1-based.
    public var line: Int
    /// What is wrong.
    public var kind: Kind
    /// The subject, such as a figure's path.
    public var subject: String

    /// One line: page, line, kind and subject.
    public var description: String { "\(page):\(line): \(kind.rawValue): \(subject)" }

    /// By page, line and subject.
    public static func < (a: Finding, b: Finding) -> Bool {
      (a.page, a.line, a.subject) < (b.page, b.line, b.subject)
    }
  }

  /// The page, as its path was given.
  public let path: String
  /// The page with up-to-date regions; all other bytes are unchanged.
  public let bytes: [UInt8]
  /// Whether drawing changed the page.
  public let isChanged: Bool
  /// The files of all figures in the page.
  public let figures: [FigureFile]
  /// The folder of those files.
  public let figuresFolder: String
  /// Whether that folder must be inside the page's folder.
  public internal(set) var isConfined = true
  /// The errors and warnings of all blocks, in order.
  public let problems: [Problem]
  /// The regions that are missing or stale.
  public let findings: [Finding]
  /// The files that were read, other than the page.
  public let dependencies: Set<String>
  /// The number of blocks in the page.
  public let blockCount: Int

  /// Whether a block could not be drawn.
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
