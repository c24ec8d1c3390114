import Foundation
import GradLanguage

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

    public static func < (a: Finding, b: Finding) -> Bool { (a.page, a.line) < (b.page, b.line) }
  }

  public let path: String
  /// The page with its regions as they should be, byte for byte what it was everywhere else.
  public let bytes: [UInt8]
  public let isChanged: Bool
  public let figures: [FigureFile]
  public let figuresFolder: String
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

extension [DrawnPage] {
  /// Figures in the pages' folders that gradviz drew for one of these pages, or for one that is gone, and that no
  /// block names any more. Pages with errors keep all they have.
  public func orphanedFigures() -> [DrawnPage.Finding] {
    let expected = Set(flatMap(\.figures).map { FilePath.absolute($0.path) })
    let pages = Dictionary(map { (FilePath.absolute($0.path), $0) }, uniquingKeysWith: { first, _ in first })
    var result: [DrawnPage.Finding] = []
    for folder in Set(map(\.figuresFolder)).sorted() {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for name in names.sorted() where name.hasSuffix(".svg") {
        let path = FilePath.joined(folder, name)
        guard !expected.contains(FilePath.absolute(path)),
          let owner = FigureFile.page(ofFile: path, folder: folder)
        else { continue }
        if let page = pages[FilePath.absolute(owner)] {
          guard !page.hasErrors else { continue }
          result.append(.init(page: page.path, line: 1, kind: .orphaned, subject: path))
        } else if !FileManager.default.fileExists(atPath: owner) {
          result.append(.init(page: owner, line: 1, kind: .orphaned, subject: path))
        }
      }
    }
    return result
  }
}
