import Foundation
import GradvizTestSupport
import Testing

@testable import GradLanguage

/// What is said of a program with `lang fr` is French.
@Suite struct FrenchDiagnosticTests {
  private static let data = [
    "d.csv": "name,height\n\"Ann, Jr\",1.5\nBob,2\n", "short.csv": "a,b\n1\n", "empty.csv": "\n", "header.csv": "a,b\n",
  ]

  /// The messages about a program in its language.
  private func said(_ text: String) -> String {
    let language = Program.language(of: text) ?? .english
    do {
      let program = try parse(text, data: Self.data)
      let recording = program.record()
      return (program.warnings + recording.warnings).map { $0.rendered(file: "x.grad", language: language) }
        .joined(separator: "\n")
    } catch {
      return error.rendered(file: "x.grad", language: language)
    }
  }

  private func expectFrench(_ text: String) {
    let rendered = said(text + "\nlang fr\n")
    let lines = rendered.split(separator: "\n").filter { $0.hasPrefix("x.grad:") }
    #expect(!lines.isEmpty, "\(text) is right")
    for line in lines {
      #expect(line.contains(#/^x\.grad:[0-9]+:[0-9]+: (erreur|avertissement)\u{A0}: /#), "\(line)")
      #expect(EnglishWords.left(in: String(line)).isEmpty, "\(EnglishWords.left(in: String(line))): \(line)")
      #expect(!line.replacing(/`[^`]*`/, with: "").contains(#/ [:;!?]/#), "\(line)")
    }
  }

  @Test(arguments: DiagnosticTests.table.indices) func `wrong programs have French errors`(index: Int) {
    expectFrench(DiagnosticTests.table[index].0)
  }

  private static let others = [
    "layer h = dense(3, 4)\nloss L = h", "input x = [[1, 2]]\nlayer h = attention(x, x, x)\nloss L = sum(h)",
    "input x = ones(2, 3, 4)\nparam W = ones(5, 2, 2)\ny = conv1d(x, W)",
    "input x = ones(2, 3, 4)\nparam W = ones(5, 3, 7)\ny = conv1d(x, W)", "input x = ones(2, 3)\ny = max_pool(x, 2)",
    "input x = ones(2, 3)\nparam W = ones(4, 4)\ny = rnn(x, W, W)", "input x = ones(2, 3)\ny = dropout(x, 2)",
    "input x = ones(2, 3)\ny = attention(x, x, ones(3, 3))", "input x = ones(4)\ny = reshape(x, 3)",
    "input x = ones(4)\ny = x[7]", "input x = ones(4)\ny = x[0, 0]", "input x = ones(4)\ny = x[x > 0]",
    "input x = ones(4)\ny = x[3:1]", "y = concat([1, 2])", "y = stack([[1], 2])", "y = concat([[1], [[2]]])",
    "y = where([1, 0], [1, 2, 3], 1)", "y = pad([1, 2], [1, 2, 3])", "y = tile([1], 0)", "y = repeat([[1]], 2)",
    "y = cumsum([[1]])", "y = arange(0)", "y = clip(1, 2, 1)", "y = norm([1], 3)", "y = var([1, 2], correction=5)",
    "y = one_hot([0, 3], 2)", "y = random(2)", "y = zeros(0)", "y = csv(3)", "y = csv(\"no.csv\")",
    "y = csv(\"../d.csv\")", "y = csv(\"d.csv\", columns: heigth)", "y = csv(\"d.csv\", rows: 5)",
    "y = csv(\"d.csv\", columns: name)", "import torch", "print(3)", "y = nn.Linear(3, 4)", "param a = 1\na.backward()",
    "y = torch.tensor([1])", "x = 1 if 2 else 3", "x = [t for t in range(3)]", "x = 3 // 2", "def f(x) = f(x)",
    "def f(x) = x @ [1, 2]\ny = f([1, 2, 3])", "for t in range(0):\n    x = t", "if q:\n    x = 1",
    "for t in range(3):",
    "def f(x):\n    y = x\nz = f(1)", "optimizer adm", "optimizer sgd(momentum: 2)", "schedule step(gamma: 1)",
    "rate 1 - step", "holdout 2", "batch 3\nparam a = 1\nloss L = a * a", "width 3", "dpi 1", "precision 0",
    "param a = 0\nloss L = log(a)", "param a = 2\ndead = a * a\nloss L = a * a",
    "lr = 0.5\nparam a = 2\nloss L = a * a",
    "input x = [1, 2]\ntarget y = [0, 2]\nloss L = bce(x, y)", "param W = ones(2, 2)\nloss L = mse(W, [1, 2])",
    "input z = ones(3, 2)\ntarget y = [0, 1, 2]\nloss L = cross_entropy(z, y)", "x = ` + 1", "x = \"`\"",
  ]

  @Test(arguments: others) func `other wrong programs have French errors`(_ text: String) { expectFrench(text) }

  @Test(arguments: [
    ("x = (1 + 2]", "erreur : `]` ne ferme pas le `(` de la ligne 1"),
    ("x = 1 +", "erreur : il faut une valeur ici, pas la fin de la ligne"),
    ("inptu x = 3", "erreur : mot-clé inconnu : `inptu` ; vouliez-vous dire `input` ?"),
    (
      "param w = 1\nx = max()",
      "erreur : `max` prend 1 ou 2 arguments, pas 0 ; écrivez `max(a, b)` ou `max(x, axis=0)`"
    ),
    (
      "input x = ones(4, 3)\nparam w = [1, 2]\ny = x @ w",
      "erreur : `x @ w` : x est de forme 4×3, w a 2 éléments : les tailles intérieures 3 et 2 diffèrent"
    ),
    (
      "input x = [[1, 2], [3]]",
      "erreur : la liste est irrégulière : cette ligne a 1 élément, la première a 2 éléments ; "
        + "toutes les lignes doivent avoir le même nombre d’éléments"
    ),
    (
      "x = csv(\"no.csv\")", "erreur : `no.csv` ne peut pas être lu : le fichier n’existe pas"
    ),
    (
      "def f(a) = a + q\nx = f(1)",
      "erreur : nom inconnu : `q` (dans `f`, appelée à la ligne 2)"
    ),
    ("theme drak\nx = 1", "erreur : valeur inconnue pour `theme` : `drak` ; vouliez-vous dire `dark` ?"),
    ("optimizer adm\nx = 1", "erreur : optimiseur inconnu : `adm` ; vouliez-vous dire `adam` ?"),
    (
      "param a = 2\ndead = a * a\nloss L = a * a",
      "avertissement : rien n’utilise `dead` ; `predict dead = …` en fait une prédiction"
    ),
    ("param a = 0\nloss L = log(a)", "avertissement : `log(a)` vaut −∞, ce qui n’est pas un nombre fini"),
    (
      "x = 2 ^ 3", "erreur : `^` n’a pas de sens ici ; les puissances s’écrivent `**`"
    ),
  ])
  func `French is word for word`(_ text: String, _ expected: String) {
    let lines = said(text + "\nlang fr\n").split(separator: "\n").filter { $0.hasPrefix("x.grad:") }
    #expect(lines.count == 1)
    let line = (lines.first ?? "").split(separator: " ", maxSplits: 1).last ?? ""
    #expect(line.replacing("\u{A0}", with: " ") == expected)
  }

  @Test func `the line, its place and the caret stay`() {
    #expect(
      said("lang fr\nparam w = 2\npredict ŷ = tnh(w)") == """
        x.grad:3:13: erreur\u{A0}: fonction inconnue\u{A0}: `tnh`\u{A0}; vouliez-vous dire `tanh`\u{A0}?
        3 | predict ŷ = tnh(w)
          |             ^~~
        """)
    let many = said("lang fr\n" + (0..<25).map { "x\($0) = q\n" }.joined())
    #expect(many.hasSuffix("\n… et 5 de plus"))
  }

  @Test func `the messages themselves stay English`() throws {
    let error = try #require(throws: DiagnosticList.self) { _ = try parse("lang fr\nx = foo(1)") }
    #expect(error.diagnostics.map(\.message) == ["unknown function `foo`"])
    #expect(error.rendered(file: "x.grad").hasPrefix("x.grad:2:5: error: unknown function `foo`\n"))
  }

  @Test func `the language is that of a line of the text`() {
    #expect(Program.language(of: "x = (\n  lang\tfr # oui\n") == .french)
    #expect(Program.language(of: "\u{FEFF}lang fr\r\nlang en") == .french)
    #expect(Program.language(of: "lang en\nlang fr") == .english)
    for text in ["", "# lang fr", "lang de", "lang", "title \"lang fr\"", "lang fr 2"] {
      #expect(Program.language(of: text) == nil, "\(text)")
    }
  }

  @Test func `a text that no template fits stays`() {
    for text in ["", "wholly other words", "a; b", String(repeating: "`x` and ", count: 2000)] {
      #expect(FrenchMessages.translated(text) == text)
    }
  }
}
