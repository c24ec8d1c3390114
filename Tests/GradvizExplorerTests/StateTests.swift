import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizExplorer

/// The page in states that a person comes to: before anything is chosen, at an early step, on paper, on a telephone.
@Suite("The explorer's states", .enabled(if: Visit.isPossible, "needs Chromium and node"))
struct StateTests {
  /// A value that is drawn twice, as `b` is here, and a maximum.
  private static let source = """
    param a = 2.25
    param b = 0.8
    param c = 3
    input k = 1.1
    r = sqrt(a)
    g = log(b * c)
    m = max(r, g)
    q = m * k - r
    loss L = q ** 2 + 0.5 * b
    rate 0.05
    """

  private static func page(_ source: String, level: ComputationGraph.Level = .scalar) throws -> String {
    let loaded = try ComputationGraph.load(text: source, path: "program.grad", level: level)
    return try Explorer(loaded.graph, optimizer: loaded.optimizer).html
  }

  private static func text(_ id: String) -> (key: String, value: JSONText) {
    ("see", .text("document.getElementById('\(id)').textContent"))
  }

  /// How many of the elements are seen.
  private static func count(_ selector: String) -> (key: String, value: JSONText) {
    let isSeen = "element => getComputedStyle(element).visibility === 'visible'"
    return ("see", .text("[...document.querySelectorAll(\"\(selector)\")].filter(\(isSeen)).length"))
  }

  @Test func `an exercise begins with nothing chosen`() throws {
    let visit = try Visit(
      Self.page(Self.source),
      [
        ("click", .text("#predict")), Self.text("say"), Self.text("score"), Self.count("#asking"),
        ("see", .text("document.activeElement.id")),
      ])
    #expect(visit.noise == [])
    try #require(visit.seen.count == 4)
    #expect(visit.seen[0].contains("[ ? ]"))
    #expect(visit.seen[1] == "0 of 12 done")
    #expect(visit.seen[3] == "answer")
  }

  @Test func `a value that stands twice is there in every stage, and under a nudge`() throws {
    let copy = Self.count("#v-b__rest > .val")
    let visit = try Visit(
      Self.page(Self.source),
      [
        ("click", .text("#s0 + label")), copy, ("click", .text("#s1 + label")), copy, ("click", .text("#v-b")),
        ("click", .text("#nudge")), copy, Self.count("#v-b__rest > .amount"), ("click", .text("#s2 + label")), copy,
        Self.count("#v-b__rest > .amount"),
      ])
    #expect(visit.noise == [])
    #expect(visit.seen == ["1", "1", "1", "0", "1", "1"])
  }

  /// Colors are numbers too.
  @Test func `cells are tinted once their numbers are known`() throws {
    let source = """
      input x = [[1, 2], [3, -1]]
      param w = [[0.5, -0.25], [1, 2]]
      h = x @ w
      loss L = sum(h * h)
      """
    let cells = "> [class^=f-heat]"
    let visit = try Visit(
      Self.page(source, level: .tensor), address: "#stage=forward&step=0",
      [
        Self.count("#v-x \(cells)"), Self.count("#v-h \(cells)"), ("click", .text("#on")),
        Self.count("#v-h \(cells)"), ("click", .text("#s2 + label")), Self.count("#v-h \(cells)"),
      ])
    #expect(visit.noise == [])
    #expect(visit.seen == ["4", "0", "4", "8"])
  }

  @Test func `equal operands of a maximum share in the formula, too`() throws {
    let visit = try Visit(
      Self.page(Self.source), address: "#value=m&set.a=1&set.b=1&set.c=2.718281828459045",
      [Self.text("more")])
    #expect(visit.noise == [])
    #expect(try #require(visit.seen.first).contains("= [r > g] + [r = g]/2 = [1 > 1] + [1 = 1]/2 = 0.5"))
  }

  @Test func `a negative number in a call has one pair of parentheses`() throws {
    let visit = try Visit(
      Self.page("param x = -1\nloss L = tanh(x)\n"), address: "#value=L", [Self.text("about"), Self.text("more")])
    #expect(visit.noise == [])
    try #require(visit.seen.count == 2)
    #expect(visit.seen[0].contains("L = tanh(x)= tanh(−1) = −0.7616"))
    #expect(visit.seen[1].contains("= 1 − L² = 1 − (−0.7616)² = 0.4200"))
  }

  @Test func `what can be undone comes back with the curve of the loss`() throws {
    let visit = try Visit(
      Self.page(Self.source),
      [
        ("click", .text("#t10")), ("click", .text("#t1")), Self.text("lossnow"), ("click", .text("#reset")),
        Self.text("lossnow"), ("click", .text("#undo")), Self.text("lossnow"),
        ("see", .text("document.querySelector('#losscurve .fn').getAttribute('d').split('L').length")),
        ("click", .text("#reset")), ("click", .text("#v-a")), ("key", .text("Enter")), ("type", .text("-1")),
        ("wait", .whole(100)), ("click", .text("#t1")), Self.text("trouble"),
      ])
    #expect(visit.noise == [])
    try #require(visit.seen.count == 5)
    #expect(visit.seen[0].hasSuffix(" · updates: 11"))
    #expect(visit.seen[1] == "L = 0.4225")
    #expect(visit.seen[2] == visit.seen[0])
    #expect(visit.seen[3] == "12")
    #expect(visit.seen[4].hasPrefix("Stopped (updates: 0): the loss grows or falls without end, or is not a number."))
  }

  /// Over a thousandth, the curve of `a` leaves its tangent by less than a billionth.
  @Test func `a straight line is said of the step alone, and not of what bends a little`() throws {
    let source = "param a = 0.3\nparam b = 0.0005\nloss L = b * a ** 2 + max(a, 0)\n"
    for (address, words) in [
      ("#value=b&nudge=0.1", "over this step the loss is a straight line."),
      ("#value=a&nudge=0.001", "Not exactly: the curve bends (5.0×10⁻¹⁰ more). A smaller step comes closer."),
    ] {
      let visit = try Visit(Self.page(source), address: address, [Self.text("told")])
      #expect(visit.noise == [])
      #expect(visit.seen.first?.hasSuffix(words) == true, "\(visit.seen)")
    }
  }

  @Test func `paper and telephones hold the whole page`() throws {
    let french = Self.source + "\nlang fr\n"
    let width = "document.documentElement.scrollWidth <= innerWidth"
    let drawing = "document.getElementById('graph').getBoundingClientRect().width <= innerWidth"
    let visit = try Visit(
      Self.page(french),
      [
        ("size", .list([.whole(390), .whole(844)])), ("see", .text(width)),
        ("size", .list([.whole(320), .whole(800)])),
        ("see", .text(width)), ("paper", .list([.whole(720), .whole(1000)])), ("see", .text(width)),
        ("see", .text(drawing)),
      ])
    #expect(visit.noise == [])
    #expect(visit.seen == ["true", "true", "true", "true"])
  }
}
