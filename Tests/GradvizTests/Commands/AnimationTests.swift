import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

/// Figures that replay their stage: what they are without the animation, and what the animation does.
@Suite("Animated figures")
struct AnimationTests {
  static let cases = ["chain", "neuron", "reuse", "minibatch", "mazur", "mlp"].flatMap { sample in
    [GradvizKit.Stage.forward, .backward, .update].map { (sample, $0) }
  }

  private nonisolated(unsafe) static let frames =
    /@keyframes (moment-(\d+)-of-(\d+))\{0%,([\d.]+)%\{opacity:1\}([\d.]+)%,([\d.]+)%\{opacity:0\}([\d.]+)%,100%\{opacity:1\}\}/
  private nonisolated(unsafe) static let rule =
    /\[id="([^"]+)"\] \.moment-(\d+)\{animation:(moment-(\d+)-of-(\d+)) ([\d.]+)s linear 1\}/

  private func set(_ sample: String) throws -> FigureSet { try FigureSet(Project.graph(sample)) }

  /// The style sheet of the animation, and the file without it and without its classes.
  private func parts(_ svg: String) throws -> (animation: String, still: String) {
    let style = try #require(svg.firstMatch(of: /<style>(.*?)<\/style>\n/))
    let begin = try #require(style.output.1.firstRange(of: "@media screen and (prefers-reduced-motion:no-preference){"))
    let animation = String(style.output.1[begin.lowerBound...])
    var still = svg.replacing(animation, with: "").replacing("<style></style>\n", with: "")
    still = still.replacing(/\sclass="moment-\d+"/, with: "")
    still = still.replacing(/class="moment-\d+\s/, with: "class=\"")
    return (animation, still)
  }

  @Test(arguments: cases) func `without the animation it is the figure`(sample: String, stage: GradvizKit.Stage) throws
  {
    let figures = try set(sample)
    for theme in [ComputationGraph.Presentation.Theme.auto, .light, .print] {
      let svg = try figures.animatedSVG(stage, theme: theme)
      #expect(SVGDocument(svg).error == nil)
      let (_, still) = try parts(svg)
      // Cells of a heat map are one element each, as those of value and gradient appear one after the other.
      #expect(still == (try figures.figure(stage).svg(theme: theme, joinsCells: false)), "\(theme)")
      // Nothing else hides an element.
      #expect(!still.contains("opacity:0") && !still.contains("visibility") && !still.contains("display"))
    }
  }

  @Test(arguments: cases) func `it runs once, in less than five seconds, and begins and ends complete`(
    sample: String, stage: GradvizKit.Stage
  ) throws {
    let svg = try set(sample).animatedSVG(stage)
    let (animation, _) = try parts(svg)
    let rules = animation.matches(of: Self.rule)
    let frames = animation.matches(of: Self.frames)
    #expect(!rules.isEmpty && rules.count == frames.count)
    // That is all there is: the query around the rules, then the keyframes.
    var rest = animation.replacing(Self.rule, with: "").replacing(Self.frames, with: "")
    rest = rest.replacing("@media screen and (prefers-reduced-motion:no-preference){}", with: "")
    #expect(rest == "")
    let root = try #require(SVGDocument(svg).elements.first { $0.name == "g" }?.attributes["id"])
    var ends: [Double] = []
    for (rule, frame) in zip(rules, frames) {
      #expect(rule.output.1 == root && rule.output.3 == frame.output.1 && rule.output.2 == frame.output.2)
      let seconds = try #require(Double(rule.output.6))
      #expect(seconds > 1 && seconds < 5)
      let times = try [frame.output.4, frame.output.5, frame.output.6, frame.output.7].map { try #require(Double($0)) }
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 } && times[0] > 0 && times[3] < 100, "\(times)")
      ends.append(times[3])
    }
    #expect(ends == ends.sorted() && Set(ends).count == ends.count)
    let classes = Set(svg.matches(of: /class="moment-(\d+)/).map { String($0.output.1) })
    #expect(classes == Set(rules.map { String($0.output.2) }), "each class has its rule")
  }

  /// The moments of the elements in each value's box, by its id without the figure's.
  private func moments(_ sample: String, _ stage: GradvizKit.Stage) throws -> [String: (step: Int?, moments: Set<Int>)]
  {
    let svg = try Project.graph(sample, level: .scalar)
    let text = try FigureSet(svg).animatedSVG(stage)
    var result: [String: (step: Int?, moments: Set<Int>)] = [:]
    for group in text.matches(
      of: /(?s)<g id="[^"]*-(?:forward|backward|update)-([^"]+)" class="(node [^"]*)">(.*?)<\/g>/)
    {
      let step = group.output.2.firstMatch(of: /step-(\d+)/).flatMap { Int($0.output.1) }
      let own = group.output.3.matches(of: /class="moment-(\d+)/).compactMap { Int($0.output.1) }
      result[String(group.output.1)] = (step, Set(own))
    }
    return result
  }

  @Test(arguments: ["chain", "neuron", "reuse", "minibatch"])
  func `gradients appear in the order of the backward pass`(sample: String) throws {
    let boxes = try moments(sample, .backward)
    #expect(boxes.values.contains { !$0.moments.isEmpty })
    for (id, box) in boxes.sorted(by: { $0.key < $1.key }) where !box.moments.isEmpty {
      #expect(box.moments == [try #require(box.step, "\(id)")], "\(id)")
    }
  }

  @Test func `values appear after their operands, updates one by one`() throws {
    let forward = try moments("chain", .forward)
    func known(_ id: String) -> Int { forward[id]?.moments.max() ?? 0 }
    #expect(["a", "b", "c", "f"].allSatisfy { forward[$0]?.moments == [] })
    #expect(known("e") > 0 && known("d") > known("e") && known("L") > known("d"))
    let update = try moments("chain", .update)
    let parameters = ["a", "b", "c", "f"].map { update[$0]?.moments ?? [] }
    #expect(parameters == [[1], [2], [3], [4]] && update["L"]?.moments == [5])
    let svg = try FigureSet(Project.graph("chain", level: .scalar)).animatedSVG(.update)
    for (number, name) in ["a", "b", "c", "f"].enumerated() {
      let arrow = try #require(
        svg.firstMatch(of: try Regex("(?s)update-\(name)\" class=\"update\">(.*?)</g>"))?[1].substring)
      #expect(arrow.contains("moment-\(number + 1)"))
    }
  }

  @Test(arguments: ["chain", "minibatch", "mazur", "mlp", "rnn"])
  func `in the backward pass the values and their wires stay`(sample: String) throws {
    let svg = try set(sample).animatedSVG(.backward)
    let wires = svg.matches(of: /(?s)<g id="[^"]*" class="(forward|gradient)">(.*?)<\/g>/)
    #expect(wires.contains { $0.output.1 == "gradient" && $0.output.2.contains("moment-") })
    #expect(!wires.contains { $0.output.1 == "forward" && $0.output.2.contains("moment-") })
    // At first each box has the texts and cells of its forward figure.
    func texts(_ box: some StringProtocol) -> Int { box.components(separatedBy: "<text").count - 1 }
    let boxes = /(?s)<g id="[^"]*-(?:forward|backward)-([^"]+)" class="node [^"]*">(.*?)<\/g>/
    let forward = try set(sample).figure(.forward).svg(theme: .auto, joinsCells: false).matches(of: boxes)
    for box in svg.matches(of: boxes) {
      guard let own = forward.first(where: { $0.output.1 == box.output.1 })?.output.2, !own.contains("f-muted") else {
        continue
      }
      let early = box.output.2.split(separator: "\n").filter { !$0.contains("class=\"moment-") }.joined(separator: "\n")
      #expect(texts(early) >= texts(own), "\(box.output.1)")
    }
  }

  @Test func `a stage in which nothing comes about is refused`() throws {
    let figures = try set("chain")
    for stage in [GradvizKit.Stage.loss, .overview] {
      #expect(throws: FigureError.self) { try figures.animatedSVG(stage) }
    }
  }

  // MARK: The command

  @Test(arguments: [
    (["--animate"], "`--animate` replays forward, backward and update; choose them, as in `--stage backward`"),
    (["--animate", "--stage", "loss"], "`--animate` replays forward, backward and update, not loss"),
    (["--animate", "--stage", "backward,overview"], "`--animate` replays forward, backward and update, not overview"),
    (["--animate", "--stage", "backward", "-T", "png"], "`--animate` moves in an SVG only, not as png"),
    (["--animate", "--stage", "backward", "-o", "x.pdf"], "`--animate` moves in an SVG only, not as pdf"),
    (["--animate", "--stage", "backward", "--steps"], "choose one"),
    (["--animate", "--stage", "derivative", "--of", "a"], "not derivative"),
  ])
  func `what cannot move is said in one line`(_ arguments: [String], _ message: String) throws {
    let result = try ProcessResult(Project.gradviz, ["draw", "x.grad"] + arguments)
    #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test func `the command writes what the library draws`() throws {
    let folder = try TemporaryFolder()
    let sample = Project.folder.appendingPathComponent("Samples/chain.grad").path
    let one = try ProcessResult(
      Project.gradviz, ["draw", sample, "--stage", "backward", "--animate", "-o", "b.svg", "-q"], in: folder.url)
    #expect(one.status == 0 && one.errors == "")
    let svg = try String(contentsOf: folder.file("b.svg"), encoding: .utf8)
    #expect(svg == (try set("chain").animatedSVG(.backward)))
    let two = try ProcessResult(
      Project.gradviz, ["draw", sample, "--stage", "forward,update", "--animate", "-o", "two"], in: folder.url)
    #expect(two.status == 0)
    for name in ["forward", "update"] {
      #expect(
        try String(contentsOf: folder.file("two/\(name).svg"), encoding: .utf8).contains("@keyframes moment-1-of-"))
    }
  }

  // MARK: As a picture

  @Test(.enabled(if: Project.tool("rsvg-convert") != nil, "librsvg is not installed"))
  func `librsvg draws the complete figure`() throws {
    let tool = try #require(Project.tool("rsvg-convert"))
    let figures = try set("chain")
    let moving = try ProcessResult(tool, [], input: Data(figures.animatedSVG(.backward).utf8))
    let still = try ProcessResult(tool, [], input: Data(figures.figure(.backward).svg().utf8))
    #expect(moving.status == 0 && moving.output == still.output && still.output.count > 8000)
  }

  private func browse(_ page: String, _ flags: [String]) throws -> ProcessResult {
    let profile = try TemporaryFolder()
    return try ProcessResult(
      try #require(Project.browser),
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
        "--user-data-dir=\(profile.url.path)", "--window-size=900,700",
      ] + flags + ["file://\(page)"])
  }

  @Test(.enabled(if: Project.browser != nil, "Chromium is not installed"))
  func `in a browser every element is there at first and at the end, and none in between`() throws {
    let folder = try TemporaryFolder()
    let page = try folder.write(
      """
      <!doctype html><meta charset="utf-8">\(try set("chain").animatedSVG(.backward))<pre></pre><script>
      const all = document.getAnimations(), end = Math.max(...all.map(a => a.effect.getComputedTiming().endTime))
      const at = time => {
        for (const one of all) { one.pause(); one.currentTime = time }
        return [...new Set(all.map(one => getComputedStyle(one.effect.target).opacity))].sort().join("/")
      }
      document.querySelector("pre").textContent =
        [all.length > 30, end, at(0), at(0.12 * end), at(0.5 * end), at(end - 1)].join(";")
      </script>
      """, to: "page.html")
    #expect(try browse(page, ["--dump-dom"]).text.contains("<pre>true;3600;1;0;0/1;1</pre>"))
    #expect(
      try browse(page, ["--force-prefers-reduced-motion", "--dump-dom"]).text.contains("<pre>false;"), "nothing moves")
  }

  /// A picture has no other way to ask for its reader's wish.
  @Test(.enabled(if: Project.browser != nil, "Chromium is not installed"))
  func `in an img it is the still figure for readers who prefer reduced motion, and moves for others`() throws {
    let folder = try TemporaryFolder()
    let figures = try set("chain")
    _ = try folder.write(figures.animatedSVG(.backward), to: "moving.svg")
    _ = try folder.write(figures.figure(.backward).svg(), to: "still.svg")
    func picture(_ name: String, _ flags: [String]) throws -> Data {
      let page = try folder.write(
        "<!doctype html><body style=\"margin:0\"><img src=\"\(name).svg\">", to: "\(name).html")
      let file = folder.file("\(name)\(flags.count).png")
      _ = try browse(page, flags + ["--virtual-time-budget=1500", "--screenshot=\(file.path)"])
      return try Data(contentsOf: file)
    }
    let still = try picture("still", [])
    #expect(still.count > 20_000)
    #expect(try picture("moving", ["--force-prefers-reduced-motion"]) == still)
    #expect(try picture("moving", []) != still)
  }
}
