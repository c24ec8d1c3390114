import Autograd
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit

/// The options of a block, after the word `grad`.
struct BlockOptions: Sendable {
  typealias Presentation = ComputationGraph.Presentation

  enum Theme: String, CaseIterable, Sendable { case auto, light, dark, print, both }

  /// The position of an option: a range of characters in the info string.
  typealias Place = Range<Int>

  /// nil to follow the program; empty for none.
  var pictures: [Picture]?
  var theme: Theme?
  /// The options stored in the graph: `caption`, `title`, `precision`, `gradients`, `direction`, `lang`,
  /// `formulas`, `samples`, `closeups`, `width`, `scale`, `background`.
  var presentation = Presentation()
  var level: ComputationGraph.Level?
  var collapse: Collapse?
  /// What the figures do without.
  var hiddenParts: Set<FigureOptions.Part> = []
  /// The value of a derivative, or the two parameters of a landscape.
  var of: [String] = []
  /// The optimizer to compare with the program's own.
  var compare: String?
  var name: String?
  var alt: String?
  var include: String?
  var hasSteps = false
  var isHidden = false
  var hasTable = false
  var animates = false
  /// nil for none.
  var explorer: ExplorerPlace?
  var continues = false
  /// From Pandoc's braces, copied to the block's figures.
  var id: String?
  var classes: [String] = []
  var attributePlace: Place?
  /// The position of each option.
  var places: [Key: Place] = [:]

  enum Key: String, CaseIterable, Sendable {
    case stage, gradients, theme, caption, title, level, width, precision, lang, direction, parameters,
      collapse, formulas, samples, closeups, hide, scale, background
    case name, alt, include, of, compare
    case steps, animate, hidden, table, explorer, `continue`

    var isFlag: Bool {
      switch self {
      case .steps, .animate, .hidden, .table, .explorer, .continue: true
      default: false
      }
    }
  }

  /// An error in an option.
  struct Fault: Error {
    var place: Place
    var message: String
    var hint: String?
  }

  /// - Throws: the first error.
  init(_ info: String) throws(Fault) {
    var last: Key?
    for word in try InfoString(info)?.words() ?? [] {
      if word.isBraced, try takeAttribute(word) { continue }
      guard let key = Key(rawValue: word.name) else {
        throw Fault(
          place: word.keyPlace, message: "unknown option `\(word.key)`", hint: Self.hint(on: word, after: last))
      }
      last = key
      guard places[key] == nil else {
        throw Fault(place: word.keyPlace, message: "`\(word.name)` is given twice")
      }
      places[key] = word.keyPlace.lowerBound..<(word.valuePlace?.upperBound ?? word.keyPlace.upperBound)
      try set(key, word)
    }
    try check()
  }

  /// - Parameter last: the option before the word.
  private static func hint(on word: OptionWord, after last: Key?) -> String {
    if word.key.hasSuffix(":"), let key = Key(rawValue: String(word.name.dropLast())) {
      return "write `\(example(key))`"
    }
    if let last, [.caption, .title, .alt].contains(last), word.value == nil {
      return "text with spaces is quoted, as in `\(example(last))`"
    }
    return Spelling.suggestion(for: word.name, among: Key.allCases.map(\.rawValue))
      ?? "expected one of \(Key.allCases.map(\.rawValue).joined(separator: ", "))"
  }

  /// Stores an id or a class for the block's figures; returns false for an option.
  private mutating func takeAttribute(_ word: OptionWord) throws(Fault) -> Bool {
    guard word.value == nil, let first = word.key.first, first == "#" || first == "." else { return false }
    let name = String(word.key.dropFirst())
    if first == ".", Key(rawValue: name)?.isFlag == true { return false }
    guard name.first?.isLetter == true, name.count <= 80,
      name.allSatisfy({ $0.isLetter || $0.isNumber || "_-.:".contains($0) })
    else {
      throw Fault(
        place: word.keyPlace, message: "`\(word.key)` cannot be \(first == "#" ? "an id" : "a class")",
        hint: "it must start with a letter and may contain letters, digits, `-`, `_`, `.` and `:`")
    }
    if first == "." {
      classes.append(name)
    } else {
      guard id == nil else { throw Fault(place: word.keyPlace, message: "the block already has an id") }
      id = name
    }
    attributePlace = attributePlace ?? word.keyPlace
    return true
  }

  private mutating func set(_ key: Key, _ word: OptionWord) throws(Fault) {
    guard !key.isFlag else { return try setFlag(key, word) }
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
    case .samples: presentation.samples = try Self.choice(key, value, place)
    case .closeups: presentation.closeUps = try Self.choice(key, value, place)
    case .background: presentation.background = try Self.choice(key, value, place)
    case .caption: presentation.caption = value
    case .title: presentation.title = value
    case .level:
      if value == "neurons" {
        (level, presentation.view) = (.scalar, .neurons)
      } else if value != "auto" {
        level = try Self.choice(key, value, place, others: ["neurons", "auto"])
        if level == .scalar { presentation.view = .values }
      }
    case .precision: presentation.precision = try Self.precision(value, place)
    case .width:
      presentation.width = try Self.number(
        key, value, place, Presentation.widths, unit: " points", hint: "wider figures continue in a second row")
    case .scale:
      presentation.scale = try Self.number(key, value, place, Presentation.scales, hint: "1 is the figure's own size")
    case .collapse:
      guard let level = Collapse(value) else {
        throw Fault(
          place: place, message: "unknown value `\(value)` for `collapse`",
          hint: "expected auto, none, samples, layers or a number of boxes")
      }
      collapse = level
    case .hide: hiddenParts = try Self.hiddenParts(value, place)
    case .of: of = value.split(separator: ",").map(String.init)
    case .compare:
      guard Optimizer.names.contains(value) else {
        throw Self.unknown(key, value, place, Optimizer.names)
      }
      compare = value
    case .name: name = try Self.fileName(value, place)
    case .alt: alt = value
    case .include: include = value
    case .steps, .animate, .hidden, .table, .explorer, .continue: break
    }
  }

  private mutating func setFlag(_ key: Key, _ word: OptionWord) throws(Fault) {
    if key == .explorer, let value = word.value, value != "true", let place = word.valuePlace {
      explorer = try Self.choice(key, value, place)
      return
    }
    if let place = word.valuePlace, word.value != "true" {
      throw Fault(place: place, message: "`\(key.rawValue)` takes no value", hint: "write the option alone")
    }
    switch key {
    case .steps: hasSteps = true
    case .animate: animates = true
    case .hidden: isHidden = true
    case .explorer: explorer = .auto
    case .table: hasTable = true
    default: continues = true
    }
  }

  private static func precision(_ value: String, _ place: Place) throws(Fault) -> Int {
    guard let digits = Int(value), (1...12).contains(digits) else {
      throw Fault(
        place: place, message: "`precision` must be a whole number from 1 to 12",
        hint: "it is the number of significant digits")
    }
    return digits
  }

  private static func number(
    _ key: Key, _ value: String, _ place: Place, _ range: ClosedRange<Double>, unit: String = "", hint: String
  ) throws(Fault) -> Double {
    guard let number = Double(value), range.contains(number) else {
      let (low, high) = (PlainNumber.text(range.lowerBound), PlainNumber.text(range.upperBound))
      throw Fault(place: place, message: "`\(key.rawValue)` must be \(low) to \(high)\(unit)", hint: hint)
    }
    return number
  }

  private static func fileName(_ value: String, _ place: Place) throws(Fault) -> String {
    let isName = value.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) || scalar == "-"
        || scalar == "_"
    }
    guard isName, value.count <= 80 else {
      throw Fault(
        place: place, message: "a name may contain only letters, digits, `-` and `_`",
        hint: "it becomes part of the file names")
    }
    return value
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
    case .samples: "samples=table"
    case .closeups: "closeups=all"
    case .hide: "hide=title,legend"
    case .scale: "scale=0.8"
    case .background: "background=transparent"
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
      place: place, message: "unknown value `\(value)` for `\(key.rawValue)`",
      hint: Spelling.suggestion(for: value, among: known) ?? "expected \(known.joined(separator: ", "))")
  }

  private static func pictures(_ value: String, _ place: Place) throws(Fault) -> [Picture] {
    if value == "none" { return [] }
    if value == "all" { return Picture.defaults }
    return try list(value, place) { word, own throws(Fault) in
      guard let picture = Picture(name: word) else {
        throw unknown(.stage, word, own, Picture.all.map(\.name) + ["all", "none"])
      }
      return picture
    }
  }

  private static func hiddenParts(_ value: String, _ place: Place) throws(Fault) -> Set<FigureOptions.Part> {
    Set(try list(value, place) { word, own throws(Fault) in try choice(.hide, word, own) as FigureOptions.Part })
  }

  /// What the words between commas mean, each once.
  private static func list<Meaning: Equatable>(
    _ value: String, _ place: Place, _ meaning: (String, Place) throws(Fault) -> Meaning
  ) throws(Fault) -> [Meaning] {
    var result: [Meaning] = []
    var start = place.lowerBound
    for word in value.split(separator: ",", omittingEmptySubsequences: false) {
      let own = start..<min(start + word.count, place.upperBound)
      start += word.count + 1
      guard !word.isEmpty else {
        throw Fault(
          place: own.lowerBound..<max(own.upperBound, own.lowerBound + 1), message: "a word is missing in the list",
          hint: "write it without spaces, as in `stage=loss,backward`")
      }
      let meant = try meaning(String(word), own)
      guard !result.contains(meant) else { throw Fault(place: own, message: "`\(word)` is given twice") }
      result.append(meant)
    }
    return result
  }
}
