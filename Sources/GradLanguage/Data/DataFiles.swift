import GradvizGraph

/// The data files of a program: each is read once, and all together have a limit.
final class DataFiles {
  private let load: (_ relativePath: String) throws -> String
  private let limits: Limits
  private var tables: [DataSource: DataTable] = [:]
  private var texts: [String: String] = [:]
  private var byteCount = 0

  init(limits: Limits, load: @escaping (_ relativePath: String) throws -> String) {
    self.limits = limits
    self.load = load
  }

  /// - Throws: what loading throws, and a problem if the files are too large together.
  func text(_ path: String) throws -> String {
    if let known = texts[path] { return known }
    let text = try read(path)
    texts[path] = text
    return text
  }

  /// - Throws: the same, and what is wrong with the table.
  func table(_ source: DataSource) throws -> DataTable {
    if let known = tables[source] { return known }
    let table = try DataTable(read(source.path), decimal: source.decimal, limits: limits)
    tables[source] = table
    return table
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
}
