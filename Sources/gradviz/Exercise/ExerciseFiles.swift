import Autograd
import GradLanguage
import GradvizExplorer
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizSystem

/// What `gradviz exercise` does with a program or graph.
extension ExerciseCommand {
  /// The sheets, the solutions and the answers; nothing is written before all of them are there.
  func drawn(_ text: String, _ line: PhaseLine) throws -> [DrawnFile] {
    var clock = Clock()
    line.begin(Words(lang ?? .english).reading(Terminal.line(file)))
    let (graphs, rounding) = try loaded(text)
    let words = Words(graphs[0].presentation)
    if let rounding {
      Terminal.note(
        "\(Terminal.line(file)): \(words.noteLabel) \(words.roundedNumbers(rounding.function, digits: digits))")
    }
    line.begin(words.layingOut(graphs[0].nodes.count))
    let options = options(isRounded: rounding != nil)
    let exercises = try exercises(graphs, options)
    var results: [DrawnFile] = []
    for format in formats.isEmpty ? [.svg] : formats {
      results +=
        format == .html
        ? try pages(of: graphs, options, words, line, &clock) : try files(of: exercises, format, words, line, &clock)
    }
    let answers = DrawnFile(
      name: "answers.csv", bytes: Array(Self.answerLines(exercises, isNumbered: variants != nil).utf8), format: nil,
      words: words,
      seconds: clock.lap())
    return results + [answers]
  }

  private var digits: Int { precision ?? ProgramVariants.roundedDigits }

  /// The program's own graph, or those of its variants, and whether their numbers are rounded.
  private func loaded(_ text: String) throws -> (graphs: [ComputationGraph], rounding: (function: String?, Void)?) {
    let isGraph = ComputationGraph.isJSON(text, path: file)
    guard let variants else {
      let loaded: LoadedGraph
      do {
        loaded = try ComputationGraph.load(
          text: text, path: file, level: isGraph ? nil : .scalar, limits: limitOptions.limits,
          allowsDataOutside: allowDataOutside, language: lang)
      } catch {
        throw Failure.input(error.description)
      }
      for warning in loaded.warnings { Terminal.note(warning) }
      return ([presented(loaded.graph, variant: nil)], nil)
    }
    guard !isGraph else {
      throw Failure.input(file, "a graph has its own numbers; `--variants` needs a program", in: lang)
    }
    let program: Program
    do {
      program = try .load(
        text: text, path: file, limits: limitOptions.limits, allowsDataOutside: allowDataOutside, language: lang)
    } catch {
      throw Failure.input(error.description)
    }
    let language = lang ?? program.settings.presentation.language ?? .english
    for warning in program.warnings { Terminal.note(warning.rendered(file: file, language: language)) }
    let found: ProgramVariants
    do { found = try ProgramVariants(of: program, count: variants, seed: seed) } catch {
      throw Failure.input(file, "\(error)", in: language)
    }
    let graphs = found.graphs.enumerated().map { presented($1, variant: $0 + 1) }
    return (graphs, found.isRounded ? (found.function, ()) : nil)
  }

  /// With what a flag sets, and the variant in its title.
  private func presented(_ graph: ComputationGraph, variant: Int?) -> ComputationGraph {
    var graph = graph
    var shown = graph.presentation
    if let lang { shown.language = lang }
    if let theme { shown.theme = theme }
    if let precision { shown.precision = precision }
    if let formulas { shown.formulas = formulas }
    if let width { shown.width = width }
    pageOptions.apply(to: &shown)
    let title = shown.title ?? (file == "-" ? "Program" : name)
    shown.title = variant.map { "\(title), \(Words(shown).variant($0))" } ?? title
    graph.presentation = shown
    return graph
  }

  private func options(isRounded: Bool) -> FigureOptions {
    FigureOptions(
      precision: precision ?? (variants == nil ? nil : isRounded ? digits : ProgramVariants.maxDigits),
      hiddenParts: Set(hideLists.flatMap(\.words)))
  }

  private func exercises(_ graphs: [ComputationGraph], _ options: FigureOptions) throws -> [Exercise] {
    let known = Blanks.names(in: graphs[0])
    for word in blanks where !Blanks.words.contains(word) && !Blanks.hasValue(word, in: graphs[0]) {
      let names = known.enumerated().filter { !known[..<$0.offset].contains($0.element) }.map(\.element).prefix(12)
      throw Failure.commandLine(Arguments.unknown("value in `--blank`:", word, of: Blanks.words + names))
    }
    do {
      return try Exercise.alike(graphs, blanks: try Blanks(blanks, in: graphs[0]), options: options)
    } catch {
      throw Failure.input(file, "\(error)", in: graphs[0].presentation.language)
    }
  }

  private func files(
    of exercises: [Exercise], _ format: ExerciseFormat, _ words: Words, _ line: PhaseLine, _ clock: inout Clock
  ) throws -> [DrawnFile] {
    let theme = theme ?? .print
    func file(_ name: String, _ bytes: [UInt8]) -> DrawnFile {
      DrawnFile(
        name: "\(name).\(format.ofFigure?.ending ?? format.rawValue)", bytes: bytes,
        format: Format(rawValue: format.rawValue), words: words,
        seconds: clock.lap())
    }
    let parts: [(name: String, figures: [Figure])] = [
      ("sheet", exercises.map(\.sheet)), ("solution", exercises.map(\.solution)),
    ]
    var files: [DrawnFile] = []
    for part in parts {
      if format == .pdf {
        line.begin(words.drawingExercise(1, of: exercises.count))
        files.append(file(part.name, try Figure.pdf(pages: part.figures, theme: theme)))
        continue
      }
      for (number, figure) in part.figures.enumerated() {
        line.begin(words.drawingExercise(number + 1, of: exercises.count))
        files.append(
          file(
            numbered(part.name, number + 1, of: exercises.count), try figure.data(format.ofFigure ?? .svg, theme: theme)
          ))
      }
    }
    return files
  }

  /// A page for each sheet, on which its reader answers.
  private func pages(
    of graphs: [ComputationGraph], _ options: FigureOptions, _ words: Words, _ line: PhaseLine, _ clock: inout Clock
  ) throws -> [DrawnFile] {
    let chosen = try Blanks(blanks, in: graphs[0])
    return try graphs.enumerated().map { number, graph in
      line.begin(words.drawingExercise(number + 1, of: graphs.count))
      let page: ExercisePage
      do { page = try ExercisePage(graph, blanks: chosen, options: options) } catch {
        throw Failure.input("\(Terminal.line(file)): \(words.errorLabel) \(error)")
      }
      return DrawnFile(
        name: "\(numbered("sheet", number + 1, of: graphs.count)).html", bytes: Array(page.html.utf8), format: .html,
        words: words, seconds: clock.lap())
    }
  }

  private func numbered(_ name: String, _ number: Int, of count: Int) -> String {
    variants == nil ? name : "\(name)-\(Self.padded(number, of: count))"
  }

  /// The names of all have the order of the variants.
  private static func padded(_ number: Int, of count: Int) -> String {
    String(repeating: "0", count: "\(count)".count - "\(number)".count) + "\(number)"
  }

  /// The right answers with twelve digits, one a line, for a spreadsheet or a program that corrects.
  static func answerLines(_ exercises: [Exercise], isNumbered: Bool) -> String {
    var lines = ["name,kind,answer,variant"]
    for (number, exercise) in exercises.enumerated() {
      for answer in exercise.answers {
        let name =
          answer.name.contains { ",\"".contains($0) } ? "\"\(answer.name.replacing("\"", with: "\"\""))\"" : answer.name
        // 0 is never −0.
        let value = (answer.number + 0).general(digits: 12)
        lines.append("\(name),\(answer.kind.rawValue),\(value),\(isNumbered ? "\(number + 1)" : "")")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
