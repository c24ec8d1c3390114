import GradvizDOT
import GradvizDrawing
import GradvizFigures
import GradvizPlots
import GraphvizRenderer

/// The drawing of a page: Graphviz draws it as it draws every figure, and it is written as an element of the page.
struct LiveDrawing {
  let svg: String
  /// The colors of the classes that it uses.
  let style: String
  /// Where each value's box stands, by its id.
  let rings: [String: Rectangle]
  /// Of a frame in a column of text.
  let frameHeight: Int

  init(_ live: LiveFigure, label: String) throws {
    var figure = live.figure
    figure.namesTints = true
    let tones = Palette.tones(.auto)
    let frame = live.frame
    func number(_ value: Double) -> String { Coordinate.text(value, decimals: 1) }
    let root =
      "id=\"graph\"\(frame.width > Self.narrow ? " class=\"wide\"" : "") width=\"\(number(frame.width * Self.scale))\" viewBox=\"\(number(frame.x)) \(number(frame.y))"
      + " \(number(frame.width)) \(number(frame.height))\" role=\"listbox\" aria-label=\"\(XML.escaped(label))\""
      + " aria-describedby=\"say\""
    var markup = LiveMarkup(
      root: root, attributesByID: live.attributesByID,
      textsByID: live.textsByID.mapValues { texts in
        texts.map { text in
          let attributes = "class=\"\(text.kind)\" data-room=\"\(number(text.room))\""
          return LiveMarkup.Text(attributes: attributes, isCentered: text.isCentered)
        }
      },
      contentByID: live.rings.mapValues { ring in
        // From the corner of its box.
        "<rect class=\"ring\" x=\"-4\" y=\"-4\" width=\"\(number(ring.width))\""
          + " height=\"\(number(ring.height))\" rx=\"5\"/>"
      })
    markup.anonymousClasses = ["turn"]
    var style = SVGStyle(
      id: "drawing", title: "", description: "", tones: tones, ink: Palette.entry(.ink).name)
    style.live = markup
    style.joinsCells = false
    svg = try Graphviz.svg(figure.dot.text, style: style)
    self.style = Self.colors(of: svg, tones)
    rings = live.rings
    frameHeight = Self.frameHeight(of: Size(width: frame.width, height: frame.height))
  }

  /// How much larger than in a figure: it has the page for itself.
  private static let scale = 1.25
  /// Wider drawings have a larger least width, below which they scroll.
  static let narrow = 700.0

  /// In a narrow page the inspector has the lower 46 %; the rest holds heading, player, sentence and drawing.
  private static func frameHeight(of size: Size) -> Int {
    let width = min(size.width * scale, size.width > narrow ? 1000 : 760)
    let above = 230 + size.height * width / size.width
    return Int((min(max(above / 0.54, 640), 900) / 10).rounded() * 10)
  }

  /// One rule for each class of color in the drawing, and its counterpart for dark screens; paper is light.
  static func colors(of svg: String, _ tones: [String: SVGStyle.Tone]) -> String {
    var light = ""
    var dark = ""
    let hasHeat = svg.contains("f-heat-")
    for name in tones.keys.sorted() {
      guard let tone = tones[name] else { continue }
      for (letter, property) in [("f", "fill"), ("s", "stroke")] {
        let own = "\(letter)-\(name)"
        // An edit may give a cell of a heat map any of its tints.
        let isNew = hasHeat && letter == "f" && (name.hasPrefix("heat-") || name == Palette.entry(.warningRow).name)
        guard isNew || svg.contains("\(own)\"") || svg.contains("\(own) ") else { continue }
        light += ".\(own){\(property):\(tone.color)}"
        if let color = tone.dark { dark += ".\(own){\(property):\(color)}" }
      }
    }
    return light + "@media screen and (prefers-color-scheme:dark){\(dark)}"
  }
}
