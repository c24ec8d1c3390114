import Autograd
import GradvizExplorer
import GradvizFigures
import GradvizGraph
import GradvizKit

/// What `gradviz help` explains besides commands.
enum HelpTopic: String, CaseIterable {
  case limits, manual

  /// What `help` explains: commands and topics.
  static let words = Gradviz.commands.filter { $0 != "help" } + allCases.map(\.rawValue)

  /// The page that `help TOPIC` asks for; nil for another command line.
  ///
  /// - Throws: ``Failure`` for a word that is neither a command nor a topic.
  static func page(for arguments: [String], commands: [String]) throws -> String? {
    guard arguments.count > 1, arguments[0] == "help", !arguments[1].hasPrefix("-") else { return nil }
    if let topic = HelpTopic(rawValue: arguments[1]) { return try topic.page() }
    guard commands.contains(arguments[1]) else {
      throw Failure.commandLine(
        Arguments.unknown("command or topic", arguments[1], of: commands + allCases.map(\.rawValue)))
    }
    return nil
  }

  private func page() throws -> String {
    switch self {
    case .limits: Self.limitsPage
    case .manual: try ManualPage.text()
    }
  }

  /// One limit: how it is called, what it is, and what raises it.
  struct Row {
    var what: String
    var most: String
    var option: String?
  }

  /// Every limit that a user can meet, from the constants that hold it.
  static let rows: [(title: String, rows: [Row])] = {
    let (limits, shown) = (Limits(), ComputationGraph.Presentation.self)
    func range(_ values: ClosedRange<Double>) -> String { "\(plain(values.lowerBound)) to \(plain(values.upperBound))" }
    return [
      (
        "What is read",
        [
          Row(what: "a program", most: "\(limits.programBytes >> 20) MiB", option: "--max-size"),
          Row(
            what: "a graph; all data files of a program", most: "\(limits.dataBytes >> 20) MiB", option: "--max-size"),
          Row(what: "nested brackets, signs, powers and calls", most: "\(limits.nesting)", option: "--max-nesting"),
          Row(
            what: "names, numbers, operations; values of a graph", most: "\(limits.values)", option: "--max-values"),
          Row(what: "operands of all values of a graph", most: "\(limits.operands)", option: "--max-operands"),
          Row(what: "numbers in all arrays", most: "\(limits.entries)", option: "--max-entries"),
          Row(what: "axes of an array", most: "\(Shapes.maxRank)"),
          Row(what: "bytes of a name in a graph", most: "\(Limits.nameBytes)"),
          Row(what: "bytes of a title or a caption", most: "\(Limits.textBytes)"),
        ]
      ),
      (
        "What is computed",
        [
          Row(
            what: "operations of a forward pass; of a check", most: "\(limits.operations)",
            option: "--max-operations"),
          Row(what: "steps of a training run", most: "\(limits.steps)", option: "--max-steps"),
        ]
      ),
      (
        "What is drawn",
        [
          Row(what: "boxes of a figure", most: "\(FigureSet.maxBoxes)", option: "--max-boxes"),
          Row(what: "arrows of a figure", most: "\(FigureSet.maxArrows)", option: "--max-arrows"),
          Row(
            what: "values that are drawn without folding", most: "\(Collapse.maxBoxesUnfolded)", option: "--collapse"),
          Row(
            what: "arrays that are drawn without folding", most: "\(Collapse.maxArraysUnfolded)", option: "--collapse"),
          Row(what: "values of an interactive page (-T html)", most: "\(Explorer.maxValues)"),
          Row(what: "width of a figure in points", most: range(shown.widths), option: "--width"),
          Row(what: "scale of a figure's file", most: range(shown.scales), option: "--scale"),
          Row(what: "pixels of a PNG per inch", most: range(shown.resolutions), option: "--dpi"),
        ]
      ),
    ]
  }()

  private static var limitsPage: String {
    let (first, second) = (
      rows.flatMap(\.rows).map(\.what.count).max() ?? 0, rows.flatMap(\.rows).map(\.most.count).max() ?? 0
    )
    let tables = rows.map { title, rows in
      ([title.uppercased() + ":"]
        + rows.map { row in
          let number = String(repeating: " ", count: second - row.most.count) + row.most
          let space = String(repeating: " ", count: first - row.what.count)
          return "  \(row.what)\(space)  \(number)" + (row.option.map { "  \($0)" } ?? "")
        }).joined(separator: "\n")
    }
    return """
      How large files, graphs and figures may be, and the option that changes it.

      Example:
        gradviz draw large.grad --max-values 5000000

      \(tables.joined(separator: "\n\n"))

      What is larger is refused before memory is taken, with status 1 and a message
      that names the limit and its option.
      """
  }
}

/// A number of an option without a needless `.0`.
func plain(_ number: Double) -> String {
  number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : "\(number)"
}
