import Autograd
import GradvizGraph

/// What the program prints: the words of `train`, `check` and `draw` about a run, not about its command line.
///
/// Messages about a program's text are translated by the table of GradLanguage; those about flags and files are English.
extension Words {
  // MARK: Messages

  package var errorLabel: String { word("error:", "erreur :") }
  package var warningLabel: String { word("warning:", "avertissement :") }
  package var noteLabel: String { word("note:", "note :") }
  package func see(_ path: String) -> String { semicolon + word("see \(path)", "voir \(path)") }

  // MARK: Training

  package func progress(_ step: Int, loss: String, rate: String) -> String {
    word("step \(step)  loss \(loss)  rate \(rate)", "itération \(step)  perte \(loss)  taux \(rate)")
  }
  package func progress(_ step: Int, of steps: Int, loss: String, rate: String, secondsLeft: Int) -> String {
    "\(step)/\(steps)  "
      + word(
        "loss \(loss)  rate \(rate)  \(secondsLeft) s left", "perte \(loss)  taux \(rate)  encore \(secondsLeft) s")
  }
  package func stopped(after step: Int, of steps: Int) -> String {
    word("stopped after \(step) of \(steps) steps", "arrêté après \(step) itérations sur \(steps)")
  }
  package func trained(_ loss: String?, from first: String, to last: String, steps: Int) -> String {
    (loss ?? self.loss) + colon
      + word("\(first) → \(last) in \(steps) steps", "\(first) → \(last) en \(steps) itérations")
  }
  /// - Parameter heldOut: on the samples held out; nil without any.
  package func metric(_ name: String, _ own: String, heldOut: String?) -> String {
    name + colon
      + (heldOut.map {
        word("\(own) in training, \($0) held out", "\(own) sur les données d’entraînement, \($0) sur celles de test")
      } ?? own)
  }
  package func failure(_ error: TrainingError) -> String {
    guard language == .french else { return error.description }
    switch error.reason {
    case .notFinite(let fault?): return "à l’itération \(error.step), \(self.fault(fault))"
    case .notFinite(nil), .diverged:
      return word(
        "",
        "à l’itération \(error.step), la perte vaut \(numbers(6).text(error.loss)) : elle \(error.loss < 0 ? "décroît" : "croît") sans limite"
      )
    case .cancelled: return "l’entraînement a été annulé avant l’itération \(error.step)"
    case .iteratedTwice: return error.description
    }
  }

  /// Where a number stopped being finite.
  package func fault(_ fault: NumericFault) -> String {
    guard language == .french else { return fault.description }
    let subject =
      switch fault.subject {
      case .code(let code): code
      case .constant: "une constante"
      case .sumOfUses(let name): "la somme sur les utilisations " + (name.map { "de \($0)" } ?? "d’une valeur")
      }
    let value = numbers(6).text(fault.value)
    let result =
      switch fault.pass {
      case .forward: "propagation avant : \(subject) vaut \(value)"
      case .backward: "rétropropagation : \(subject) renvoie \(value)"
      case .update: "mise à jour : \(subject) devient \(value)"
      }
    let given = mark == .comma ? fault.finite.map(Self.withCommas) : fault.finite
    var reason = ""
    if case .sumOfUses = fault.subject {
      if !given.isEmpty { reason = ", alors que chaque part est finie" }
    } else if let last = given.last {
      let all = given.count == 1 ? last : given.dropLast().joined(separator: separator) + " et " + last
      reason = ", alors que \(all) \(given.count == 1 ? "est fini" : "sont finis")"
    }
    return word("", result + reason) + (fault.rule.map { " (\(mark == .comma ? Self.withCommas($0) : $0))" } ?? "")
  }

  // MARK: Drawing

  package func wrote(_ path: String, milliseconds: Int) -> String {
    word("wrote \(path), \(milliseconds) ms", "\(path) écrit en \(milliseconds) ms")
  }
  package func reading(_ path: String) -> String { word("reading \(path)", "lecture de \(path)") }
  package func layingOut(_ count: Int) -> String { word("laying out \(count) values", "placement de \(count) valeurs") }
  package func writing(_ count: Int) -> String { word("writing \(count) values", "écriture de \(count) valeurs") }
  package var writingPage: String { word("writing the page", "écriture de la page") }
  package func drawing(_ name: String, _ number: Int, of count: Int) -> String {
    word("drawing \(name) (\(number) of \(count))", "dessin de \(name) (\(number) sur \(count))")
  }
  /// What a text says in its first line: its title, and what a document with it needs.
  func needs(_ what: String, _ title: String) -> String {
    title + semicolon + word("needs \(what)", "demande \(what)")
  }
  /// The title of a text about a program without one.
  var computation: String { word("Computation", "Calcul") }
  package func replaying(_ name: String) -> String { word("replaying \(name)", "animation de \(name)") }
  /// - Parameter option: with which all values are drawn.
  package func showsEach(_ option: String) -> String { word("\(option) shows each", "\(option) les montre toutes") }

  // MARK: Figures that a graph does not have

  package func noFigure(_ stage: Stage, because reason: String) -> String {
    word("there is no \(stage.rawValue) figure: \(reason)", "il n’y a pas de figure `\(stage.rawValue)` : \(reason)")
  }
  package func without(_ stage: Stage, because reason: String) -> String {
    word("no \(stage.rawValue) figure: \(reason)", "pas de figure `\(stage.rawValue)` : \(reason)")
  }
  /// What a graph lacks: in the words of its program, or of a step that another program recorded.
  func lacks(_ keyword: Keyword, _ graph: ComputationGraph) -> String {
    guard graph.isRecorded else {
      return word("the program has no `\(keyword.rawValue)`", "le programme n’a pas de `\(keyword.rawValue)`")
    }
    return switch keyword {
    case .loss:
      word(
        "the step has no loss: no backward pass was recorded",
        "le pas n’a pas de perte : aucune rétropropagation n’a été enregistrée")
    case .param: word("the step has no parameter", "le pas n’a pas de paramètre")
    case .rate: word("no optimizer step was recorded", "aucun pas d’un optimiseur n’a été enregistré")
    }
  }
  enum Keyword: String { case loss, param, rate }
  var noParameterOfLoss: String {
    word(
      "the program has no `param` that the loss depends on", "le programme n’a pas de `param` dont la perte dépende")
  }
  var samplesInArrays: String {
    word(
      "the samples stand together in arrays; `level scalar` takes them apart",
      "les données sont réunies dans des tableaux ; `level scalar` les sépare")
  }
  var samplesFolded: String {
    word(
      "the samples are folded; `collapse none` draws each",
      "les données sont réunies ; `collapse none` dessine chacune")
  }
  var noSamples: String {
    word(
      "the program has no samples: nothing is computed for each row of an `input` alone",
      "le programme n’a pas de données séparées : rien n’y est calculé pour une seule ligne d’un `input`")
  }
  func tooManySamples(_ count: Int, _ most: Int) -> String {
    word(
      "there are \(count) samples, more than \(most); `batch` takes some",
      "il y a \(count) données, plus de \(most) ; `batch` en prend une partie")
  }
}
