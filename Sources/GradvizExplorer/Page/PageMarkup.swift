import Autograd
import GradvizDrawing
import GradvizFigures
import GradvizGraph

/// The page: one script, one style, a policy that forbids everything else, and all that is there without the script.
struct PageMarkup {
  let graph: ComputationGraph
  let live: LiveValues
  let drawing: LiveDrawing
  let optimizer: Optimizer?

  private var words: PageWords { PageWords(words: live.words) }
  private var data: PageData { PageData(graph: graph, live: live, optimizer: optimizer) }
  private func escaped(_ text: String) -> String { XML.escaped(text) }
  private func hint(_ text: String) -> String { "aria-label=\"\(escaped(text))\" title=\"\(escaped(text))\"" }

  var html: String {
    let style = PageTheme.style(
      String(decoding: PackageResources.explorer_css, as: UTF8.self) + drawing.style, graph.presentation.theme)
    let title = escaped(graph.presentation.title ?? "Computation")
    return """
      <!doctype html>
      <html lang="\(live.words.language.rawValue)"><head><meta charset="utf-8">\
      <meta name="viewport" content="width=device-width,initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="\(Self.policy(style, Explorer.script))">
      <title>\(title) – \(escaped(words.explorer))</title>\
      <meta name="description" content="\(escaped(live.backward))">
      <style>\(style)</style></head><body>
      <header><h1>\(title)</h1>\(caption)</header>
      <main>
      \(player)
      <div id="say" class="js-only"></div><div id="live" class="vh" aria-live="polite" role="status"></div>
      <div class="split"><figure id="figure" aria-label="\(title)" data-graph='\(data.json.attribute)' \
      data-text='\(JSONText.object(words.script).attribute)'>\(drawing.svg)\
      \(PageLegend(of: drawing.svg, live.words).html)\
      <noscript><p class="vh">\(escaped(live.backward))</p></noscript></figure>
      <aside class="js-only">\(inspector)
      \(training)</aside></div>
      <noscript><p>\(escaped(words.withoutScript))</p></noscript>
      \(still)
      </main><script>\(Explorer.script)</script></body></html>

      """
  }

  /// What a page may do: run its one script and use its one style.
  static func policy(_ style: String, _ script: String) -> String {
    "default-src 'none'; style-src '\(SecureHash.source(style))'; script-src '\(SecureHash.source(script))';"
      + " base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
  }

  private var caption: String { graph.presentation.caption.map { "<p class=\"muted\">\(escaped($0))</p>" } ?? "" }

  // MARK: The player

  private var player: String {
    let stages = words.stages.prefix(data.hasUpdate ? 4 : 3).enumerated().map { number, name in
      "<input class=\"vh\" type=\"radio\" name=\"stage\" id=\"s\(number)\"><label for=\"s\(number)\">\(escaped(name))</label>"
    }
    func icon(_ path: String) -> String {
      "<svg viewBox=\"0 0 16 14\" aria-hidden=\"true\"><path d=\"\(path)\"/></svg>"
    }
    return """
      <div class="bar js-only"><div class="row" id="player">\
      <fieldset class="stages"><legend class="vh">\(escaped(words.stage))</legend>\(stages.joined())</fieldset>
      <div role="group" aria-label="\(escaped(words.steps))">\
      <button id="first" \(hint(words.first))>\(icon("M1 1h2v12H1zM14 1v12L4 7z"))</button> \
      <button id="back" \(hint(words.back))>\(icon("M12 1v12L3 7z"))</button> \
      <button id="play" aria-pressed="false">\(escaped(words.play))</button> \
      <button id="on" \(hint(words.on))>\(icon("M4 1v12l9-6z"))</button> \
      <button id="last" \(hint(words.last))>\(icon("M13 1h2v12h-2zM2 1v12l10-6z"))</button></div>
      <input id="time" type="range" min="0" step="1" aria-label="\(escaped(words.step))"><span id="where"></span>
      <span><button id="letters" aria-pressed="false">\(escaped(words.letters))</button> \
      <button id="predict" aria-pressed="false"\(data.hasArrays ? " hidden" : "")>\(escaped(words.predict))</button></span></div></div>
      """
  }

  // MARK: The inspector

  private var inspector: String {
    """
    <section id="inspector" aria-labelledby="name"><h2 id="name"></h2>\(data.hasArrays ? "<div class=\"entries\"><table id=\"grid\" role=\"grid\" hidden></table></div>" : "")
    <div id="leaf" hidden><label><span id="leafname"></span> <input id="number" type="number" step="0.1"></label> \
    <button id="putback" type="button">\(escaped(words.putBack))</button><input id="slide" type="range"></div>
    <form id="form"><div id="asking" hidden><label>\(escaped(words.itsGradient)) \
    <input id="answer" type="text" inputmode="text" autocomplete="off"></label> <button>\(escaped(words.check))</button>\
    <p id="verdict" role="status"></p><button type="button" id="reveal">\(escaped(words.reveal))</button> \
    <button type="button" id="next">\(escaped(words.next))</button> <span id="score" class="muted"></span></div></form>
    <div id="about"></div><div id="nudging" hidden><h3>\(escaped(words.nudge))</h3>\
    <button id="nudge" aria-pressed="false"></button> <label class="muted">\(escaped(words.stepSize)) \
    <select id="h">\(steps)</select></label>\
    <div id="told"></div></div>
    <div id="curve"></div><div id="more"></div></section>
    """
  }

  /// How far a value is nudged.
  private var steps: String {
    [("1", 1), ("0.1", 0.1), ("0.01", 0.01), ("0.001", 0.001)].map { value, number in
      "<option value=\"\(value)\">\(live.text(number))</option>"
    }.joined()
  }

  /// Without an update that the script knows, only what other numbers make of the loss.
  private var training: String {
    let descent = """
      <label>\(escaped(words.learningRate)) <input id="lr" type="range" min="-4" max="2" step="0.1"> \
      <output id="lrout" for="lr"></output></label>
      <div class="row"><button id="t1">\(escaped(words.oneUpdate))</button><button id="t10">\(escaped(words.tenUpdates))\
      </button><button id="go" aria-pressed="false">\(escaped(words.run))</button></div>
      """
    let rule = (graph.updateRule ?? []).map { "<p class=\"f\">\(escaped(live.words.rule($0)))</p>" }.joined()
    let reason = data.isStored ? words.numbersAreGiven : data.hasUpdate && !data.canTrain ? words.ruleIsGiven : nil
    let note = reason.map { "<p class=\"muted\">\(escaped($0))</p>" } ?? ""
    return """
      <section id="training" aria-labelledby="th"><h2 id="th">\(escaped(data.canTrain ? words.descent : data.isStored ? words.update : words.tryNumbers))\
      </h2>\(rule)\(note)\(data.canTrain ? descent : "")
      <div class="row"\(data.isStored ? " hidden" : "")><button id="undo">\(escaped(words.undo))</button><button id="reset">\(escaped(words.reset))\
      </button></div><p id="trouble" role="alert"></p><div id="losscurve"></div><p id="lossnow" class="muted"></p></section>
      """
  }

  // MARK: What is there without the script

  private var still: String {
    """
    <section class="still"><p id="editedline" hidden>\(escaped(words.changed)) <span id="edited"></span></p>
    <h2>\(escaped(words.chainRule))</h2><ol id="rules">\(rules)</ol>
    \(updates)</section>
    """
  }

  static let maxLines = 200

  private var rules: String {
    let lines = StillLines(live)
    let all = live.inOrder
    let items = all.prefix(Self.maxLines).map { index in
      let step = live.values[index].step ?? 0
      return "<li class=\"f\" value=\"\(step)\"><span class=\"badge\">\(live.values[index].mark ?? "\(step)")</span>"
        + lines.chain(index).map(markup).joined() + "</li>"
    }
    let rest = all.count - items.count
    return items.joined() + (rest > 0 ? "<li class=\"muted\">\(escaped(words.more(rest)))</li>" : "")
  }

  private func markup(_ part: StillLines.Part) -> String {
    switch part {
    case .text(let text): escaped(text)
    case .derivative(let above, let below):
      "<math displaystyle=\"true\"><mfrac><mrow><mi>∂\(escaped(above))</mi></mrow>"
        + "<mrow><mi>∂\(escaped(below))</mi></mrow></mfrac></math>"
    case .strong(let text, let name): "<b\(name.map { " class=\"\($0)\"" } ?? "")>\(escaped(text))</b>"
    }
  }

  private var updates: String {
    guard data.hasUpdate, let rate = graph.learningRate else { return "" }
    let lines = StillLines(live)
    let first = graph.nodes.indices.first { graph.nodes[$0].updated != nil }.map(lines.name) ?? "w"
    let loss = graph.loss.map(lines.name) ?? "L"
    let rule =
      graph.updateRule.map { $0.map(live.words.rule).joined(separator: live.words.separator) }
      ?? "\(first) ← \(first) − lr · ∂\(loss)/∂\(first)"
    let title =
      "<h2>\(escaped(words.update + live.words.colon + rule + live.words.separator))lr = <span id=\"lrnow\">\(live.text(rate))</span></h2>"
    if data.hasArrays { return title }
    let head = words.columns.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
    let parameters = graph.nodes.indices.filter { graph.nodes[$0].updated != nil && graph.nodes[$0].gradient != nil }
    let rows = parameters.prefix(Self.maxLines).map { index in
      let node = graph.nodes[index]
      let (before, after) = (node.value[0], node.updated?[0] ?? node.value[0])
      let numbers = [before, node.gradient?[0] ?? 0, after - before, after]
      return "<tr><th scope=\"row\">\(escaped(lines.name(index)))</th>"
        + numbers.map { "<td>\(live.text($0))</td>" }.joined() + "</tr>"
    }
    return title + """
      <table id="table"><thead><tr><th></th>\(head)</tr></thead><tbody>\(rows.joined())</tbody></table>
      """
  }
}
