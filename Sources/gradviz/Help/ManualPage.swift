import ArgumentParser
import GradvizSystem

/// The manual page, `gradviz.1`, from the same declarations as `--help`.
enum ManualPage {
  static func text() throws -> String {
    let tool = try JSONDecoder().decode(Tool.self, from: Data(Gradviz._dumpHelp().utf8))
    var page = Roff()
    let version = Gradviz.configuration.version
    page.raw(".TH GRADVIZ 1 \"\" \"gradviz \(version)\" \"User Commands\"")
    page.heading("NAME")
    page.raw("gradviz \\- figures of how a neural network learns")
    let commands = (tool.command.subcommands ?? []).filter { $0.commandName != "help" }
    page.heading("SYNOPSIS")
    for command in commands { page.synopsis(of: command) }
    page.heading("DESCRIPTION")
    page.prose(tool.command.abstract ?? "")
    page.prose(tool.command.discussion ?? "")
    page.heading("COMMANDS")
    for command in commands { page.command(command) }
    page.heading("LIMITS")
    page.prose("What is larger is refused with a message; the option in brackets changes the limit.")
    for group in HelpTopic.rows {
      for row in group.rows {
        page.entry(row.what, "\(row.most)\(row.option.map { " (\($0))" } ?? "")")
      }
    }
    page.heading("EXIT STATUS")
    page.entry("0", "Success.")
    page.entry("1", "An input error: a file cannot be read or written, or its content is wrong.")
    page.entry("2", "A command line error.")
    page.heading("ENVIRONMENT")
    page.entry("NO_COLOR", "Messages on a terminal are without color if this is set.")
    page.entry("SOURCE_DATE_EPOCH", "The date of a PDF, in seconds since 1970; otherwise it has none.")
    page.entry(
      "XDG_CACHE_HOME",
      "Below it `document` notes in `gradviz` what it has drawn (default: ~/.cache); it may be removed.")
    page.heading("SEE ALSO")
    page.raw(".BR dot (1)")
    return page.lines.joined(separator: "\n")
  }

  /// What ArgumentParser says about a tool, as far as the page needs it.
  private struct Tool: Decodable { var command: Command }

  fileprivate struct Command: Decodable {
    var commandName: String
    var superCommands: [String]?
    var abstract: String?
    var discussion: String?
    var arguments: [Argument]?
    var subcommands: [Command]?

    var words: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }
  }

  fileprivate struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String
      var text: String { (kind == "long" ? "--" : "-") + name }
    }
    var kind: String
    var shouldDisplay: Bool
    var isRepeating: Bool
    var names: [Name]?
    var valueName: String?
    var allValues: [String]?
    var defaultValue: String?
    var abstract: String?

    /// The short name first, as in `--help`.
    var title: String {
      let value = kind == "flag" ? "" : "<\(valueName ?? "value")>"
      guard let names, !names.isEmpty else { return value + (isRepeating ? "…" : "") }
      let sorted = names.filter { $0.kind != "long" } + names.filter { $0.kind == "long" }
      return (sorted.map(\.text).joined(separator: ", ") + " " + value).trimmed
    }

    var text: String {
      let values = allValues.map { "(values: \($0.joined(separator: ", ")))" }
      return [abstract, values, defaultValue.map { "(default: \($0))" }].compactMap { $0 }.joined(separator: " ")
    }
  }
}

/// Lines of a manual page in troff's `man` macros.
private struct Roff {
  private(set) var lines: [String] = []

  mutating func raw(_ line: String) { lines.append(line) }
  mutating func heading(_ title: String) { raw(".SH \(title)") }

  mutating func synopsis(of command: ManualPage.Command) {
    let files = (command.arguments ?? []).filter { $0.kind == "positional" && $0.shouldDisplay }.map(\.title)
    raw(".B \(Self.escaped(command.words))")
    raw(Self.escaped((["[options]"] + files).joined(separator: " ")))
    raw(".br")
  }

  mutating func command(_ command: ManualPage.Command) {
    raw(".SS \(Self.escaped(command.words))")
    prose(command.abstract ?? "")
    prose(command.discussion ?? "")
    for argument in command.arguments ?? [] where argument.shouldDisplay {
      if argument.names?.contains(where: { ["help", "version"].contains($0.name) }) != true {
        entry(argument.title, argument.text)
      }
    }
    for part in command.subcommands ?? [] { self.command(part) }
  }

  /// A term and what it means.
  mutating func entry(_ term: String, _ meaning: String) {
    raw(".TP")
    raw("\\fB\(Self.escaped(term))\\fR")
    raw(Self.styled(meaning))
  }

  /// Paragraphs; indented lines stay as they are, as examples do.
  mutating func prose(_ text: String) {
    var isExample = false
    func isIndented(_ line: String) -> Bool { line.hasPrefix("  ") }
    for (place, paragraph) in text.split(separator: "\n\n").enumerated() {
      if place > 0 || lines.last?.hasPrefix(".S") == false { raw(".PP") }
      for line in paragraph.split(separator: "\n").map(String.init) {
        if isIndented(line) != isExample {
          isExample.toggle()
          if isExample { [".PP", ".nf", ".RS 2"].forEach { raw($0) } } else { [".RE", ".fi"].forEach { raw($0) } }
        }
        raw(isExample ? Self.escaped(String(line.dropFirst(2))) : Self.styled(line))
      }
      if isExample { [".RE", ".fi"].forEach { raw($0) } }
      isExample = false
    }
  }

  /// Text whose words in backquotes are bold.
  private static func styled(_ text: String) -> String {
    let parts = escaped(text).split(separator: "\\(ga", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return parts.joined(separator: "\\(ga") }
    return protected(
      parts.enumerated().map { $0.offset % 2 == 1 ? "\\fB\($0.element)\\fR" : String($0.element) }.joined())
  }

  /// Text without anything that troff would take for a command.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "`": result += "\\(ga"
      case "'": result += "\\(aq"
      case "~": result += "\\(ti"
      case "^": result += "\\(ha"
      default: result.append(character)
      }
    }
    return protected(result)
  }

  private static func protected(_ line: String) -> String {
    line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
  }
}
