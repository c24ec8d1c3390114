import GradvizGraph

/// A data file and how it is read.
struct DataSource: Hashable {
  var path: String
  var decimal: UInt8
}

/// Reads tables: `csv("data.csv", columns: [a, class(b)], rows: 0:50, header: false, decimal: ",")`.
struct TableReader {
  let scope: NameScope
  let files: DataFiles

  func check(_ call: Call) throws(Issue) -> Fact {
    let span = call.span
    guard let first = call.values.first, case .text(let path) = scope.tree.nodes[first].kind else {
      throw Issue(
        span, "`csv` takes a quoted file path", hint: "`csv(\"data/points.csv\", columns: [x, y])`")
    }
    guard call.values.count == 1 else {
      let columns = call.values.dropFirst().map { node in
        if case .text(let name) = scope.tree.nodes[node].kind { return name }
        return scope.excerpt(node)
      }
      throw Issue(
        scope.span(call.values[1]), "`csv` takes one file; its columns are chosen by `columns`",
        hint: "write `csv(\"\(path)\", columns: [\(columns.joined(separator: ", "))])`")
    }
    let pathSpan = scope.span(call.values[0])
    try files.requireInside(path, pathSpan)
    let source = DataSource(path: path, decimal: try decimal(call.label("decimal")?.operand))
    var table = try files.table(source, pathSpan)
    if let label = call.label("header") { table.hasHeader = try isHeader(label.operand) }
    let rows =
      try call.label("rows").map { label throws(Issue) in try self.rows(label.operand, table) }
      ?? Array(table.rows)
    let columns = try columns(call.label("columns")?.operand, table, path, pathSpan)
    try scope.budget.requireSize([rows.count, columns.count], span)
    guard !rows.isEmpty else { throw Issue(pathSpan, "\(quoted(path)) has no rows below its header") }
    let passes = 1 + Double(columns.count { $0.isClass })
    try scope.budget.countOperations(Double(table.rows.count) * Double(table.first.count) * passes, span)
    do {
      let words = try columns.map { column throws(DataTable.Problem) in
        column.isClass ? try table.words(column) : nil
      }
      let numbers = try table.numbers(
        columns,
        classes: words.map { words in
          words.map { Dictionary(zip($0, 0...), uniquingKeysWith: { first, _ in first }) }
        }, rows: rows)
      let isVector = columns.count == 1
      var fact = Fact.literal(
        Constant(shape: isVector ? [rows.count] : [rows.count, columns.count], numbers: numbers))
      fact.classes = isVector ? words[0] : nil
      return fact
    } catch { throw error.issue(path, pathSpan) }
  }

  // MARK: How it is read

  private func decimal(_ operand: Int?) throws(Issue) -> UInt8 {
    guard let operand else { return UInt8(ascii: ".") }
    guard case .text(let sign) = scope.tree.nodes[operand].kind, sign == "," || sign == ".",
      let byte = sign.utf8.first
    else {
      throw Issue(
        scope.span(operand), "`decimal` must be the decimal separator",
        hint: "write `\",\"` or `\".\"`")
    }
    return byte
  }

  private func isHeader(_ operand: Int) throws(Issue) -> Bool {
    if case .text(let word) = scope.tree.nodes[operand].kind {
      if ["true", "True"].contains(word) { return true }
      if ["false", "False"].contains(word) { return false }
    }
    throw Issue(
      scope.span(operand), "`header` says whether the first row holds column names",
      hint: "write `true` or `false`")
  }

  // MARK: Rows

  private func rows(_ operand: Int, _ table: DataTable) throws(Issue) -> [DataTable.Row] {
    let rows = Array(table.rows)
    var chosen: [DataTable.Row] = []
    for item in items(operand) {
      if case .range = scope.tree.nodes[item].kind {
        let range = try range(item, count: rows.count, "row")
        guard chosen.count <= scope.limits.entries - range.count else {
          throw Issue(
            scope.span(item), "this selects more than \(scope.limits.entries) rows", hint: scope.limits.hint(.entries))
        }
        chosen += rows[range]
        continue
      }
      guard let constant = scope[item].constant, constant.shape.count <= (item == operand ? 1 : 0) else {
        throw Issue(
          scope.span(operand), "rows must be whole numbers", hint: "such as `[0, 50, 100]` or `0:50`")
      }
      for number in constant.numbers {
        chosen.append(rows[try position(number, count: rows.count, "row", scope.span(item))])
      }
    }
    guard !chosen.isEmpty else { throw Issue(scope.span(operand), "no rows are selected") }
    return chosen
  }

  /// The items of a selection: those of a list, or the single one.
  private func items(_ operand: Int) -> [Int] {
    if case .selection = scope.tree.nodes[operand].kind {
      scope.tree.operands(of: operand).map(Int.init)
    } else {
      [operand]
    }
  }

  /// A range of rows: `0:50`, `50:` or `-10:`.
  private func range(_ node: Int, count: Int, _ noun: String) throws(Issue) -> Range<Int> {
    let ends = try scope.tree.operands(of: node).enumerated().map { place, operand throws(Issue) in
      guard let end = scope[Int(operand)].constant?.integer else {
        throw Issue(
          scope.span(Int(operand)), "a range needs two whole numbers", hint: "`0:50`")
      }
      guard -count...count ~= end else {
        let last = place == 1 && end > 0 ? end - 1 : end
        throw missing("\(last)", count, noun, scope.span(node))
      }
      return end < 0 ? end + count : end
    }
    let end = ends.count > 1 ? ends[1] : count
    guard ends[0] < end else {
      throw Issue(
        scope.span(node), "the range is empty",
        hint: "the second number is excluded: `0:50` is 0 to 49")
    }
    return ends[0]..<end
  }

  /// A position counted from 0, or from the end if negative.
  private func position(_ number: Double, count: Int, _ noun: String, _ span: Span) throws(Issue) -> Int {
    guard let at = Int(exactly: number), -count..<count ~= at else {
      throw missing(Int(exactly: number).map(String.init) ?? "\(number)", count, noun, span)
    }
    return at < 0 ? at + count : at
  }

  private func missing(_ number: String, _ count: Int, _ noun: String, _ span: Span) -> Issue {
    Issue(
      span, "there is no \(noun) \(number)",
      hint: count == 0 ? "the file has no \(noun)s" : "the file has \(noun)s 0 to \(count - 1)")
  }

  // MARK: Columns

  /// Returns all columns by default; rejects a column given twice.
  private func columns(_ operand: Int?, _ table: DataTable, _ path: String, _ pathSpan: Span) throws(Issue)
    -> [DataTable.Column]
  {
    guard let operand else {
      for index in table.first.indices where table.hasHeader && !table.first[index].isEmpty {
        guard table.columns(table.first[index]).count == 1 else {
          throw Issue(
            pathSpan, "\(quoted(path)) has two columns \(quoted(table.first[index]))",
            hint: "select by position, such as `columns: [0, 1]`")
        }
      }
      return table.first.indices.map { DataTable.Column(index: $0) }
    }
    var columns: [DataTable.Column] = []
    var places = Set<Int>()
    for item in items(operand) {
      for column in try column(item, table, path) {
        guard places.insert(column.index).inserted else {
          throw Issue(scope.span(item), "the column \(table.name(column.index)) is selected twice")
        }
        columns.append(column)
      }
    }
    return columns
  }

  /// The columns that an item selects: one by name or position, or a range.
  private func column(_ item: Int, _ table: DataTable, _ path: String) throws(Issue) -> [DataTable.Column] {
    let span = scope.span(item)
    switch scope.tree.nodes[item].kind {
    case .classes:
      return try column(Int(scope.tree.operands(of: item).first ?? 0), table, path)
        .map { DataTable.Column(index: $0.index, isClass: true) }
    case .range:
      return try range(item, count: table.first.count, "column").map { DataTable.Column(index: $0) }
    case .text(let name):
      return [DataTable.Column(index: try self.column(named: name, table, path, span))]
    default:
      guard let number = scope[item].constant?.scalar else {
        throw Issue(
          span, "a column must be a name from the file's header or a position",
          hint: "such as `columns: [x, y]` or `columns: [0, 3]`")
      }
      return [DataTable.Column(index: try position(number, count: table.first.count, "column", span))]
    }
  }

  private func column(named name: String, _ table: DataTable, _ path: String, _ span: Span) throws(Issue)
    -> Int
  {
    let found = table.columns(name)
    if found.count == 1 { return found[0] }
    if found.count > 1 {
      throw Issue(
        span, "\(quoted(path)) has two columns \(quoted(name))",
        hint: "select by position: \(found.prefix(2).map(String.init).joined(separator: " or "))")
    }
    guard table.hasHeader else {
      throw Issue(
        span, "\(quoted(path)) has no header, so there is no column \(quoted(name))",
        hint: "select by position, such as `columns: [0, 3]`; `header: true` reads the first row as names")
    }
    throw Issue(
      span, "\(quoted(path)) has no column \(quoted(name))",
      hint: Spelling.suggestion(for: name, among: table.first.prefix(1000))
        ?? "expected one of " + table.first.prefix(12).map { quoted($0) }.joined(separator: ", "))
  }
}

extension DataTable.Problem {
  func issue(_ path: String, _ span: Span) -> Issue {
    Issue(span, "\(quoted(path)): \(message)", hint: hint)
  }
}
