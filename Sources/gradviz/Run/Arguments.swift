import ArgumentParser
import GradvizSystem

/// The command line as it was typed, and what is said where it is wrong.
enum Arguments {
  /// Reads `--open` without a module as `--show`, and puts `draw` in front of a file: `gradviz net.grad` draws it.
  ///
  /// - Throws: ``Failure`` for a command that does not exist.
  static func completed(_ arguments: [String], commands: [String]) throws -> [String] {
    let arguments = arguments.indices.map { place in
      guard arguments[place] == "--open" else { return arguments[place] }
      let next = arguments.dropFirst(place + 1).first
      return next.map { $0.hasPrefix("-") || isProgram($0) } ?? true ? "--show" : "--open"
    }
    guard let first = arguments.first, !first.hasPrefix("-") || first == "-", !commands.contains(first) else {
      return arguments
    }
    if first == "-" || isProgram(first) { return ["draw"] + arguments }
    throw Failure.commandLine(unknown("command", first, of: commands))
  }

  /// What is said about a word that is not one of some: the nearest, or all of them.
  static func unknown(_ what: String, _ word: String, of known: [String]) -> String {
    let near = known.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
    let advice =
      if let near, near.1 <= 2 { "did you mean `\(near.0)`?" } else {
        "expected one of \(known.joined(separator: ", "))"
      }
    return "unknown \(what) `\(Terminal.line(word))`; \(advice)"
  }

  private static func isProgram(_ word: String) -> Bool {
    word.hasSuffix(".grad") || word.hasSuffix(".json") || FileManager.default.fileExists(atPath: word)
  }

  /// How many letters must be inserted, removed, replaced or swapped.
  static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.lowercased()), Array(b.lowercased()))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }

  /// What the parser says, in the style of all other messages.
  static func message(_ error: any Error) -> String {
    let words = Gradviz.message(for: error).replacing("'", with: "`").replacing(
      ". Did you mean", with: "; did you mean")
    if let short = refusal(words) ?? missing(words) { return "gradviz: error: \(short)" }
    let lines = words.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first, let letter = first.first else { return "gradviz: error: the command line is wrong" }
    // A word in capitals stays as it is.
    let isWord = first.dropFirst().first?.isLowercase ?? false
    let start = isWord ? letter.lowercased() + first.dropFirst() : String(first)
    return (["gradviz: error: \(start)"] + lines.dropFirst().map(String.init)).joined(separator: "\n")
  }

  /// ``Missing expected argument `<file> ...` `` in our own words; nil for another message.
  private static func missing(_ message: String) -> String? {
    guard let match = message.wholeMatch(of: /Missing expected argument `<([a-z]+)>(?: \.\.\.)?`/) else { return nil }
    let command = CommandLine.arguments.dropFirst().first { Gradviz.commands.contains($0) }
    return "a \(match.output.1) is missing" + (command.map { "; `gradviz help \($0)` has examples" } ?? "")
  }

  /// ``The value `de` is invalid for `--lang <lang>`. Please provide one of `en` and `fr`.`` in our own words; nil for
  /// another message.
  static func refusal(_ message: String) -> String? {
    let parts = message.split(separator: "` is invalid for `", maxSplits: 1).map(String.init)
    guard parts.count == 2, parts[0].hasPrefix("The value `"), let end = parts[1].firstIndex(of: "`") else {
      return nil
    }
    let value = Terminal.line(String(parts[0].dropFirst("The value `".count)))
    let name = parts[1][..<end].split(separator: " ").first.map(String.init) ?? ""
    let rest = parts[1][parts[1].index(after: end)...]
    let isList = rest.contains("\n  - ")
    let choices =
      isList
      ? rest.split(separator: "\n").filter { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) }
      : rest.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    guard let last = choices.last else { return "`\(name)` takes \(kind(name)), not `\(value)`\(decimal(value))" }
    let listed = choices.count == 1 ? last : choices.dropLast().joined(separator: ", ") + " or " + last
    // Of a list, the word that is wrong.
    let words = value.split(separator: ",").map(\.trimmed)
    let wrong = words.first { word in !choices.contains { $0.lowercased() == word.lowercased() } } ?? value
    let near = choices.map { ($0, distance(wrong, $0)) }.min { $0.1 < $1.1 }.flatMap { $0.1 <= 2 ? $0.0 : nil }
    return "`\(name)` takes \(listed), not `\(wrong)`" + (near.map { "; did you mean `\($0)`?" } ?? "")
  }

  /// What an option without a list of words takes.
  private static func kind(_ option: String) -> String {
    switch option {
    case "--collapse": "auto, none, samples, repeats, layers, scopes or a number of boxes"
    case "--scale", "--dpi", "--width": "a number"
    default: "a whole number"
    }
  }

  /// The advice on a number such as `1,5`.
  private static func decimal(_ value: String) -> String {
    value.wholeMatch(of: /[+-]?[0-9]+,[0-9]+/) == nil
      ? "" : "; a decimal has a point: `\(value.replacing(",", with: "."))`"
  }
}
