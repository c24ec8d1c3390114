import GradvizDOT
import GradvizDrawing

/// Blanks in texts: a frame of the number's size in its place, empty or with the answer.
extension Figure.Label {
  /// Labels of one line, those with marks in parts: what is between the marks is a blank.
  static func apart(_ labels: [Figure.Label]) -> [Figure.Label] {
    // The first byte of both marks.
    guard labels.contains(where: { $0.run.text.utf8.contains(0xF4) }) else { return labels }
    var result: [Figure.Label] = []
    // A blank with an exponent is several labels.
    var isBlank = false
    for label in labels {
      var part = label
      (part.run.text, part.width, part.isBlank) = ("", 0, isBlank)
      func flush() {
        if !part.run.text.isEmpty { result.append(part) }
        part.origin.x += part.width
        (part.run.text, part.width, part.isBlank) = ("", 0, isBlank)
      }
      for scalar in label.run.text.unicodeScalars {
        let width = TextMetrics.width(of: String(scalar), size: label.run.size, typeface: label.run.typeface)
        if scalar == BlankMark.begin || scalar == BlankMark.end {
          isBlank = scalar == BlankMark.begin
          flush()
          part.origin.x += width
        } else {
          part.run.text.unicodeScalars.append(scalar)
          part.width += width
        }
      }
      flush()
    }
    return result
  }

  /// What it is drawn as: its runs, each with its place.
  var parts: [Figure.Label] { isBlank ? [self] : TextLine([run]).labels(at: origin, classes: classes) }

  /// An answer as it is written by hand, in the middle of its blank; any other label as it is.
  var inInk: Figure.Label {
    guard isBlank else { return self }
    var label = self
    label.run.typeface = .variable
    label.run.tint = .answerInk
    label.width = TextMetrics.width(of: run.text, size: run.size, typeface: .variable)
    label.origin.x += (width - label.width) / 2
    return label
  }

  /// The frame of a blank.
  var blankFrame: Rectangle {
    let margin = 0.2 * run.size
    return Rectangle(
      x: origin.x - margin, y: origin.y - 0.84 * run.size, width: width + 2 * margin, height: 1.08 * run.size)
  }
}

extension Figure {
  /// The frame of a blank as a node behind its text.
  func blank(behind label: Label, number: Int, color: (Tint) -> Color) -> Graph.Statement {
    let frame = label.blankFrame
    let center = Position(x: frame.center.x, y: size.height - frame.center.y)
    return .node(
      "blank-\(number + 1)",
      [
        .position(center), .width(frame.width / 72), .height(frame.height / 72), .fixedShape, .shape(.box),
        .styles([.filled]), .fillColor(color(.page)), .color(color(.muted)), .penWidth(0.7), .classes(["blank"]),
        .tooltip(""),
      ])
  }

  /// The figure with its blanks empty, or filled in; what is read aloud says the same as what is seen.
  func exercise(isAnswered: Bool) -> Figure {
    var figure = self
    figure.isAnswered = isAnswered
    func said(_ text: String) -> String { Self.said(text, isAnswered: isAnswered) }
    figure.title = said(title)
    figure.description = said(description)
    for index in boxes.indices { figure.boxes[index].tooltip = said(boxes[index].tooltip) }
    for index in discs.indices { figure.discs[index].tooltip = said(discs[index].tooltip) }
    for index in chips.indices { figure.chips[index].tooltip = said(chips[index].tooltip) }
    for index in arrows.indices { figure.arrows[index].tooltip = said(arrows[index].tooltip) }
    return figure
  }

  /// A text without marks: `?` for each blank that is empty.
  private static func said(_ text: String, isAnswered: Bool) -> String {
    guard text.utf8.contains(0xF4) else { return text }
    var result = ""
    var isBlank = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case BlankMark.begin:
        isBlank = true
        if !isAnswered { result += "?" }
      case BlankMark.end: isBlank = false
      default: if !isBlank || isAnswered { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }
}
