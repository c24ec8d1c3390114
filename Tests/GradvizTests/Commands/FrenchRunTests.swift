import Foundation
import GradvizTestSupport
import Testing

/// What the program prints and draws for a French program is French.
@Suite("French on the command line")
struct FrenchRunTests {
  private static let program = """
    lang fr
    title "Titre"
    input x = [[0, -2], [0.5, -1], [-1, 1], [0.5, -1.5]]
    target y = [-1, -1, 1, 1]
    param u = 4
    param v = 2.5
    predict p = tanh(x[:, 0] * u + x[:, 1] * v)
    loss L = mean((p - y)**2)
    metric m = mean((p - y)**2)
    rate 0.1
    steps 12
    holdout 1/4

    """
  /// Names of the program, of its functions and files, and of tools.
  private static let names: Set<String> = [
    "titre", "gradviz", "net", "grad", "svg", "mean", "tanh", "parameters", "descent", "history", "csv",
    "landscape", "out", "decision", "update",
  ]

  private func run(_ arguments: [String], _ text: String = program) throws -> (
    result: ProcessResult, folder: TemporaryFolder
  ) {
    let folder = try TemporaryFolder()
    _ = try folder.write(text, to: "net.grad")
    return (try ProcessResult(Project.gradviz, arguments, in: folder.url), folder)
  }

  private func expectFrench(_ text: String, _ table: WordTable, _ place: String) {
    let left = WordTable.words(text).intersection(table.english).subtracting(Self.names)
    #expect(left.isEmpty, "\(left.sorted()) in \(place): \(text)")
    #expect(!text.contains(/[0-9]\.[0-9]/), "\(place): \(text)")
  }

  @Test func `train reports and draws in French`() throws {
    let table = try WordTable()
    let (result, folder) = try run(["train", "net.grad", "-o", "out", "--figures", "0"])
    #expect(result.status == 0, "\(result.errors)")
    expectFrench(result.text, table, "train")
    for part in ["itération 0  perte ", "  taux 0,1", "L\u{A0}: ", " en 12 itérations", " sur celles de test"] {
      #expect(result.text.contains(part), "\(part): \(result.text)")
    }
    var count = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.file("out").path) where name.hasSuffix("svg")
    {
      let document = SVGDocument(try String(contentsOf: folder.file("out/\(name)"), encoding: .utf8))
      let own = document.elements.filter { ["title", "desc"].contains($0.name) }.map(\.text)
      for text in DrawnLine.lines(document.elements).map(\.text) + own { expectFrench(text, table, name) }
      count += 1
    }
    #expect(count >= 4)
  }

  @Test func `what goes wrong in a run is said in French`() throws {
    let table = try WordTable()
    let (result, _) = try run(
      ["train", "net.grad", "-o", "out"], "lang fr\nparam w = 1\nloss L = log(w) + w\nrate 3\n")
    #expect(result.status == 1)
    let message = result.errors.split(separator: "\n").last.map(String.init) ?? ""
    expectFrench(message, table, "train")
    #expect(
      message.hasPrefix(
        "gradviz: erreur\u{A0}: à l’itération 1, propagation avant\u{A0}: `log(w)` vaut NaN, alors que `w` = ")
        && message.hasSuffix(" est fini\u{A0}; voir out/diverged.svg"), "\(message)")
  }

  @Test func `check and draw report in French, data stays as it is`() throws {
    let table = try WordTable()
    let (check, folder) = try run(["check", "net.grad"])
    let lines = check.text.split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("file\tparameter\tanalytic") == true)
    #expect(lines.last == "1 fichier\u{A0}: 2 gradients, tous corrects")
    expectFrench(lines.last ?? "", table, "check")
    let english = try ProcessResult(Project.gradviz, ["check", "net.grad", "--lang", "en"], in: folder.url)
    #expect(english.text.hasSuffix("1 file: 2 gradients, all ok\n"))
    let (none, _) = try run(["draw", "net.grad", "-o", "out/"], "lang fr\nparam a = 2\nb = a * a\n")
    #expect(none.status == 0, "\(none.errors)")
    #expect(none.errors.contains(/out\/forward\.svg écrit en [0-9]+ ms/), "\(none.errors)")
    for line in none.errors.split(separator: "\n") {
      expectFrench(String(line).replacing("out/forward.svg", with: ""), table, "draw")
    }
    #expect(
      none.errors.contains("note\u{A0}: pas de figure `loss`\u{A0}: le programme n’a pas de `loss`"), "\(none.errors)")
    let (plot, _) = try run(["draw", "net.grad", "--stage", "derivative", "--of", "u"])
    let document = SVGDocument(plot.text)
    for text in DrawnLine.lines(document.elements).map(\.text) { expectFrench(text, table, "derivative") }
  }
}

/// What is wrong with a French program, or with any under `--lang fr`, is said in French.
@Suite("French errors on the command line")
struct FrenchErrorTests {
  private func errors(_ arguments: [String], _ text: String) throws -> String {
    let folder = try TemporaryFolder()
    _ = try folder.write(text, to: "net.grad")
    let result = try ProcessResult(Project.gradviz, arguments, in: folder.url)
    #expect(result.status == 1, "\(result.errors)")
    return result.errors.replacing("\u{A0}", with: " ")
  }

  private static let wrong = "param w = 2\nloss L = tnh(w)\n"
  private static let french = """
    net.grad:2:10: erreur : fonction inconnue : `tnh` ; vouliez-vous dire `tanh` ?
    2 | loss L = tnh(w)
      |          ^~~

    """
  private static let english = """
    net.grad:2:10: error: unknown function `tnh`; did you mean `tanh`?
    2 | loss L = tnh(w)
      |          ^~~

    """

  @Test(arguments: ["draw", "train", "check", "derive", "exercise"])
  func `a program has errors in its language, or in that of the command`(_ command: String) throws {
    #expect(try errors([command, "net.grad"], Self.wrong + "lang fr\n") == Self.french)
    #expect(try errors([command, "net.grad", "--lang", "fr"], Self.wrong) == Self.french)
    #expect(try errors([command, "net.grad", "--lang", "en"], Self.wrong + "lang fr\n") == Self.english)
    #expect(try errors([command, "net.grad"], Self.wrong) == Self.english)
  }

  @Test(arguments: [
    (["draw", "--only", "zzz"], "il n’y a pas de valeur `zzz` ; au choix : `w`, `L`"),
    (["draw", "--open", "zzz"], "il n’y a pas de module `zzz` ; rien n’y porte de nom"),
    (
      ["exercise", "--blank", "values"],
      "le programme ne calcule aucune valeur à compléter ; les résultats de fonctions comme tanh sont donnés"
    ),
  ])
  func `what cannot be drawn is said in French`(_ arguments: [String], _ expected: String) throws {
    let said = try errors(
      [arguments[0], "net.grad", "--lang", "fr"] + arguments.dropFirst(), "param w = 2\nloss L = tanh(w)\n")
    #expect(said.hasPrefix("net.grad: erreur : \(expected)"), "\(said)")
  }

  @Test func `warnings are in French, too`() throws {
    let folder = try TemporaryFolder()
    let text = "param w = 2\nidle = w * w\nparam z = 0\nloss L = w * sqrt(z)\nlang fr\n"
    _ = try folder.write(text, to: "net.grad")
    for arguments in [["check", "net.grad"], ["draw", "net.grad", "-o", "out/"]] {
      let said = try ProcessResult(Project.gradviz, arguments, in: folder.url).errors.replacing("\u{A0}", with: " ")
      #expect(
        said.contains(
          "net.grad:2:1: avertissement : rien n’utilise `idle` ; `predict idle = …` en fait une prédiction\n"),
        "\(said)")
      #expect(
        said.contains("net.grad:4:14: avertissement : rétropropagation : `sqrt(z)` renvoie ∞, alors que `z` = 0 et "),
        "\(said)")
      #expect(!said.contains("warning"), "\(said)")
    }
  }

  @Test func `a program that cannot be trained is told so in French`() throws {
    #expect(
      try errors(["train", "net.grad"], "lang fr\nparam a = 2\nb = a * a\n").hasSuffix(
        "net.grad: erreur : le programme n’a pas de `loss`, il n’y a donc rien à entraîner\n"))
    #expect(
      try errors(["train", "net.grad", "--landscape", "a,q"], "lang fr\nparam a = 2\nparam b = 1\nloss L = a * b\n")
        .hasSuffix("net.grad: erreur : paramètre inconnu : `q` ; au choix : a, b\n"))
    #expect(
      try errors(
        ["draw", "net.grad", "--stage", "derivative", "--of", "q"], "lang fr\nparam a = 2\nloss L = a * a\n"
      ).hasSuffix("net.grad: erreur : paramètre ou entrée inconnus : `q` ; au choix : a\n"))
  }
}
