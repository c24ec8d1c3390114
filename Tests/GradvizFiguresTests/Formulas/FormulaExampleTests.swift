import Autograd
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

/// Formulas that used to be wrong, each with the correct one.
@Suite("Formulas that were false")
struct FormulaExampleTests {
  private func reader(_ program: String, _ stage: Stage = .backward, _ options: FigureOptions = .init()) throws
    -> FormulaReader
  {
    try reader(Project.graph(program: program), stage, options)
  }

  private func reader(_ graph: ComputationGraph, _ stage: Stage = .backward, _ options: FigureOptions = .init())
    throws -> FormulaReader
  {
    let figure = try FigureSet(graph, options: options).figure(stage)
    return FormulaReader(svg: try figure.svg(), id: figure.id)
  }

  /// The panel's lines without spaces, since gaps between texts are not characters.
  private func lines(_ reader: FormulaReader) -> [String] { reader.lines.map { $0.text.replacing(" ", with: "") } }

  private func labels(_ reader: FormulaReader) -> [String] { reader.labels.map(\.text) }

  @Test func `an index and an axis are printed`() throws {
    let shown = try lines(
      reader(
        """
        level tensor
        input x = [[1, 2, 3], [4, 5, 7]]
        a = x[0]
        c = x[:, 1]
        s = sum(x, axis=0)
        t = sum(x, axis=1)
        p = softmax(x, axis=0)
        q = softmax(x)
        m = max(x, axis=1)
        """, .forward, .init(formulas: .all)))
    for line in [
      "a=x[0]", "c=x[:,1]", "s=Σrowsx", "t=Σcolumnsx", "p=softmax(x,axis=0)", "q=softmax(x,axis=1)", "m=max(x,axis=1)",
    ] { #expect(shown.contains(line), "\(line): \(shown)") }
    #expect(
      try lines(reader(Project.graph("xor", level: .tensor), .forward, .init(collapse: Collapse.none))).contains {
        $0.hasPrefix("p=σ(score[:,0])")
      })
    let french = try lines(
      reader("lang fr\nlevel tensor\ninput x = [[1, 2], [4, 5]]\ns = sum(x, axis=0)\nt = sum(x, axis=1)", .forward))
    #expect(french.contains("s=Σlignesx") && french.contains("t=Σcolonnesx"), "\(french)")
  }

  @Test(arguments: ["[40, -40, 0.5]", "[28.5, -27, 1]", "[-30, 2, 0.1]", "[30, 2, 0.1]"])
  func `the bounded logarithm of a cross entropy has the derivative that is printed`(scores: String) throws {
    for targets in ["[1, 0, 1]", "[0, 1, 0.5]"] {
      for level in ["tensor", "scalar"] {
        let graph = try Project.graph(
          program: """
            level \(level)
            param z = \(scores)
            target y = \(targets)
            predict p = sigmoid(z)
            loss L = bce(p, y)
            rate 0.1
            """)
        for gradients in ComputationGraph.Presentation.Gradients.allCases {
          let options = FigureOptions(gradients: gradients, formulas: .all)
          let figure = try FigureSet(graph, options: options).figure(.backward)
          let law = try FormulaLaw(figure, of: graph)
          #expect(law.failures.isEmpty && law.count > 4, "\(law.failures.prefix(4).joined(separator: "\n"))")
        }
      }
    }
  }

  @Test func `the gradient of a maximum has its mask, and ties share it`() throws {
    let program = """
      level tensor
      param a = [1, 5, 2]
      param b = [3, 4, 1]
      m = max(a, b)
      loss L = sum(m * a)
      """
    let plain = try reader(program)
    #expect(lines(plain).contains { $0.contains("⟨∂L⁄∂b⟩=⟨∂L⁄∂m⟩·[b>a]") }, "\(lines(plain))")
    #expect(labels(plain).contains("×[a > b]"))
    let tied = try reader(program.replacing("[3, 4, 1]", with: "[3, 4, 2]"))
    #expect(lines(tied).contains { $0.contains("⟨∂L⁄∂b⟩=⟨∂L⁄∂m⟩·([b>a]+[b=a]/2)") }, "\(lines(tied))")
    let axis = try reader("level tensor\nparam M = [[1, 2], [4, 3]]\nm = max(M, axis=1)\nloss L = sum(m)")
    #expect(lines(axis).contains { $0.contains("⟨∂L⁄∂M⟩=⟨∂L⁄∂m⟩[:,None]·[M=m[:,None]]") }, "\(lines(axis))")
  }

  @Test func `ones stand where a 1 is broadcast, and a bias collects from the rows`() throws {
    let shown = try lines(
      reader(
        """
        level tensor
        input x = [[1, 2], [3, 4], [5, 7]]
        param w = [1, 2]
        loss L = sum(x @ w)
        """))
    #expect(shown.contains { $0.contains("⟨∂L⁄∂w⟩=x^{T}@ones(3)") }, "\(shown)")
    #expect(shown.contains { $0.contains("⟨∂L⁄∂x⟩=ones(3)⊗w") }, "\(shown)")
    let bias = try reader(
      """
      level tensor
      input x = [[1, 2], [3, 4], [5, 7]]
      param W = [[1, 2], [0, 1]]
      param b = [1, 2]
      z = x @ W + b
      loss L = sum(z**2)
      """)
    #expect(lines(bias).contains { $0.contains("⟨∂L⁄∂b⟩=Σrows⟨∂L⁄∂z⟩") }, "\(lines(bias))")
    #expect(labels(bias).contains("Σ rows") && labels(bias).contains("xᵀ @"), "\(labels(bias))")
  }

  @Test func `outer products, transpositions, softmax and indices say so on their arrows`() throws {
    let shown = try reader(
      """
      level tensor
      param M = [[1, 2, 3], [3, 4, 1]]
      param v = [1, 2, 1]
      u = M @ v
      t = M.T
      p = softmax(t, axis=0)
      q = M[:, 1]
      loss L = sum(u) + sum(t * p) + sum(q**2)
      """)
    for label in ["⊗ v", "Mᵀ @", "(·)ᵀ", "softmax′", "[:, 1] ←"] {
      #expect(labels(shown).contains(label), "\(label): \(labels(shown))")
    }
    #expect(lines(shown).contains { $0.contains("⟨∂L⁄∂u⟩⊗v") }, "\(lines(shown))")
    let mlp = try reader(Project.graph("mlp"))
    #expect(labels(mlp).contains("⊗ w₃") && !labels(mlp).contains("@ w₃"))
    #expect(labels(try reader(Project.graph("attention"))).contains("(·)ᵀ"))
  }

  @Test func `a kink has its slope, and constants keep their origin`() throws {
    let shown = try reader(
      """
      level tensor
      gradients symbolic
      param z = [0, 2, -1]
      param w = [1, 2, 3]
      m = min(w / sqrt(2), 2 + 1)
      a = abs(z)
      loss L = sum(a * m)
      """, .backward, .init(formulas: .all))
    #expect(lines(shown).contains { $0.contains("⟨∂L⁄∂z⟩=⟨∂L⁄∂a⟩·sign(z)") }, "\(lines(shown))")
    #expect(shown.tooltips.contains { $0.contains("min(") && $0.contains("2 + 1") }, "\(shown.tooltips)")
    let forward = try reader(Project.graph("attention"), .forward)
    #expect(lines(forward).contains { $0.contains("S=⟨Q@K^{T}⁄√2⟩") }, "\(lines(forward))")
    let power = try reader("param x = 2\nloss L = x**(1/3)", .forward)
    #expect(lines(power).contains { $0.contains("L=x^{1/3}") }, "\(lines(power))")
  }

  @Test func `one symbol is one quantity`() throws {
    let reuse = try lines(reader(Project.graph("reuse")))
    #expect(reuse.contains("⟨∂c⁄∂b⟩=b+b=6+6=12"), "\(reuse)")
    #expect(reuse.contains("⟨∂c⁄∂a⟩=⟨∂c⁄∂b⟩+⟨∂c⁄∂b⟩=12+12=24"), "\(reuse)")
    let neuron = try lines(reader(Project.graph("neuron")))
    #expect(neuron.contains("⟨∂L⁄∂n₄⟩=1−L^{2}=1−(−0.7616)^{2}=0.4200"), "\(neuron)")
    let batch = try lines(reader(Project.graph("gradient-descent")))
    #expect(batch.contains("∂L/∂b=0.200+0.0394+−0.200+−0.00508=0.0343"), "\(batch)")
    // Feature 2 of sample 1 is row 1, column 2.
    let graph = try Project.graph("gradient-descent")
    #expect(graph.nodes.first { $0.name == "x[0, 1]" }?.value == [-2])
    #expect(graph.nodes.first { $0.name == "x[1, 0]" }?.value == [0.5])
  }

  @Test func `the panel follows the graph`() throws {
    let shown = try lines(reader(Project.graph("reuse"), .forward))
    #expect(shown.contains("b=a+a"), "\(shown)")
    #expect(shown.contains("c=b·b"), "\(shown)")
    let verbatim = try lines(
      reader("param a = 3\nb = 0 + 1 * a - (-a) + (a - (a + 2))\nloss L = b * 1 + b / 1 + (a * a) * a", .forward))
    #expect(verbatim.contains("b=0+1·a−(−a)+(a−(a+2))"), "\(verbatim)")
    #expect(verbatim.contains("L=b·1+b/1+a·a·a"), "\(verbatim)")
  }

  @Test func `zero times infinity is not printed as zero`() throws {
    let graph = try Project.graph(program: "gradients both\nparam a = 0\nb = sqrt(a)\nloss L = b * b")
    let figures = try FigureSet(graph)
    let law = try FormulaLaw(figures.figure(.backward), of: graph)
    #expect(law.failures.isEmpty, "\(law.failures)")
  }

  // MARK: What is left out

  @Test func `parameters and the prediction are never left out, and the rest is counted`() throws {
    let mlp = try reader(Project.graph("mlp"))
    for name in ["W₁", "b₁", "W₂", "b₂", "w₃", "b₃"] {
      #expect(lines(mlp).contains { $0.contains("⟨∂L⁄∂\(name)⟩=") }, "\(name)")
    }
    let moons = try reader(Project.graph("moons"))
    for name in ["h1.w", "h1.b", "h2.w", "h2.b", "out.w", "out.b"] {
      #expect(lines(moons).contains { $0.contains("⟨∂L⁄∂\(name)⟩=") }, "\(name)")
    }
    #expect(moons.notes.contains { $0.hasSuffix("more formulas (option: formulas all)") }, "\(moons.notes)")
    #expect(lines(try reader(Project.graph("attention"), .overview)).contains { $0.hasPrefix("Z=A@V") })
    #expect(lines(try reader(Project.graph("moons"), .overview)).contains { $0.hasPrefix("s=out[:,0]") })
    let all = try reader(Project.graph("moons"), .backward, .init(formulas: .all))
    #expect(!all.notes.contains { $0.contains("--formulas") }, "\(all.notes)")
    #expect(all.lines.count > moons.lines.count)
  }

  @Test func `a network by hand has every weight`() throws {
    let program = """
      input i1 = 0.05
      input i2 = 0.1
      target t1 = 0.01
      target t2 = 0.99
      \((1...8).map { "param w\($0) = \(Double($0) * 0.05 + 0.1)" }.joined(separator: "\n"))
      param b1 = 0.35
      param b2 = 0.6
      h1 = sigmoid(w1 * i1 + w2 * i2 + b1)
      h2 = sigmoid(w3 * i1 + w4 * i2 + b1)
      o1 = sigmoid(w5 * h1 + w6 * h2 + b2)
      o2 = sigmoid(w7 * h1 + w8 * h2 + b2)
      loss E = 0.5 * (t1 - o1)**2 + 0.5 * (t2 - o2)**2
      param idle = 3
      rate 0.5
      """
    for stage in [Stage.backward, .overview] {
      let shown = try reader(program, stage, .init(view: .values))
      for name in (1...8).map({ "w\($0)" }) + ["b1", "b2"] {
        #expect(lines(shown).contains { $0.contains("⟨∂E⁄∂\(NumberFormat.name(name))⟩=") }, "\(stage) \(name)")
      }
      #expect(shown.notes.contains("E does not depend on idle"), "\(shown.notes)")
    }
    let update = try reader(program, .update, .init(view: .values))
    for name in (1...8).map({ "w\($0)" }) + ["b1", "b2"] {
      #expect(update.tableNames.contains(NumberFormat.name(name)), "\(name): \(update.tableNames)")
    }
  }

  @Test func `a mask and a stopped gradient leave a parameter alone, a step of gradient 0 does not`() throws {
    let program = """
      input x = 3
      param w = 2
      param u = 1
      param c = 0.5
      param s = 4
      optimizer sgd(lr = 0.1, weight_decay = 0.5)
      m = where(u > 0, 2, 1)
      loss L = w * x * m + stop_gradient(c) + round(s)
      """
    for level in [ComputationGraph.Level.scalar, .tensor] {
      let graph = try ComputationGraph.load(text: program, path: "program.grad", level: level).graph
      let after = Dictionary(uniqueKeysWithValues: graph.nodes.map { ($0.name, $0) })
      for (name, value) in [("u", 1.0), ("c", 0.5)] {
        #expect(after[name]?.gradient == nil && after[name]?.updated == [value], "\(name)")
      }
      #expect(after["s"]?.gradient == [0] && after["s"]?.updated == [3.8])
    }
    let shown = try reader(program)
    #expect(
      shown.notes.contains("no gradient arrives at u, c: only a mask or a stopped gradient uses it"), "\(shown.notes)")
  }

  @Test func `the file and the flag say how many formulas are shown`() throws {
    let short = try Project.graph(program: "formulas short\nparam a = 1\nloss L = a * a")
    #expect(short.presentation.formulas == .short)
    let text = String(decoding: short.encodeJSON(), as: UTF8.self)
    #expect(text.contains("\"formulas\": \"short\""))
    #expect(try ComputationGraph.load(text: text, path: "g.json").graph == short)
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "level tensor\n" + (1...30).map { "param p\($0) = [\($0), 1]\nv\($0) = p\($0) * 2\n" }.joined()
        + "loss L = " + (1...30).map { "sum(v\($0))" }.joined(separator: " + "), to: "many.grad")
    func draw(_ arguments: String...) throws -> FormulaReader {
      let result = try ProcessResult(Project.gradviz, ["draw", path, "--stage", "backward"] + arguments)
      #expect(result.status == 0, "\(result.errors)")
      return FormulaReader(svg: result.text, id: "many-backward")
    }
    #expect(try draw().notes.contains { $0.contains("formulas all") })
    #expect(try !draw("--formulas", "all").notes.contains { $0.contains("formulas all") })
    #expect(try ProcessResult(Project.gradviz, ["draw", path, "--formulas", "some"]).status == 2)
  }

  @Test func `the source of a constant is written to JSON and read again`() throws {
    let graph = try Project.graph(program: "param x = 2\nloss L = x / sqrt(2) + x**(1/3) * (2 * pi) - 0.5")
    #expect(Set(graph.nodes.compactMap(\.source)) == ["√2", "1/3", "2·π"])
    let text = String(decoding: graph.encodeJSON(), as: UTF8.self)
    #expect(try ComputationGraph.load(text: text, path: "g.json").graph == graph)
  }
}
