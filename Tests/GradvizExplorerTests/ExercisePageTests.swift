import Foundation
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizExplorer

/// The page of an exercise: a file like the explorer's, in which answers are typed and judged.
@Suite("The page of an exercise")
struct ExercisePageTests {
  /// w goes two ways; tanh has a derivative written with its output, the square one with its input.
  private static let source = """
    input x = 2
    target y = 0.5
    param w = 0.6
    param b = -0.5
    n = w * x
    h = n + b
    predict o = tanh(h)
    e = o - y
    s = e**2
    r = w * 0.1
    loss L = s + r

    """

  private struct Subject {
    let graph: ComputationGraph
    let html: String

    init(_ source: String, blanks words: [String] = ["gradients"], french: Bool = false) throws {
      var graph = try ComputationGraph.load(text: source, path: "net.grad", level: .scalar).graph
      if french { graph.presentation.language = .french }
      self.graph = graph
      html = try ExercisePage(graph, blanks: Blanks(words, in: graph)).html
    }

    func index(_ name: String) -> Int { graph.nodes.firstIndex { $0.name == name } ?? -1 }
    func value(_ name: String) -> Double { graph.nodes[index(name)].value[0] }
    func gradient(_ name: String) -> Double { graph.nodes[index(name)].gradient?[0] ?? .nan }
  }

  // MARK: The file

  @Test(arguments: ["neuron", "two-samples", "reuse", "mazur", "minibatch"])
  func `it holds one script, one style, nothing that is fetched, and no answer`(sample: String) throws {
    let graph = try Project.graph(sample, level: .scalar)
    let blanks = try Blanks(["gradients", "values"], in: graph)
    let html = try ExercisePage(graph, blanks: blanks).html
    #expect(html.matches(of: /<script/).count == 1 && html.matches(of: /<style/).count == 1)
    #expect(html.contains("<script>\(ExercisePage.script)</script>"))
    let style = try #require(html.firstMatch(of: /(?s)<style>(.*?)<\/style>/)?.output.1)
    #expect(html.contains("style-src '\(SecureHash.source(String(style)))'"))
    #expect(html.contains("script-src '\(SecureHash.source(ExercisePage.script))'"))
    let rest = html.replacing(ExercisePage.script, with: "")
    #expect(rest.firstMatch(of: /\s(on\w+|style|src|href)=/) == nil)
    let addresses = rest.matches(of: /https?:[^"' ]*/).map { String($0.output) }
    #expect(addresses.allSatisfy { $0 == "http://www.w3.org/2000/svg" })
    let ids = html.matches(of: /\sid="([^"]+)"/).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count)
    // A field and a place in the figure for each answer.
    let exercise = try #require(try Exercise.alike([graph], blanks: blanks).first)
    #expect(html.matches(of: /<li data-i=/).count == exercise.answers.count)
    for place in exercise.answers.indices { #expect(html.contains("data-ink=\"\(place)\""), "\(place)") }
    // Where else would a number with so many digits come from? What is given is printed with more of them.
    let shown = rest.replacing(/(?s)data-(graph|text)='.*?'/, with: "").replacing(/<text [^>]*>[^<]*=[^<]*</, with: "")
    for answer in exercise.answers where answer.text.count > 5 {
      #expect(!shown.contains(">\(answer.text)<"), "\(answer.name)")
    }
    let data = try #require(html.firstMatch(of: /data-graph='(.*?)'/)?.output.1)
    let leaves = graph.nodes.filter(\.isLeaf).map { $0.value[0] }
    for answer in exercise.answers where !leaves.contains(answer.number) && answer.text.count > 5 {
      #expect(!data.contains("\(answer.number)"), "\(answer.name)")
    }
  }

  @Test func `names with signs of markup stay text, and names of the page's own parts are others`() throws {
    var graph = try ComputationGraph.load(
      text: "param form = 2\nparam live = 3\nloss score = form * live\n", path: "net.grad", level: .scalar
    ).graph
    graph.nodes[0].name = "a<b>&'\"</script>"
    graph.presentation.title = "</title><script>alert(1)</script>"
    let html = try ExercisePage(graph, blanks: Blanks(["gradients"], in: graph)).html
    #expect(html.matches(of: /<script/).count == 1 && html.contains("&lt;/title&gt;"))
    let ids = html.matches(of: /\sid="([^"]+)"/).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count)
  }

  @Test func `what has no page is refused in words`() throws {
    let arrays = try Project.graph("names", level: .tensor)
    #expect(throws: (any Error).self) { try ExercisePage(arrays, blanks: Blanks(["gradients"], in: arrays)) }
    var graph = try Subject(Self.source).graph
    let tanh = try #require(graph.nodes.firstIndex { $0.operation == .tanh })
    graph.nodes[tanh].operation = .softmax
    let blanks = try Blanks(["gradients"], in: graph)
    #expect { try ExercisePage(graph, blanks: blanks) } throws: { "\($0)".contains("cannot compute `softmax`") }
  }

  @Test func `the script is small`() { #expect(ExercisePage.script.utf8.count < 20_000) }

  @Test(.enabled(if: Script.bundler != nil, "esbuild 0.17 is not installed"))
  func `the script is that of its modules`() throws {
    let esbuild = try #require(Script.bundler)
    let names = try String(contentsOf: Script.modules.appendingPathComponent("own-names.txt"), encoding: .utf8)
      .split(separator: "\n").joined(separator: "|")
    let result = try ProcessResult(
      esbuild,
      [
        Script.modules.appendingPathComponent("exercise.mjs").path, "--bundle", "--minify", "--format=iife",
        "--target=es2022", "--charset=utf8", "--mangle-props=\(names)",
      ])
    #expect(result.text == ExercisePage.script, "run `make script`")
  }

  // MARK: Answers

  private func dom(_ html: String, _ flags: [String] = []) throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.write(html, to: "page.html")
    let profile = try TemporaryFolder()
    return try ProcessResult(
      try #require(Project.browser),
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--user-data-dir=\(profile.url.path)",
        "--virtual-time-budget=2000", "--dump-dom",
      ] + flags + ["file://\(path)"]
    ).text
  }

  /// The page after a script of ours, which the page's own policy forbids, and what that has written.
  private func run(_ subject: Subject, _ script: String, _ flags: [String] = []) throws -> [String] {
    let policy = try #require(subject.html.firstMatch(of: /<meta http-equiv="Content-Security-Policy"[^>]*>/)?.output)
    let html = subject.html.replacing(policy, with: "").replacing(
      "</body>",
      with: """
        <pre id="told"></pre><script>
        const told = []
        const field = (i, kind = "gradient") => document.querySelector(`[data-i="${i}"][data-kind="${kind}"] input`)
        const note = input => document.getElementById(input.getAttribute("aria-describedby"))
        const type = (input, text) => { input.focus(); input.value = text; document.querySelector("form").requestSubmit() }
        const key = (input, name) => input.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }))
        \(script)
        document.getElementById("told").textContent = told.join("\\n")
        </script></body>
        """)
    let told = try #require(dom(html, flags).firstMatch(of: /(?s)<pre id="told">(.*?)<\/pre>/)?.output.1)
    return told.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// What is said of each number that is typed for a value.
  private func notes(_ subject: Subject, _ typed: [(name: String, text: String)], kind: String = "gradient") throws
    -> [String]
  {
    let lines = typed.map { name, text in
      "{ const it = field(\(subject.index(name)), '\(kind)'); type(it, '\(text)');"
        + " told.push(note(it).className + ': ' + note(it).textContent); it.readOnly || (it.value = '') }"
    }
    return try run(subject, lines.joined(separator: "\n"))
  }

  @Test(.enabled(if: Project.browser != nil, "Chromium is not installed"))
  func `each slip with a gradient is named, and a right answer is right`() throws {
    let subject = try Subject(Self.source)
    let (h, o, e) = (subject.value("h"), subject.value("o"), subject.value("e"))
    let (n, atO) = (subject.gradient("n"), subject.gradient("o"))
    let cases: [(name: String, text: String, says: String)] = [
      // The forgotten +=: the share by way of n alone.
      ("w", "\(n * subject.value("x"))", "share of one path only. w is used 2 times"),
      ("w", "\(n * subject.value("x") * 0.1)", "added, not multiplied"),
      // The inner derivative forgotten, or the outer one.
      ("h", "\(atO)", "That is the gradient of o. Multiply it by the local derivative"),
      ("h", "\(1 - o * o)", "only the local derivative, of o with respect to h"),
      // tanh′ from the input, and the square's from the output.
      ("h", "\(atO * (1 - h * h))", "You put h into the derivative of o in place of o"),
      ("e", "\(2 * e * e)", "You took the derivative of s at its output. It is taken at its input, e."),
      ("x", "\(n * subject.value("x"))", "You multiplied by x itself"),
      ("b", "\(-subject.gradient("b"))", "Right number, wrong sign."),
      ("b", "\(subject.value("b"))", "That is the value of b, not its gradient."),
      ("b", "nothing", "Please type a number"),
      ("b", "7", "Not yet"),
    ]
    let notes = try notes(subject, cases.map { ($0.name, $0.text) })
    #expect(notes.count == cases.count)
    for (said, one) in zip(notes, cases) {
      #expect(said.hasPrefix("note no: ") && said.contains(one.says), "\(one): \(said)")
    }
    let names = subject.graph.nodes.filter { $0.gradient != nil && $0.role != .constant }.map(\.name)
    let right = try self.notes(subject, names.map { ($0, "\(subject.gradient($0))") })
    #expect(right.count == names.count && right.count == 11)
    for (said, name) in zip(right, names) { #expect(said.hasPrefix("note ok: Right: "), "\(name): \(said)") }
  }

  @Test(.enabled(if: Project.browser != nil, "Chromium is not installed"))
  func `each slip with a value is named`() throws {
    let subject = try Subject(Self.source, blanks: ["values"])
    let (x, w, o, y) = (subject.value("x"), subject.value("w"), subject.value("o"), subject.value("y"))
    let (n, b, e) = (subject.value("n"), subject.value("b"), subject.value("e"))
    let cases = [
      ("n", "\(x + w)", "no: You added. n is w · x."), ("h", "\(n * b)", "no: You multiplied. h is n + b."),
      ("e", "\(y - o)", "no: The other way round: e is o − y."), ("h", "\(n)", "no: That is one operand only"),
      ("s", "\(2 * e)", "no: You multiplied by the exponent. s is e²."), ("n", "-1.2", "no: Right number, wrong sign"),
      ("h", "9", "no: Not yet. h is n + b."), ("n", "6/5", "ok: Right: 1.2."), ("e", "\(e)", "ok: Right"),
    ]
    let notes = try notes(subject, cases.map { ($0.0, $0.1) }, kind: "value")
    for (said, one) in zip(notes, cases) { #expect(said.hasPrefix("note " + one.2), "\(one): \(said)") }
    #expect(notes.count == cases.count)
  }

  @Test(.enabled(if: Project.browser != nil, "Chromium is not installed"))
  func `in French, with a decimal comma`() throws {
    let subject = try Subject(Self.source, french: true)
    let comma = "\(subject.gradient("b"))".replacing(".", with: ",")
    let notes = try notes(
      subject, [("b", "0,1"), ("n", "-\(comma)"), ("b", comma), ("e", "\(subject.gradient("e"))")])
    #expect(notes[0].contains("Pas encore") || notes[0].contains("Presque"))
    #expect(notes[1] == "note no: Le bon nombre, mais le mauvais signe.")
    #expect(notes[2].hasPrefix("note ok: Juste") && notes[2].contains(",") && notes[3].hasPrefix("note ok: Juste"))
    #expect(subject.html.contains("<html lang=\"fr\">") && subject.html.contains("Vos réponses"))
  }

  /// Enter is the form's submission; the keys of the list are its own.
  @Test(.enabled(if: Project.browser != nil, "Chromium is not installed"))
  func `the keyboard is enough, and what was found stands in the figure`() throws {
    let subject = try Subject(Self.source)
    let answers = subject.graph.nodes.indices.filter {
      subject.graph.nodes[$0].gradient != nil && subject.graph.nodes[$0].role != .constant
    }
    let numbers = answers.map { "[\($0), \(subject.graph.nodes[$0].gradient?[0] ?? 0)]" }.joined(separator: ",")
    let told = try run(
      subject,
      """
      const all = [...document.querySelectorAll("#fields input")]
      told.push(all.every(one => one.tabIndex === 0) && document.querySelectorAll("[tabindex]").length === 0)
      all[0].focus()
      key(all[0], "ArrowDown")
      told.push(document.activeElement === all[1])
      told.push(document.querySelectorAll(".here").length + " " + document.querySelector(".here").dataset.frame)
      key(all[1], "ArrowUp")
      told.push(document.activeElement === all[0])
      document.getElementById("reveal").click()
      told.push(note(all[0]).textContent + " " + all[0].readOnly + " " + document.activeElement.id)
      told.push(document.getElementById("score").textContent)
      document.getElementById("reset").click()
      const numbers = new Map([\(numbers)])
      for (let step = 0; step < all.length; step++) {
        const now = document.activeElement
        type(now, String(numbers.get(Number(now.closest("li").dataset.i))))
      }
      told.push(document.getElementById("score").textContent)
      told.push([...document.querySelectorAll("[data-ink]")].every(one => one.textContent !== ""))
      told.push(document.getElementById("check").disabled)
      document.getElementById("reset").click()
      told.push([...document.querySelectorAll("[data-ink]")].every(one => one.textContent === ""))
      document.querySelector(`#v-b rect`).dispatchEvent(new MouseEvent("click", { bubbles: true }))
      told.push(document.activeElement === field(\(subject.index("b"))))
      """)
    #expect(
      told == [
        "true", "true", "1 1", "true", "It is 1. true answer-1", "0 of 11 done", "11 of 11 done. All done!", "true",
        "true", "true", "true",
      ])
  }

  @Test(
    .enabled(if: FirstRenderingTests.axe != nil && Project.browser != nil, "axe-core or Chromium is not installed"),
    arguments: [[], ["--blink-settings=preferredColorScheme=0"]])
  func `axe-core finds nothing, in a light and a dark theme`(flags: [String]) throws {
    let subject = try Subject(Self.source, blanks: ["gradients", "values"])
    let policy = try #require(subject.html.firstMatch(of: /<meta http-equiv="Content-Security-Policy"[^>]*>/)?.output)
    let check = """
      <pre id="axe"></pre><script>\(try #require(FirstRenderingTests.axe))</script><script>
      const [one, other] = document.querySelectorAll("#fields input")
      one.value = "1234"
      other.focus()
      document.getElementById("reveal").click()
      one.dispatchEvent(new Event("change"))
      addEventListener("load", () => setTimeout(() => axe.run(document).then(found => {
        document.getElementById("axe").textContent = (found.passes.length > 15) + ", " + matchMedia("(prefers-color-scheme:dark)").matches
          + ", " + found.violations.map(rule => rule.id + " " + rule.nodes.map(node => node.target.join(" ")).join(", ")).join("; ") + "."
      }), 300))
      </script></body>
      """
    let text = try dom(subject.html.replacing(policy, with: "").replacing("</body>", with: check), flags)
    let verdict = try #require(text.firstMatch(of: /<pre id="axe">([^<]*)<\/pre>/)?.output.1)
    #expect(verdict == "true, \(flags.isEmpty ? "false" : "true"), .", "\(verdict)")
  }
}
