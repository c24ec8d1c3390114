import GradvizKit
import GradvizSystem

extension BlockOptions {
  /// How a page shows an explorer: as its host allows, behind a link, or in a frame.
  enum ExplorerPlace: String, CaseIterable, Sendable { case auto, link, frame }
}

/// What shows a page to its readers, which decides how an explorer is shown there.
enum PageHost: Equatable, Sendable {
  /// A place that shows Markdown without frames, such as GitHub.
  case plain
  /// A DocC catalog.
  case catalog
  /// A LaTeX document.
  case latex
  /// A site whose pages stand where their sources stand.
  case site
  /// A site with a folder for each page, so that relative addresses in HTML lead up once.
  case folders

  /// Whether an explorer stands in a frame, rather than behind a link.
  func showsFrame(_ place: BlockOptions.ExplorerPlace?) -> Bool {
    switch place {
    case nil, .link: false
    case .frame: true
    case .auto: self == .site || self == .folders
    }
  }

  /// How its pages write comments.
  var notation: RegionMark.Notation { self == .latex ? .tex : .html }

  /// The format of its figures, where it differs from that which is asked for.
  func format(_ asked: FigureFormat) -> FigureFormat { self == .latex ? .pdf : asked }

  /// The address of an explorer in a page, from its address beside the page's source.
  func address(_ link: String) -> String {
    switch self {
    case .plain, .site, .latex: link
    case .folders: "../\(link)"
    // DocC copies pictures only: who publishes the site puts the explorers there.
    case .catalog: "/explorers/" + (link.split(separator: "/").last ?? "")
    }
  }

  // MARK: Which it is

  /// The host of a page, by its ending, or by the settings of a site generator in a folder above, not beyond its repository.
  static func of(_ page: String) -> PageHost {
    let path = FilePath.absolute(page)
    if FilePath.ending(path).lowercased() == "tex" { return .latex }
    if ["qmd", "rmd"].contains(FilePath.ending(path).lowercased()) { return .site }
    var folder = FilePath.folder(path)
    while true {
      if let host = generator(in: folder, of: path) { return host }
      let above = FilePath.folder(folder)
      if above == folder || above.isEmpty || FileManager.default.fileExists(atPath: FilePath.joined(folder, ".git")) {
        return .plain
      }
      folder = above
    }
  }

  private static func generator(in folder: String, of page: String) -> PageHost? {
    func lines(_ name: String) -> [Substring]? {
      FileManager.default.contents(atPath: FilePath.joined(folder, name)).map {
        String(decoding: $0.prefix(1 << 20), as: UTF8.self).split(whereSeparator: \.isNewline)
      }
    }
    func isBelow(_ name: String) -> Bool {
      let own = FilePath.relative(page, to: FilePath.joined(folder, name))
      return !own.hasPrefix("../")
    }
    let stem = FilePath.stem(page)
    if let settings = lines("mkdocs.yml") ?? lines("mkdocs.yaml"),
      isBelow(value(of: "docs_dir", separator: ":", in: settings) ?? "docs")
    {
      let isFlat = value(of: "use_directory_urls", separator: ":", in: settings) == "false"
      return isFlat || stem == "index" || stem == "README" ? .site : .folders
    }
    if let settings = lines("book.toml"), isBelow(value(of: "src", separator: "=", in: settings) ?? "src") {
      return .site
    }
    // Only with MyST does Sphinx read Markdown.
    if let settings = lines("conf.py"), settings.contains(where: { $0.contains("myst") }) { return .site }
    // Quarto leaves a project's own README out.
    if lines("_quarto.yml") ?? lines("_quarto.yaml") != nil, stem != "README" { return .site }
    return nil
  }

  /// The value of a setting at the beginning of a line, without quotation marks and comment.
  private static func value(of key: String, separator: Character, in lines: [Substring]) -> String? {
    for line in lines {
      let parts = line.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, trimmed(parts[0]) == key, parts[0].first?.isWhitespace != true else { continue }
      let text = parts[1].prefix { $0 != "#" }
      return trimmed(text).filter { $0 != "\"" && $0 != "'" }
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
