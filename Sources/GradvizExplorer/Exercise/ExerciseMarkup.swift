import GradvizDOT
import GradvizDrawing
import GradvizFigures
import GradvizGraph
import GraphvizRenderer

/// The page of an exercise: one script, one style, a policy that forbids everything else, and the sheet.
struct ExerciseMarkup {
  let graph: ComputationGraph
  let sheet: LiveSheet
  private let drawing: (svg: String, style: String)

  init(graph: ComputationGraph, sheet: LiveSheet) throws {
    self.graph = graph
    self.sheet = sheet
    drawing = try Self.drawing(sheet)
  }

  private var words: PageWords { PageWords(words: sheet.values.words) }

  var html: String {
    func escaped(_ text: String) -> String { XML.escaped(text) }
    let rules =
      String(decoding: PackageResources.explorer_css, as: UTF8.self)
      + String(decoding: PackageResources.exercise_css, as: UTF8.self) + drawing.style
    let style = PageTheme.style(rules, graph.presentation.theme)
    let title = escaped(graph.presentation.title ?? "Computation")
    let data = PageData(graph: graph, live: sheet.values, optimizer: nil, hasFormulas: false).json
    let text = JSONText.object(words.script + words.exerciseScript)
    return """
      <!doctype html>
      <html lang="\(sheet.values.words.language.rawValue)"><head><meta charset="utf-8">\
      <meta name="viewport" content="width=device-width,initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="\(PageMarkup.policy(style, ExercisePage.script))">
      <title>\(title) – \(escaped(words.exercise))</title>\
      <meta name="description" content="\(escaped(sheet.figure.description))">
      <style>\(style)</style></head><body>
      <header><h1>\(title)</h1>\(caption)<p>\(escaped(words.howToAnswer))</p></header>
      <main><div id="live" class="vh" aria-live="polite" role="status"></div>
      <div class="split"><figure id="figure" data-graph='\(data.attribute)' data-text='\(text.attribute)'>\(drawing.svg)\
      <figcaption class="vh">\(escaped(sheet.figure.description))</figcaption></figure>
      <aside class="js-only"><section id="answers" aria-labelledby="ah"><h2 id="ah">\(escaped(words.yourAnswers))</h2>
      <form id="form" autocomplete="off"><ol id="fields">\(fields)</ol>
      <div class="row"><button id="check">\(escaped(words.check))</button> \
      <button type="button" id="reveal">\(escaped(words.reveal))</button> \
      <button type="button" id="reset">\(escaped(words.startOver))</button></div>\
      <span id="score" class="muted"></span></form></section></aside></div>
      <noscript><p>\(escaped(words.answersNeedScript))</p></noscript>
      </main><script>\(ExercisePage.script)</script></body></html>

      """
  }

  private var caption: String { graph.presentation.caption.map { "<p class=\"muted\">\(XML.escaped($0))</p>" } ?? "" }

  // MARK: Fields

  /// The answers in the order in which they are found: values as they are computed, then gradients on their way back; those
  /// of one step from top to bottom.
  private static func order(_ sheet: LiveSheet) -> [Int] {
    func key(_ index: Int) -> (Int, Double, Int) {
      let answer = sheet.answers[index]
      let value = sheet.values.values[answer.node]
      let step = answer.kind == .value ? value.known : value.step ?? .max
      return (step, sheet.places[index].first?.middle.y ?? 0, index)
    }
    return Blanks.Kind.allCases.flatMap { kind in
      sheet.answers.indices.filter { sheet.answers[$0].kind == kind }.sorted { key($0) < key($1) }
    }
  }

  private var fields: String {
    Self.order(sheet).enumerated().map { place, index in
      let answer = sheet.answers[index]
      return "<li data-i=\"\(answer.node)\" data-kind=\"\(answer.kind.rawValue)\"><label for=\"answer-\(place)\">"
        + "\(XML.escaped(label(answer)))</label> <input id=\"answer-\(place)\" type=\"text\" inputmode=\"text\""
        + " aria-describedby=\"note-\(place)\"><span id=\"note-\(place)\" class=\"note\"></span></li>"
    }.joined()
  }

  private func label(_ answer: Exercise.Answer) -> String {
    func name(_ node: Int) -> String {
      let shown = sheet.values.values[node].name
      return shown.isEmpty ? graph.nodes[node].name : shown
    }
    guard answer.kind == .gradient, let loss = graph.loss else { return name(answer.node) }
    return "∂\(name(loss))/∂\(name(answer.node))"
  }

  // MARK: The drawing

  private static func drawing(_ sheet: LiveSheet) throws -> (svg: String, style: String) {
    var figure = sheet.figure
    figure.namesTints = true
    func number(_ value: Double) -> String { Coordinate.text(value, decimals: 1) }
    let (width, height) = (figure.size.width, figure.size.height)
    var markup = LiveMarkup(
      root: "id=\"graph\"\(width > LiveDrawing.narrow ? " class=\"wide\"" : "") width=\"\(number(width))\""
        + " viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\""
        + " aria-label=\"\(XML.escaped(figure.description))\"",
      attributesByID: sheet.nodesByBox.mapValues { "data-n=\"\($0)\"" })
    markup.prefix = "v-"
    markup.end = order(sheet).enumerated().flatMap { place, answer in
      sheet.places[answer].enumerated().map { part, blank in
        let frame = blank.frame
        let middle = "x=\"\(number(blank.middle.x))\" y=\"\(number(blank.middle.y))\""
        // A blank with an exponent has its answer in the first part.
        let ink = part == 0 ? "<text class=\"f-answer-ink\" data-ink=\"\(place)\" text-anchor=\"middle\"" : ""
        return "<rect class=\"frame\" data-frame=\"\(place)\" x=\"\(number(frame.x))\" y=\"\(number(frame.y))\""
          + " width=\"\(number(frame.width))\" height=\"\(number(frame.height))\" rx=\"2\"/>"
          + (ink.isEmpty ? "" : ink + " \(middle) font-size=\"\(number(blank.size))\"></text>")
      }
    }.joined()
    let tones = Palette.tones(.auto)
    var style = SVGStyle(id: figure.id, title: "", description: "", tones: tones, ink: Palette.entry(.ink).name)
    style.live = markup
    let svg = try Graphviz.svg(figure.dot.text, style: style)
    return (svg, LiveDrawing.colors(of: svg, tones))
  }
}
