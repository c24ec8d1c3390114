import Autograd

/// Functions that make numbers: `zeros`, `ones`, `random`, `one_hot`, `csv`.
extension Checker {
  mutating func data(_ function: Vocabulary.Function, _ arguments: Arguments, _ node: Int) throws(Issue)
    -> Fact
  {
    let span = tree.nodes[node].span
    switch function {
    case .zeros, .ones, .random:
      let shape = try sizes(arguments.values, function, span)
      let count = Shapes.count(shape) ?? 0
      guard function == .random else {
        return .literal(
          Constant(shape: shape, numbers: [Double](repeating: function == .ones ? 1 : 0, count: count)))
      }
      guard let label = arguments.label("seed") else {
        throw Issue(
          span, "`random` needs a seed, so that every run draws the same numbers", hint: "add `seed: 1`")
      }
      guard let seed = facts[label.operand].constant?.integer else {
        throw Issue(tree.nodes[label.operand].span, "the seed is a whole number")
      }
      let scheme = try scheme(arguments)
      return .literal(Constant(shape: shape, numbers: scheme.values(shape: shape, seed: seed)))
    case .oneHot: return try oneHot(arguments.values, span)
    default: return try csv(arguments, span)
    }
  }

  private func sizes(_ operands: [Int], _ function: Vocabulary.Function, _ span: Span) throws(Issue) -> [Int]
  {
    guard operands.count <= 2 else {
      throw Issue(span, "`\(function.rawValue)` takes at most 2 sizes, not \(operands.count)")
    }
    var shape: [Int] = []
    for operand in operands {
      guard let size = facts[operand].constant?.integer, size >= 1 else {
        throw Issue(tree.nodes[operand].span, "a size is a whole number from 1 on")
      }
      shape.append(size)
    }
    try requireSize(shape, span)
    return shape
  }

  /// `scheme: kaiming_normal`; uniform in ±1/√inputs where nothing is said.
  func scheme(_ arguments: Arguments) throws(Issue) -> Initialization {
    guard let label = arguments.label("scheme") else { return .uniform }
    let names = Initialization.allCases.map(\.rawValue)
    guard case .text(let name) = tree.nodes[label.operand].kind else {
      throw Issue(
        tree.nodes[label.operand].span, "a scheme is a word", hint: "one of " + names.joined(separator: ", "))
    }
    guard let scheme = Initialization(name: name) else {
      throw Issue(
        tree.nodes[label.operand].span, "`\(name.prefix(40))` is no scheme",
        hint: Spelling.suggestion(for: name, among: names) ?? "one of " + names.joined(separator: ", "))
    }
    return scheme
  }

  /// Each column with mean 0 and standard deviation 1; a column of one number becomes 0.
  func standardized(_ operands: [Int], _ node: Int) throws(Issue) -> Fact {
    guard operands.count == 1, let constant = facts[operands[0]].constant, !constant.shape.isEmpty else {
      throw Issue(
        tree.nodes[node].span, "`standardize` takes numbers that are known beforehand",
        hint: "as in `input x = standardize(csv(…))`")
    }
    let columns = constant.shape.count == 2 ? constant.shape[1] : 1
    let rows = constant.numbers.count / columns
    var numbers = constant.numbers
    for column in 0..<columns {
      let own = (0..<rows).map { constant.numbers[$0 * columns + column] }
      let mean = own.reduce(0, +) / Double(rows)
      let deviation = (own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)).squareRoot()
      for row in 0..<rows {
        numbers[row * columns + column] = deviation > 0 ? (own[row] - mean) / deviation : 0
      }
    }
    return .literal(Constant(shape: constant.shape, numbers: numbers))
  }

  private func oneHot(_ operands: [Int], _ span: Span) throws(Issue) -> Fact {
    guard operands.count == 2 else {
      throw Issue(
        span, "`one_hot` takes 2 arguments, not \(operands.count)", hint: "`one_hot(classes, count)`")
    }
    guard let classes = facts[operands[0]].constant, classes.shape.count == 1 else {
      throw Issue(tree.nodes[operands[0]].span, "`one_hot` takes a vector of class numbers")
    }
    guard let count = facts[operands[1]].constant?.integer, count >= 1 else {
      throw Issue(tree.nodes[operands[1]].span, "the number of classes is a whole number from 1 on")
    }
    let shape = [classes.numbers.count, count]
    try requireSize(shape, span)
    var numbers = [Double](repeating: 0, count: shape[0] * count)
    for (row, number) in classes.numbers.enumerated() {
      guard let column = Int(exactly: number), column >= 0, column < count else {
        throw Issue(
          tree.nodes[operands[0]].span,
          "\(NumberText.plain(number)) is not one of the classes 0 to \(count - 1)")
      }
      numbers[row * count + column] = 1
    }
    return .literal(Constant(shape: shape, numbers: numbers))
  }

  // MARK: CSV

  private mutating func csv(_ arguments: Arguments, _ span: Span) throws(Issue) -> Fact {
    guard arguments.values.count == 1, case .text(let path) = tree.nodes[arguments.values[0]].kind else {
      throw Issue(
        span, "`csv` takes the path of a file in quotes", hint: "`csv(\"data/points.csv\", columns: [x, y])`")
    }
    let pathSpan = tree.nodes[arguments.values[0]].span
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let staysInside =
      !path.hasPrefix("/") && !path.hasPrefix("~") && !path.contains("\\") && !path.contains(":")
      && !parts.contains("..")
    guard !path.isEmpty, path.utf8.count <= 1024, staysInside || allowsDataOutside,
      !path.unicodeScalars.contains(where: { $0.value < 0x20 })
    else {
      throw Issue(
        pathSpan, "data files stand in this file's folder or below it",
        hint: staysInside
          ? "write a path such as `data/points.csv`"
          : "write a path such as `data/points.csv`, or run with `--allow-data-outside`")
    }
    var table: DataTable
    do { table = try loadTable(path) } catch let problem as DataTable.Problem {
      throw Issue(pathSpan, "\(quoted(path)): \(problem.message)")
    } catch {
      throw Issue(pathSpan, "\(quoted(path)) cannot be read: \(error)")
    }
    if let label = arguments.label("rows") { table.rows = try rows(label.operand, table) }
    let columns = try columns(arguments.label("columns")?.operand, table, path)
    try requireSize([table.rows.count, columns.count], span)
    guard !table.rows.isEmpty else { throw Issue(pathSpan, "\(quoted(path)) has no rows below its header") }
    try countOperations(Double(table.rows.count) * Double(table.header.count), span)
    do {
      let numbers = try table.numbers(columns: columns)
      let isVector = columns.count == 1
      return .literal(
        Constant(shape: isVector ? [table.rows.count] : [table.rows.count, columns.count], numbers: numbers))
    } catch { throw Issue(pathSpan, "\(quoted(path)): \(error.message)") }
  }

  private func rows(_ operand: Int, _ table: DataTable) throws(Issue) -> [DataTable.Row] {
    guard let constant = facts[operand].constant, constant.shape.count == 1 else {
      throw Issue(tree.nodes[operand].span, "the rows are a list of whole numbers, such as `[0, 50, 100]`")
    }
    var rows: [DataTable.Row] = []
    for number in constant.numbers {
      guard let row = Int(exactly: number), table.rows.indices.contains(row) else {
        throw Issue(
          tree.nodes[operand].span, "there is no row \(Int(exactly: number).map(String.init) ?? "\(number)")",
          hint: table.rows.isEmpty
            ? "the file has none" : "the file has the rows 0 to \(table.rows.count - 1)")
      }
      rows.append(table.rows[row])
    }
    return rows
  }

  /// All columns where none are asked for.
  private func columns(_ operand: Int?, _ table: DataTable, _ path: String) throws(Issue) -> [Int] {
    guard let operand else { return Array(table.header.indices) }
    let items: [Int]
    if case .list = tree.nodes[operand].kind {
      items = tree.operands(of: operand).map(Int.init)
    } else {
      items = [operand]
    }
    var columns: [Int] = []
    for item in items {
      guard case .text(let name) = tree.nodes[item].kind else {
        throw Issue(tree.nodes[item].span, "a column is a name of the file's header")
      }
      guard let column = table.column(name) else {
        throw Issue(
          tree.nodes[item].span, "\(quoted(path)) has no column \(quoted(name))",
          hint: Spelling.suggestion(for: name, among: table.header.prefix(1000))
            ?? "it has " + table.header.prefix(12).map { quoted($0) }.joined(separator: ", "))
      }
      columns.append(column)
    }
    return columns
  }
}
