import GradvizGraph

/// The data files of a program: each is read once, and all together have a limit.
final class DataFiles {
  private let load: (_ relativePath: String) throws -> String
  private let limits: Limits
  /// Whether they may be outside the program's folder.
  private let allowsOutside: Bool
  private var tables: [DataSource: DataTable] = [:]
  private var texts: [String: String] = [:]
  private var byteCount = 0

  init(limits: Limits, allowsOutside: Bool, load: @escaping (_ relativePath: String) throws -> String) {
    self.limits = limits
    self.allowsOutside = allowsOutside
    self.load = load
  }

  /// - Throws: if the file cannot be read, or the files are too large together.
  func text(_ path: String, _ span: Span) throws(Issue) -> String {
    if let known = texts[path] { return known }
    let text = try reading(path, span) { try read(path) }
    texts[path] = text
    return text
  }

  /// - Throws: the same, and what is wrong with the table.
  func table(_ source: DataSource, _ span: Span) throws(Issue) -> DataTable {
    if let known = tables[source] { return known }
    let table = try reading(source.path, span) {
      try DataTable(read(source.path), decimal: source.decimal, limits: limits)
    }
    tables[source] = table
    return table
  }

  private func reading<Content>(_ path: String, _ span: Span, _ content: () throws -> Content) throws(Issue) -> Content
  {
    do { return try content() } catch let problem as DataTable.Problem {
      throw problem.issue(path, span)
    } catch {
      throw Issue(span, "\(quoted(path)) cannot be read: \(error)")
    }
  }

  private func read(_ path: String) throws -> String {
    let data = try load(path)
    byteCount += data.utf8.count
    guard byteCount <= limits.dataBytes else {
      throw DataTable.Problem(
        message: limits.message("the program's data files have more than \(limits.dataBytes >> 20) MiB in all", .size))
    }
    return data
  }

  func requireInside(_ path: String, _ span: Span) throws(Issue) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let staysInside =
      !path.hasPrefix("/") && !path.hasPrefix("~") && !path.contains("\\") && !path.contains(":")
      && !parts.contains("..")
    guard !path.isEmpty, path.utf8.count <= 1024, staysInside || allowsOutside,
      !path.unicodeScalars.contains(where: { $0.value < 0x20 })
    else {
      throw Issue(
        span, "data files must be in the program's folder or below it",
        hint: "use a relative path, such as `data/points.csv`"
          + (staysInside ? "" : limits.advice[.folder].map { ", or \($0)" } ?? ""))
    }
  }
}
