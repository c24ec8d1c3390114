import GradvizDOT
import GradvizDrawing

extension Figure {
  /// The prefix of every id in the file: a few words of the title, eight digits of a hash of the content, and the
  /// stage.
  ///
  /// Two figures on a page that differ in any text or position have different ids, whatever their titles.
  ///
  /// - Complexity: O(bytes of all texts + elements)
  static func identity(_ figure: Figure, title: String, step: Int?) -> String {
    var content = Fingerprint()
    figure.combine(into: &content)
    return "\(FigureSet.identifier(title))-\(content.text(digits: 8))-\(figure.stage.rawValue)"
      + (step.map { "-\($0)" } ?? "")
  }

  private func combine(into content: inout Fingerprint) {
    for text in [title, description] { content.combine(text) }
    content.combine(size)
    for region in regions {
      content.combine(region.id)
      content.combine(region.frame)
    }
    for box in boxes {
      for text in [box.id, box.tooltip] + box.classes + box.name.joined().map(\.text) {
        content.combine(text)
      }
      content.combine(box.frame)
      for row in box.rows { content.combine(row) }
    }
    for disc in discs {
      for text in [disc.id, disc.tooltip, disc.text] + disc.classes { content.combine(text) }
      content.combine(disc.center)
    }
    for chip in chips {
      content.combine(chip.text)
      content.combine(chip.frame)
    }
    for label in labels {
      content.combine(label.run.text)
      content.combine(label.origin)
    }
    for arrow in arrows {
      for text in [arrow.id, arrow.kind.rawValue, arrow.tooltip] { content.combine(text) }
      for point in arrow.path.points { content.combine(point) }
    }
  }
}

extension Fingerprint {
  /// A heat map has thousands of cells, and to print a case by its name takes longer than to draw it.
  private static func word(_ tint: Tint) -> String {
    if case .heat(let level) = tint { "heat(\(level))" } else { "\(tint)" }
  }

  fileprivate mutating func combine(_ size: Size) {
    combine(size.width)
    combine(size.height)
  }

  fileprivate mutating func combine(_ point: Point) {
    combine(point.x)
    combine(point.y)
  }

  fileprivate mutating func combine(_ frame: Rectangle) {
    for number in [frame.x, frame.y, frame.width, frame.height] { combine(number) }
  }

  fileprivate mutating func combine(_ row: Figure.Box.Row) {
    switch row.content {
    case .text(let runs): for run in runs { combine(run.text) }
    case .matrix(let cells, _, _, _, let captions):
      for cell in cells.joined() { combine(cell.run?.text ?? cell.fill.map(Self.word) ?? "") }
      for caption in captions { combine(caption.text) }
    }
  }
}

extension FigureSet {
  /// A word for ids from a title: lower-case letters, digits and hyphens.
  package static func identifier(_ title: String) -> String {
    var word = ""
    for character in title.prefix(200).lowercased() {
      if character.isASCII, character.isLetter || character.isNumber {
        word.append(character)
      } else if !word.isEmpty, !word.hasSuffix("-") {
        word += "-"
      }
    }
    // Short, as it prefixes every id in the file; cut between words if possible.
    if word.count > 20, let cut = word.prefix(21).lastIndex(of: "-"), cut > word.startIndex {
      word = String(word[..<cut])
    }
    word = String(word.prefix(20))
    while word.hasSuffix("-") { word.removeLast() }
    return word.first?.isLetter == true ? word : "figure" + (word.isEmpty ? "" : "-\(word)")
  }
}
