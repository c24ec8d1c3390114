import GradvizDOT
import GradvizKit
import GradvizSystem

/// What earlier runs have drawn for pages, so that a page in which nothing has changed is not drawn again.
///
/// For each page there is a file with the programs of its blocks and the fingerprints of their figures; the figures
/// themselves are read from where the page has them. What another program drew is not used, nor a figure that has changed.
public final class DrawingStore {
  /// Of more pages all are forgotten.
  private static let maxPages = 1000

  private let folder: String
  private let program: String

  /// A store in a folder.
  ///
  /// - Parameters:
  ///   - folder: where the files are; it is made when the first is written.
  ///   - program: identifies what draws: another one draws everything again.
  public init(folder: String, program: String) {
    self.folder = folder
    self.program = program
  }

  /// The store of the current user for the running program, below `XDG_CACHE_HOME` or `~/.cache`; nil without either.
  public static func ofUser() -> DrawingStore? {
    func path(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    guard let caches = path("XDG_CACHE_HOME") ?? path("HOME").map({ FilePath.joined($0, ".cache") }),
      let program = FileStamp.ofProgram
    else { return nil }
    return DrawingStore(folder: FilePath.joined(caches, "gradviz"), program: program.text)
  }

  struct Entry: Codable, Equatable {
    struct File: Codable, Equatable {
      var path: String
      var fingerprint: String
    }
    struct Picture: Codable, Equatable {
      var name: String
      var description: String
      var light: String
      var dark: String?
    }
    struct Page: Codable, Equatable {
      var title: String
      var fingerprint: String
      var height: Int
      var invitation: String
    }
    var key: String
    var dependencies: [File]
    var pictures: [Picture]
    var page: Page?
    var table: [String]
  }

  private struct Content: Codable {
    var program: String
    var entries: [Entry]
  }

  /// The entries of a page; none if another program wrote them.
  func entries(of page: String) -> [Entry] {
    guard let data = FileManager.default.contents(atPath: file(of: page)),
      let content = try? JSONDecoder().decode(Content.self, from: data), content.program == program
    else { return [] }
    return content.entries
  }

  /// Keeps the entries of a page.
  ///
  /// What cannot be written is drawn again next time.
  func keep(_ entries: [Entry], of page: String) {
    let files = FileManager.default
    if !FilePath.isFolder(folder) {
      try? files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } else if let names = try? files.contentsOfDirectory(atPath: folder), names.count >= Self.maxPages {
      for name in names where name.hasSuffix(".json") { try? files.removeItem(atPath: FilePath.joined(folder, name)) }
    }
    guard let data = try? JSONEncoder().encode(Content(program: program, entries: entries)) else { return }
    try? data.write(to: URL(fileURLWithPath: file(of: page)), options: .atomic)
  }

  private func file(of page: String) -> String {
    FilePath.joined(folder, Fingerprint(of: Array(page.utf8)).text() + ".json")
  }
}

extension DrawingStore.Entry {
  /// What is kept of a drawing; nil if a file that it depends on cannot be read.
  init?(_ drawing: BlockDrawing, key: String) {
    self.key = key
    dependencies = []
    for path in drawing.dependencies {
      guard let fingerprint = Self.fingerprint(ofFile: path) else { return nil }
      dependencies.append(File(path: path, fingerprint: fingerprint))
    }
    pictures = drawing.pictures.map {
      Picture(name: $0.name, description: $0.description, light: $0.light.fingerprint, dark: $0.dark?.fingerprint)
    }
    page = drawing.page.map {
      Page(title: $0.title, fingerprint: $0.sheet.fingerprint, height: $0.height, invitation: $0.invitation)
    }
    table = drawing.table
  }

  /// The drawing, with its figures read from their files; nil if one of them, or of the data, is not as it was.
  ///
  /// - Parameters:
  ///   - place: the file of a figure, from what follows the block's name in it.
  ///   - format: that of the pictures.
  func drawing(_ place: (_ ending: String) -> String, _ format: FigureFormat) -> BlockDrawing? {
    guard dependencies.allSatisfy({ Self.fingerprint(ofFile: $0.path) == $0.fingerprint }) else { return nil }
    var drawing = BlockDrawing()
    for picture in pictures {
      guard let light = sheet(place("\(picture.name).\(format.ending)"), picture.light) else { return nil }
      var dark: BlockDrawing.Sheet?
      if let fingerprint = picture.dark {
        dark = sheet(place("\(picture.name)~dark.\(format.ending)"), fingerprint)
        if dark == nil { return nil }
      }
      drawing.pictures.append(
        .init(name: picture.name, description: picture.description, light: light, dark: dark))
    }
    if let page {
      guard let sheet = sheet(place("explorer.html"), page.fingerprint) else { return nil }
      drawing.page = .init(title: page.title, sheet: sheet, height: page.height, invitation: page.invitation)
    }
    drawing.table = table
    drawing.dependencies = dependencies.map(\.path)
    return drawing
  }

  private func sheet(_ path: String, _ fingerprint: String) -> BlockDrawing.Sheet? {
    guard let bytes = FigureFile.content(ofFile: path) else { return nil }
    let sheet = BlockDrawing.Sheet(bytes)
    return sheet.fingerprint == fingerprint ? sheet : nil
  }

  private static func fingerprint(ofFile path: String) -> String? {
    FileManager.default.contents(atPath: path).map { Fingerprint(of: Array($0)).text() }
  }
}
