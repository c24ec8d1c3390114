import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

/// What the panels say of values that take a box of several values, or stand in another value's box.
@Suite("Lines of panels")
struct PanelLineTests {
  private func reader(_ graph: ComputationGraph, _ stage: Stage, _ options: FigureOptions = .init()) throws
    -> FormulaReader
  {
    let figure = try FigureSet(graph, options: options).figure(stage)
    return FormulaReader(svg: try figure.svg(), id: figure.id)
  }

  private func lines(_ reader: FormulaReader) -> [String] { reader.lines.map { $0.text.replacing(" ", with: "") } }

  @Test(arguments: ["forward", "overview"])
  func `a value that takes a box of several values has its line`(name: String) throws {
    let stage = try #require(Stage(rawValue: name))
    let names = try reader(Project.graph("names"), stage)
    #expect(lines(names).contains { $0.hasPrefix("h=tanh(z)") }, "\(lines(names))")
    #expect(lines(names).contains { $0.hasPrefix("scores=h@scores.w+scores.b") }, "\(lines(names))")
    // A formula that would fill the overview's card is counted there instead.
    #expect(lines(names).contains { $0.hasPrefix("z=((") } == (stage == .forward))
    #expect(names.notes.contains("… and one box of several values") == (stage == .overview), "\(names.notes)")
    let residual = try reader(Project.graph("residual"), stage)
    #expect(lines(residual).contains { $0.hasPrefix("h₈=h₇+n₂₄") }, "\(lines(residual))")
  }

  @Test func `constants that functions bring along are written as roots`() throws {
    let graph = try Project.graph(
      program: """
        level tensor
        param q = [[1, 2], [3, 1]]
        param k = [[0.5, 1], [2, -1]]
        a = attention(q, k, q)
        b = gelu(a)
        c = gelu(b, approximate="tanh")
        loss L = sum(c)
        """)
    #expect(Set(graph.nodes.compactMap(\.source)) == ["√2", "√(2/π)"])
    #expect(graph.nodes.count { $0.source == "√2" } == 2, "of two features, and of the error function")
    for stage in [Stage.forward, .backward] {
      let options = FigureOptions(formulas: .all, collapse: Collapse.none)
      let shown = try lines(reader(graph, stage, options)).joined(separator: "\n")
      #expect(shown.contains("√(2/π)") && shown.contains("√2"), "\(shown)")
      #expect(!shown.contains("0.707") && !shown.contains("0.798"), "\(shown)")
    }
  }

  @Test func `a product in the box of a sum has no mark and no line, unless all are asked for`() throws {
    let graph = try Project.graph("mlp")
    let short = try lines(reader(graph, .backward))
    for name in ["n₁", "n₃", "n₅"] { #expect(!short.contains { $0.contains("⟨∂L⁄∂\(name)⟩=") }, "\(name)") }
    for name in ["n₂", "n₄", "n₆", "b₁", "W₁"] { #expect(short.contains { $0.contains("⟨∂L⁄∂\(name)⟩=") }, "\(name)") }
    let all = try lines(reader(graph, .backward, .init(formulas: .all)))
    for name in ["n₁", "n₃", "n₅"] { #expect(all.contains { $0.contains("⟨∂L⁄∂\(name)⟩=") }, "\(name)") }
    let figure = try FigureSet(graph).figure(.backward).svg()
    #expect(!figure.contains(">12a<") && figure.contains(">12<"))
  }

  @Test func `one sample in the table is one`() throws {
    let text = "samples table\ninput x = [1, 2]\ntarget y = [0, 1]\nparam w = 1\npredict p = w * x\nloss L = mse(p, y)"
    let two = try FigureSet(Project.graph(program: text)).figure(.backward).svg()
    #expect(two.contains("sample 2 in the columns of sample 1; the option samples rows shows both in full"))
    let three = try FigureSet(
      Project.graph(program: text.replacing("[1, 2]", with: "[1, 2, 3]").replacing("[0, 1]", with: "[0, 1, 1]"))
    ).figure(.backward).svg()
    #expect(three.contains("samples 2 and 3 in the columns of sample 1"))
  }
}
