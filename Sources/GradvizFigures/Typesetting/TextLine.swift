import GradvizDrawing

/// The sizes of letters.
package enum Typography {
  /// The smallest size, of indices and exponents too: 9 px where a figure of ``FigureSet/defaultWidth`` is shown in a
  /// README's column of 830 px.
  static let smallest = 12.4
  /// How much larger the serif letters of a name are than the numbers beside them, to look alike.
  package static let nameRatio = 1.12

  /// The size of an index or exponent beside letters of a size.
  static func script(_ size: Double) -> Double { max(0.78 * size, smallest) }
}

/// A line of text with the place of each run.
///
/// The small digits of plain text, as in `x₁⁽³⁾` and `10⁻⁹`, become letters of the usual kind below and above the line;
/// an index and an exponent of the same letter stand above one another.
struct TextLine {
  struct Place {
    var run: Figure.Run
    var x: Double
    /// Below the line's baseline.
    var drop: Double
    var isAccent = false
  }

  private(set) var places: [Place] = []
  private(set) var width = 0.0

  init(_ runs: [Figure.Run]) {
    let runs = runs.flatMap(Self.withScripts)
    var index = 0
    while index < runs.count {
      let run = runs[index]
      if run.script != .normal, index + 1 < runs.count, Self.stands(runs[index + 1], over: run) {
        let other = runs[index + 1]
        add(run, drop: Self.stacked(run))
        add(other, drop: Self.stacked(other))
        width += max(run.ownWidth + Self.slant(run), other.ownWidth + Self.slant(other))
        index += 2
      } else {
        add(run, drop: Self.alone(run))
        width += run.ownWidth + Self.slant(run)
        index += 1
      }
    }
  }

  private mutating func add(_ run: Figure.Run, drop: Double) {
    let start = width + Self.slant(run)
    guard run.text.unicodeScalars.contains(Self.circumflex) else {
      places.append(Place(run: run, x: start, drop: drop))
      return
    }
    // No font has a sign for m̂: the accent stands above its letter as a run of its own.
    var x = 0.0
    var text = ""
    func part(_ text: String) -> Figure.Run { Self.with(run, text) }
    for letter in run.text {
      guard letter.unicodeScalars.last == Self.circumflex else {
        text.append(letter)
        continue
      }
      var plain = ""
      plain.unicodeScalars.append(contentsOf: letter.unicodeScalars.dropLast())
      text += plain
      let (before, accent) = (part(text), part("ˆ"))
      let middle = x + before.ownWidth - part(plain).ownWidth / 2
      places.append(Place(run: before, x: start + x, drop: drop))
      places.append(Place(run: accent, x: start + middle - accent.ownWidth / 2, drop: drop, isAccent: true))
      x += before.ownWidth
      text = ""
    }
    if !text.isEmpty { places.append(Place(run: part(text), x: start + x, drop: drop)) }
  }

  private static let circumflex: Unicode.Scalar = "\u{302}"

  /// Whether one of both is an index and the other an exponent.
  private static func stands(_ other: Figure.Run, over run: Figure.Run) -> Bool {
    other.script != .normal && other.script != run.script
  }

  private static func alone(_ run: Figure.Run) -> Double {
    switch run.script {
    case .normal: 0
    case .below: 0.36 * run.size
    case .above: -0.46 * run.size
    }
  }

  private static func stacked(_ run: Figure.Run) -> Double { run.script == .below ? 0.43 * run.size : -0.5 * run.size }

  /// Italic letters lean to the right.
  private static func slant(_ run: Figure.Run) -> Double { run.script == .above ? 1 : 0 }

  /// Whether it has both, and so needs more height; see ``isStacked`` for above one another.
  var hasIndexAndExponent: Bool { places.contains { $0.drop > 0 } && hasExponent }

  var hasExponent: Bool { places.contains { $0.drop < 0 } }

  /// Whether an index and an exponent stand above one another.
  var isStacked: Bool { zip(places, places.dropFirst()).contains { abs($0.x - $1.x) < 1.5 && $0.drop != $1.drop } }

  /// How far the baseline is below the middle of the line's place: that of its digits, moved for what stands below or above it.
  var middle: Double {
    let sizes = places.compactMap { place -> Double? in
      guard place.run.script == .normal else { return nil }
      return place.run.typeface == .variable ? place.run.size / Typography.nameRatio : place.run.size
    }
    let (hasIndex, hasExponent) = (places.contains { $0.drop > 0 }, places.contains { $0.drop < 0 })
    return 0.35 * (sizes.max() ?? 0) + (hasIndex == hasExponent ? hasIndex ? 0.3 : 0 : hasIndex ? -1.5 : 0.5)
  }

  /// How much lower a line stands alone in its cell, as digits above others reach higher than an exponent of a letter.
  var drop: Double {
    guard hasPowerOfNumber else { return 0 }
    if places.contains(where: { $0.drop > 0 }) { return 0.6 }
    return places.contains { $0.run.text.contains("[") } ? 1.2 : 1.9
  }

  /// Whether a number in it has an exponent.
  private var hasPowerOfNumber: Bool {
    zip(places, places.dropFirst()).contains { $1.drop < 0 && $0.drop == 0 && $0.run.text.last?.isNumber == true }
  }

  /// How far the line reaches above and below its baseline.
  var extent: Extent {
    places.reduce(into: Extent(width: width)) { extent, place in
      extent.ascent = max(extent.ascent, place.run.size * 0.76 - place.drop)
      extent.descent = max(extent.descent, place.run.size * 0.22 + place.drop)
    }
  }

  /// The runs from a point on the baseline; neighbors in the same style become one text.
  func labels(at origin: Point, classes: [String] = []) -> [Figure.Label] {
    var labels: [Figure.Label] = []
    for (number, place) in places.enumerated() {
      let isApart = place.isAccent || number > 0 && places[number - 1].isAccent
      if !isApart, var last = labels.last, last.origin.y == origin.y + place.drop, last.run.hasStyle(of: place.run) {
        last.run.text += place.run.text
        last.width += place.run.ownWidth
        labels[labels.count - 1] = last
      } else {
        var run = place.run
        run.script = .normal
        labels.append(
          Figure.Label(run: run, origin: origin.moved(place.x, place.drop), width: run.ownWidth, classes: classes))
      }
    }
    return Figure.Label.apart(labels).compactMap { $0.trimmed() }
  }
}

extension TextLine {
  private static let below: [Character: Character] = [
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9",
  ]
  private static let above: [Character: Character] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9",
    "⁻": "−", "⁽": "(", "⁾": ")", "ᵀ": "T", "ᵗ": "t",
  ]

  /// The run in parts: each stretch of small letters is a run below or above the line.
  private static func withScripts(_ run: Figure.Run) -> [Figure.Run] {
    guard run.script == .normal, !run.isLive, run.text.unicodeScalars.contains(where: isSmall),
      run.text.contains(where: { small($0) != nil })
    else { return [run] }
    let letters = Array(run.text)
    var runs: [Figure.Run] = []
    for (place, letter) in letters.enumerated() {
      let isBetween =
        letter == "," && place > 0 && place + 1 < letters.count && small(letters[place - 1])?.script == .below
        && small(letters[place + 1])?.script == .below
      let isSeveral = letter == "…" && place > 0 && letters[place - 1] == "⁽"
      let own = Self.small(letter)
      let script = own?.script ?? (isBetween ? .below : isSeveral ? .above : .normal)
      let shown = String(own?.letter ?? letter)
      if runs.last?.script == script {
        runs[runs.count - 1].text += shown
      } else {
        runs.append(script == .normal ? with(run, shown) : small(run, shown, script, after: runs.last))
      }
    }
    return runs
  }

  /// The letter of the usual size, and where it stands; nil for a letter that is not small.
  private static func small(_ letter: Character) -> (letter: Character, script: Figure.Run.Script)? {
    guard letter.unicodeScalars.contains(where: isSmall) else { return nil }
    return below[letter].map { ($0, .below) } ?? above[letter].map { ($0, .above) }
  }

  /// Whether it may be one of the small letters: a quick test for the many texts that have none.
  private static func isSmall(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xB2, 0xB3, 0xB9, 0x1D40, 0x1D57, 0x2070...0x209F: true
    default: false
    }
  }

  private static func with(_ run: Figure.Run, _ text: String) -> Figure.Run {
    var part = run
    part.text = text
    return part
  }

  /// The exponent of a number has the number's letters.
  private static func small(
    _ run: Figure.Run, _ text: String, _ script: Figure.Run.Script, after last: Figure.Run?
  ) -> Figure.Run {
    let ofNumber =
      script == .above && run.typeface != .variable && last?.script == .normal && last?.text.last?.isNumber == true
    return Figure.Run(
      text: text, size: Typography.script(run.typeface == .variable ? run.size / Typography.nameRatio : run.size),
      tint: run.tint, typeface: ofNumber ? run.typeface : .index, script: script)
  }
}

extension Figure.Run {
  package var width: Double { TextLine([self]).width }

  /// Without regard to small digits.
  fileprivate var ownWidth: Double { TextMetrics.width(of: text, size: size, typeface: typeface) }

  fileprivate func hasStyle(of other: Figure.Run) -> Bool {
    size == other.size && tint == other.tint && typeface == other.typeface
  }
}

extension Figure.Label {
  /// The label without spaces at its ends, which some viewers drop; nil if nothing is left.
  fileprivate func trimmed() -> Figure.Label? {
    // The first byte of a no-break space.
    let (space, other) = (UInt8(ascii: " "), UInt8(0xC2))
    if let first = run.text.utf8.first, first != space, first != other, run.text.utf8.last != space { return self }
    let leading = run.text.prefix { $0 == " " || $0 == "\u{A0}" }.count
    let trailing = run.text.reversed().prefix { $0 == " " || $0 == "\u{A0}" }.count
    guard leading + trailing > 0 else { return run.text.isEmpty ? nil : self }
    guard leading < run.text.count else { return nil }
    var result = self
    var spaces = run
    spaces.text = String(repeating: " ", count: leading)
    result.origin.x += spaces.ownWidth
    result.run.text = String(run.text.dropFirst(leading).dropLast(trailing))
    result.width = result.run.ownWidth
    return result
  }
}

extension [Figure.Run] {
  var width: Double { TextLine(self).width }
}
