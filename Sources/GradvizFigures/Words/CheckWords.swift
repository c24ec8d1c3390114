import Autograd
import GradvizGraph

/// What `check` prints for a reader; what it prints for another program is the same in every language.
extension Words {
  package func headings(_ other: String) -> [String] {
    [
      word("parameter", "paramètre"), word("analytic", "analytique"), other,
      word("relative error", "erreur relative"), word("verdict", "verdict"),
    ]
  }
  package var numeric: String { word("numeric", "numérique") }
  package var theirGradient: String { word("their gradient", "leur gradient") }
  package func verdict(_ verdict: GradientCheck.Verdict, _ number: (Double) -> String) -> String {
    switch verdict {
    case .agrees: word("ok", "correct")
    case .agreesWithin(let tolerance):
      word("ok within \(number(tolerance))", "correct à \(number(tolerance)) près")
    case .kink: word("kink", "point anguleux")
    case .differs: word("DIFFERS", "DIFFÈRE")
    case .notFinite: word("NOT FINITE", "NON FINI")
    }
  }

  // MARK: Graphs

  package func problem(_ problem: GraphProblem, loss: String) -> String {
    language == .english ? problem.description : finding(problem, loss: loss, numbers(6))
  }
  /// What was recomputed, and the updates of rules that are not; of a graph without updates, nothing about these.
  package func recomputed(
    _ values: Int, _ gradients: Int, _ updates: (compared: Int, asRecorded: Int), wrong: Int
  ) -> String {
    let (count, rest) = updates
    let others = [Self.count(values, word("value", "valeur")), Self.count(gradients, "gradient")]
    let compared =
      others + (count == 0 ? [] : [Self.count(count, word("update", "mise à jour"), word("updates", "mises à jour"))])
    let list = compared.dropLast().joined(separator: ", ") + word(" and ", " et ") + (compared.last ?? "")
    let verdict =
      wrong == 0 ? word("ok", "correct") : word("\(wrong) DIFFER", "\(wrong) DIFFÈRENT")
    let note = word(
      "; \(Self.count(rest, "update")) as recorded: only plain gradient descent is recomputed",
      " ; \(Self.count(rest, "mise à jour", "mises à jour")) sans recalcul, qui ne suit que la descente de gradient simple"
    )
    return word("\(list) recomputed: ", "\(list), recalcul : ") + verdict + (rest == 0 ? "" : note)
  }

  // MARK: The summary

  /// The name of the reference gradients.
  package func comparison(with path: String?) -> String {
    path.map { word("those of \($0)", "ceux de \($0)") } ?? word("central differences", "les différences centrées")
  }
  package func files(_ count: Int) -> String {
    word(Self.count(count, "file"), Self.count(count, "fichier"))
  }
  package func gradients(_ count: Int, good: Int) -> String {
    word(
      "\(Self.count(count, "gradient")), \(good == count ? "all" : "\(good)") ok",
      "\(Self.count(count, "gradient")), \(good < count ? "\(good) correct\(good < 2 ? "" : "s")" : count == 1 ? "correct" : "tous corrects")"
    )
  }
  package func kinks(_ count: Int) -> String {
    word(Self.count(count, "kink"), Self.count(count, "point anguleux", "points anguleux"))
  }
  package func differing(_ count: Int, from comparison: String) -> String {
    word(
      "\(count) \(count == 1 ? "differs" : "differ") from \(comparison)",
      "\(count) \(count == 1 ? "diffère" : "diffèrent") (comparaison avec \(comparison))")
  }
  package func notFinite(count: Int) -> String {
    word("\(count) not finite", "\(count) non fini\(count == 1 ? "" : "s")")
  }
  package func recomputed(_ count: Int, wrong: Int) -> String {
    word(
      "\(Self.count(count, "number")) of graphs recomputed, \(wrong == 0 ? "all ok" : "\(wrong) wrong")",
      "\(Self.count(count, "nombre")) de graphes, recalcul : \(wrong == 0 ? "tous corrects" : "\(wrong) faux")")
  }
  package func unchecked(_ count: Int) -> String {
    word("\(Self.count(count, "file")) not checked", "\(Self.count(count, "fichier")) sans vérification")
  }

  private static func count(_ count: Int, _ one: String, _ several: String? = nil) -> String {
    "\(count) \(count == 1 ? one : several ?? one + "s")"
  }

  // MARK: What cannot be checked

  package var noLossToCheck: String {
    word(
      "the program has no `loss`, so there is no gradient to check",
      "le programme n’a pas de `loss`, il n’y a donc aucun gradient à vérifier")
  }
  package var noParameterToCheck: String {
    word(
      "the program has no `param`, so there is no gradient to check",
      "le programme n’a pas de `param`, il n’y a donc aucun gradient à vérifier")
  }
  package func lossNotFinite(_ fault: NumericFault?) -> String {
    word(
      "the loss is not a finite number, so there is no gradient to check",
      "la perte n’est pas un nombre fini, il n’y a donc aucun gradient à vérifier")
      + (fault.map { colon + self.fault($0) } ?? "")
  }
}
