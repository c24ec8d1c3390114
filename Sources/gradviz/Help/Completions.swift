import ArgumentParser
import Autograd
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizSystem

/// What a shell offers for the word at the cursor, as far as fixed words and endings of files do not say it.
enum Completions {
  /// Stages, several with commas.
  static let stages = CompletionKind.custom { _, _, prefix in
    Completions.listed(StageChoice.allValueStrings, after: prefix)
  }

  /// Parts of a figure, several with commas, for `--hide`.
  static let parts = CompletionKind.custom { _, _, prefix in
    Completions.listed(WordList<FigureOptions.Part>.allValueStrings, after: prefix)
  }

  /// What an exercise may leave out, several with commas, for `--blank`.
  static let blanks = CompletionKind.custom { words, place, prefix in
    let names = Completions.names(words, place) { Blanks.names(in: $0) }
    return Completions.listed(Blanks.words + names, after: prefix)
  }

  /// Stages of a derivation, several with commas.
  static let derivedStages = CompletionKind.custom { _, _, prefix in
    Completions.listed(WordList<Derivation.Part>.allValueStrings, after: prefix)
  }

  /// Every named value of the program or graph on the line, for `--only`.
  static let values = CompletionKind.custom { words, place, _ in
    Completions.names(words, place) { graph in graph.nodes.filter(\.isNamed).map { $0.array ?? $0.name } }
  }

  /// The modules of the recorded step on the line, for `--open`.
  static let modules = CompletionKind.custom { words, place, _ in
    Completions.names(words, place) { graph in graph.nodes.compactMap(\.scope) }
  }

  /// The numbers of parameters and inputs of the program on the line, for `--of`.
  static let entries = CompletionKind.custom { words, place, _ in
    Completions.entries(words, place, of: [.parameter, .input])
  }

  /// The numbers of parameters, two with a comma, for `--landscape`.
  static let parameterPairs = CompletionKind.custom { words, place, prefix in
    Completions.listed(Completions.entries(words, place, of: [.parameter]), after: prefix)
  }

  /// More are not of help.
  private static let most = 200

  /// Less than a program may take when it is drawn: a reader waits for the answer.
  private static var limits: Limits {
    var limits = Limits()
    (limits.values, limits.entries, limits.operations) = (100_000, 1_000_000, 100_000_000)
    return limits
  }

  /// The words that do not stand in a list with commas yet, each after that list.
  static func listed(_ words: [String], after prefix: String) -> [String] {
    let typed = Train.names(prefix)
    let start = typed.dropLast().map { $0 + "," }.joined()
    return words.filter { !typed.dropLast().contains($0) }.map { start + $0 }
  }

  private static func names(
    _ words: [String], _ place: Int, _ choose: (ComputationGraph) -> [String]
  ) -> [String] {
    guard let file = file(among: words, except: place), let text = try? Files.read(file, limits: limits),
      let loaded = try? ComputationGraph.load(text: text, path: file, level: nil, limits: limits)
    else { return [] }
    return unique(choose(loaded.graph))
  }

  private static func entries(_ words: [String], _ place: Int, of roles: Set<Role>) -> [String] {
    guard let file = file(among: words, except: place), let text = try? Files.read(file, limits: limits),
      let program = try? Program.load(text: text, path: file, limits: limits)
    else { return [] }
    let elements = program.record().tape.elements(of: roles)
    return unique(elements.prefix(most).map(\.name))
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen = Set<String>()
    return Array(names.filter { seen.insert($0).inserted }.prefix(most))
  }

  /// The first program or graph of a command line, as the shell passes it: its quotes are still there.
  private static func file(among words: [String], except place: Int) -> String? {
    words.indices.filter { $0 != place }.map { unquoted(words[$0]) }.first { word in
      (word.hasSuffix(".grad") || word.hasSuffix(".json")) && FileManager.default.fileExists(atPath: word)
    }
  }

  /// A word without quotes and backslashes, `~/` as the home folder.
  static func unquoted(_ word: String) -> String {
    var (result, quote, isEscaped): (String, Character?, Bool) = ("", nil, false)
    for character in word {
      if isEscaped {
        result.append(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { result.append(character) }
      } else if character == "'" || character == "\"" {
        quote = character
      } else {
        result.append(character)
      }
    }
    guard word.hasPrefix("~/"), let home = getenv("HOME") else { return result }
    return String(cString: home) + result.dropFirst()
  }
}
