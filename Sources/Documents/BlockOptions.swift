import Figures
import GradLanguage
import GradvizKit

/// What a block asks for behind the word `grad`.
struct BlockOptions: Sendable {
  typealias Presentation = ComputationGraph.Presentation

  /// A picture of a block: a figure of a stage or a plot.
  enum Picture: String, CaseIterable, Sendable {
    case forward, loss, backward, update, overview
    case derivative, descent, parameters, decision, fit, landscape

    var stage: Stage? { Stage(rawValue: rawValue) }
    var needsTraining: Bool { stage == nil && self != .derivative }
  }

  enum Theme: String, CaseIterable, Sendable { case auto, light, dark, print, both }

  /// Where an option stands: characters of the info string.
  typealias Place = Range<Int>

  /// nil where the block leaves it to the program; empty for none.
  var pictures: [Picture]?
  var theme: Theme?
  /// What travels with the graph: `caption`, `title`, `precision`, `gradients`, `direction`, `lang`, `parameters`,
  /// `formulas`, `width`.
  var presentation = Presentation()
  var level: ComputationGraph.Level?
  var collapse: Collapse?
  /// Whose derivative, or the two parameters of a landscape.
  var of: [String] = []
  /// The method whose training is drawn beside the program's own.
  var compare: String?
  var name: String?
  var alt: String?
  var include: String?
  var hasSteps = false
  var isHidden = false
  var hasTable = false
  var continues = false
  /// Where each option that was given stands.
  var places: [Key: Place] = [:]

  enum Key: String, CaseIterable, Sendable {
    case stage, gradients, theme, caption, title, level, width, precision, lang, direction, parameters,
      collapse, formulas
    case name, alt, include, of, compare
    case steps, hidden, table, `continue`

    var isFlag: Bool {
      switch self {
      case .steps, .hidden, .table, .continue: true
      default: false
      }
    }
  }

  /// Something wrong with an option.
  struct Fault: Error {
    var place: Place
    var message: String
    var hint: String?
  }

  /// - Throws: the first thing that is wrong.
  init(_ info: String) throws(Fault) {
    for word in try OptionWord.words(info) {
      guard let key = Key(rawValue: word.key) else {
        throw Fault(
          place: word.keyPlace, message: "`\(word.key)` is no option of a block",
          hint: Spelling.suggestion(for: word.key, among: Key.allCases.map(\.rawValue))
            ?? "there are \(Key.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      guard places[key] == nil else {
        throw Fault(place: word.keyPlace, message: "`\(word.key)` is there already")
      }
      places[key] = word.keyPlace.lowerBound..<(word.valuePlace?.upperBound ?? word.keyPlace.upperBound)
      try set(key, word)
    }
    try check()
  }

  private mutating func set(_ key: Key, _ word: OptionWord) throws(Fault) {
    if key.isFlag {
      if let place = word.valuePlace, word.value != "true" {
        throw Fault(place: place, message: "`\(key.rawValue)` takes no value", hint: "it is there or not")
      }
      switch key {
      case .steps: hasSteps = true
      case .hidden: isHidden = true
      case .table: hasTable = true
      default: continues = true
      }
      return
    }
    guard let value = word.value, let place = word.valuePlace, !value.isEmpty else {
      throw Fault(
        place: word.keyPlace, message: "`\(key.rawValue)` needs a value", hint: "as in `\(Self.example(key))`"
      )
    }
    switch key {
    case .stage: pictures = try Self.pictures(value, place)
    case .theme: theme = try Self.choice(key, value, place)
    case .gradients: presentation.gradients = try Self.choice(key, value, place)
    case .direction: presentation.direction = try Self.choice(key, value, place)
    case .lang: presentation.language = try Self.choice(key, value, place)
    case .parameters: presentation.parameters = try Self.choice(key, value, place)
    case .formulas: presentation.formulas = try Self.choice(key, value, place)
    case .caption: presentation.caption = value
    case .title: presentation.title = value
    case .level:
      if value != "auto" { level = try Self.choice(key, value, place, others: ["auto"]) }
    case .precision:
      guard let digits = Int(value), (1...12).contains(digits) else {
        throw Fault(
          place: place, message: "`precision` is a whole number from 1 to 12",
          hint: "it counts significant digits")
      }
      presentation.precision = digits
    case .width:
      let widths = Presentation.widths
      guard let width = Double(value), widths.contains(width) else {
        throw Fault(
          place: place,
          message: "`width` is \(Int(widths.lowerBound)) to \(Int(widths.upperBound)) points",
          hint: "what is wider goes on in a second row")
      }
      presentation.width = width
    case .collapse:
      guard let level = Collapse(value) else {
        throw Fault(
          place: place, message: "`\(value)` is no value of `collapse`",
          hint: "it is auto, none, samples, layers or a number of boxes")
      }
      collapse = level
    case .of: of = value.split(separator: ",").map(String.init)
    case .compare:
      guard Optimizer.usualNames.contains(value) else {
        throw Self.unknown(key, value, place, Optimizer.usualNames)
      }
      compare = value
    case .name:
      let isName = value.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) || scalar == "-"
          || scalar == "_"
      }
      guard isName, value.count <= 80 else {
        throw Fault(
          place: place, message: "a name has letters, digits, `-` and `_` only",
          hint: "it becomes part of the figures' file names")
      }
      name = value
    case .alt: alt = value
    case .include: include = value
    case .steps, .hidden, .table, .continue: break
    }
  }

  private static func example(_ key: Key) -> String {
    switch key {
    case .stage: "stage=backward"
    case .gradients: "gradients=both"
    case .theme: "theme=both"
    case .caption, .title, .alt: "\(key.rawValue)=\"One neuron\""
    case .level: "level=tensor"
    case .width: "width=800"
    case .precision: "precision=3"
    case .lang: "lang=fr"
    case .direction: "direction=TB"
    case .parameters: "parameters=shared"
    case .collapse: "collapse=layers"
    case .formulas: "formulas=all"
    case .name: "name=neuron"
    case .include: "include=neuron.grad"
    case .of: "of=w1"
    case .compare: "compare=sgd"
    default: key.rawValue
    }
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: Key, _ value: String, _ place: Place, others: [String] = []
  ) throws(Fault) -> Choice where Choice.RawValue == String {
    if let choice = Choice(rawValue: value) { return choice }
    throw unknown(key, value, place, Choice.allCases.map(\.rawValue) + others)
  }

  private static func unknown(_ key: Key, _ value: String, _ place: Place, _ known: [String]) -> Fault {
    Fault(
      place: place, message: "`\(value)` is no value of `\(key.rawValue)`",
      hint: Spelling.suggestion(for: value, among: known) ?? "it is \(known.joined(separator: ", "))")
  }

  private static func pictures(_ value: String, _ place: Place) throws(Fault) -> [Picture] {
    if value == "none" { return [] }
    if value == "all" { return Picture.allCases.filter { $0.stage != nil } }
    var result: [Picture] = []
    var start = place.lowerBound
    for word in value.split(separator: ",", omittingEmptySubsequences: false) {
      let own = start..<min(start + word.count, place.upperBound)
      start += word.count + 1
      guard let picture = Picture(rawValue: String(word)) else {
        throw unknown(.stage, String(word), own, Picture.allCases.map(\.rawValue) + ["all", "none"])
      }
      guard !result.contains(picture) else {
        throw Fault(place: own, message: "`\(word)` is there already")
      }
      result.append(picture)
    }
    return result
  }

  // MARK: What goes together

  private func check() throws(Fault) {
    let pictures = pictures ?? []
    if let place = places[.of] {
      guard pictures.contains(where: { $0 == .derivative || $0 == .landscape }) else {
        throw Fault(place: place, message: "`of` belongs to `stage=derivative` and `stage=landscape`")
      }
      if pictures.contains(.derivative), of.count != 1 {
        throw Fault(place: place, message: "`stage=derivative` is about one value", hint: "as in `of=w1`")
      }
      if pictures.contains(.landscape), !pictures.contains(.derivative), of.count != 2 {
        throw Fault(place: place, message: "a landscape has two parameters", hint: "as in `of=w1,b`")
      }
    } else if pictures.contains(.derivative), let place = places[.stage] {
      throw Fault(
        place: place, message: "`stage=derivative` needs to know whose derivative", hint: "as in `of=w1`")
    }
    if let place = places[.compare], !pictures.contains(where: { $0 == .descent || $0 == .landscape }) {
      throw Fault(place: place, message: "`compare` belongs to `stage=descent` and `stage=landscape`")
    }
    if let place = places[.steps], self.pictures?.contains(.backward) == false {
      throw Fault(place: place, message: "`steps` are those of `stage=backward`")
    }
    if let place = places[.alt], hasSteps || pictures.count > 1 {
      throw Fault(
        place: place, message: "`alt` describes one figure, and the block has several",
        hint: "without it each is described by what it shows")
    }
    if let place = places[.caption], pictures.contains(where: { $0.stage == nil }) {
      throw Fault(place: place, message: "`caption` belongs to the figures of stages, not to plots")
    }
  }
}

/// One word of an info string: `key` or `key=value`, the value in quotation marks where it has blanks.
struct OptionWord {
  var key: String
  var keyPlace: BlockOptions.Place
  var value: String?
  /// Without the quotation marks.
  var valuePlace: BlockOptions.Place?

  /// The words behind `grad`; also in the form of Pandoc and Quarto, `{.grad .table stage=loss}`.
  static func words(_ info: String) throws(BlockOptions.Fault) -> [OptionWord] {
    var text = Array(info)
    var next = 4
    if text.first == "{" {
      next = 6
      guard text.last == "}" else {
        throw BlockOptions.Fault(place: 0..<1, message: "`{` is not closed", hint: "`}` ends the line")
      }
      text.removeLast()
    }
    let isBraced = next == 6
    var words: [OptionWord] = []
    while true {
      while next < text.count, text[next].isWhitespace { next += 1 }
      guard next < text.count else { return words }
      if isBraced, text[next] == "." { next += 1 }
      let start = next
      while next < text.count, text[next] != "=", !text[next].isWhitespace { next += 1 }
      var word = OptionWord(key: String(text[start..<next]), keyPlace: start..<max(next, start + 1))
      if next < text.count, text[next] == "=" {
        next += 1
        try word.readValue(text, &next)
      }
      words.append(word)
    }
  }

  private mutating func readValue(_ text: [Character], _ next: inout Int) throws(BlockOptions.Fault) {
    guard next < text.count, text[next] == "\"" else {
      let start = next
      while next < text.count, !text[next].isWhitespace { next += 1 }
      value = String(text[start..<next])
      valuePlace = start..<max(next, start + 1)
      return
    }
    let open = next
    next += 1
    var result = ""
    while next < text.count, text[next] != "\"" {
      if text[next] == "\\", next + 1 < text.count, text[next + 1] == "\"" || text[next + 1] == "\\" {
        next += 1
      }
      result.append(text[next])
      next += 1
    }
    guard next < text.count else {
      throw BlockOptions.Fault(
        place: open..<(open + 1), message: "the text is not closed", hint: "a `\"` ends it")
    }
    value = result
    valuePlace = (open + 1)..<max(next, open + 2)
    next += 1
    guard next == text.count || text[next].isWhitespace else {
      throw BlockOptions.Fault(place: next..<(next + 1), message: "a blank goes between two options")
    }
  }
}
