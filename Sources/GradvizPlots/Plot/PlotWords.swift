import GradvizFigures

/// What only plots say.
extension Words {
  var descent: String { word("Descent", "Descente") }
  var descentNote: String { word("the loss over the steps of training", "la perte au fil des itérations") }
  var step: String { word("step", "itération") }
  package func step(_ number: Int) -> String { word("step \(number)", "itération \(number)") }
  var loss: String { word("loss", "perte") }
  var rate: String { word("learning rate", "learning rate") }
  var heldOut: String { word("held out", "données de test") }
  var training: String { word("training", "entrainement") }
  func notFinite(_ step: Int) -> String {
    word("step \(step): no longer a number", "itération \(step) : ce n’est plus un nombre")
  }
  var parameters: String { word("Parameters", "Paramètres") }
  var parametersNote: String { word("their paths through training", "leur chemin pendant l’entrainement") }
  func mostMoved(_ shown: Int, _ all: Int) -> String {
    word("the \(shown) of \(all) that moved most", "les \(shown) sur \(all) qui ont le plus bougé")
  }
  var decision: String { word("Decision region", "Région de décision") }
  func decisionNote(_ wrong: Int, _ all: Int) -> String {
    wrong == 0
      ? word("all \(all) samples on their side", "les \(all) données du bon côté")
      : word(
        "\(wrong) of \(all) samples on the wrong side, ringed",
        "\(wrong) sur \(all) du mauvais côté, cerclées")
  }
  func descent(of loss: String, from first: String, to last: String, steps: Int) -> String {
    word(
      "\(loss) goes from \(first) to \(last) in \(steps) steps.",
      "\(loss) passe de \(first) à \(last) en \(steps) itérations.")
  }
  func className(_ index: Int) -> String { word("class \(index)", "classe \(index)") }
  var fit: String { word("Fit", "Ajustement") }
  var fitNote: String { word("the fitted curve over the data", "la courbe ajustée et les données") }
  var derivative: String { word("Derivative", "Dérivée") }
  func derivativeNote(_ loss: String, _ name: String) -> String {
    word("the slope of \(loss) as \(name) changes", "la pente de \(loss) quand \(name) varie")
  }
  var tangent: String { word("tangent", "tangente") }
  var secant: String { word("secant", "sécante") }
  var slope: String { word("slope", "pente") }
  var error: String { word("error", "erreur") }
  var landscape: String { word("Landscape", "Paysage") }
  var landscapeNote: String {
    word(
      "the loss over two parameters, and the descent’s path",
      "la perte sur deux paramètres, et le chemin de la descente")
  }
  func carriedOn(_ part: String) -> String {
    word("\(part) × the last step", "\(part) × le pas précédent")
  }
  var gradientsPart: String { word("−lr × gradient", "−lr × gradient") }
  func logarithmic(_ name: String) -> String { word("\(name) (log scale)", "\(name) (échelle log)") }
  var eachStep: String { word("each step’s batch", "chaque itération") }
  var meanOfEpoch: String { word("mean over an epoch", "moyenne d’une époque") }
  var unsureScore: String {
    word("pale: nearer to the line than to a target", "pâle : plus près de la ligne que d’une cible")
  }
  var unsureProbability: String { word("pale: less than 75 % sure", "pâle : sûr à moins de 75 %") }
  func first(_ shown: Int, of all: Int) -> String {
    word("the first \(shown) of \(all)", "les \(shown) premiers sur \(all)")
  }
  var byParameter: String { word("one chart for each parameter", "un graphique par paramètre") }
  var growth: String { word("Growth", "Croissance") }
  var growthNote: String {
    word("dashed: the power that lies nearest", "en tirets : la puissance la plus proche")
  }
  var start: String { word("start", "départ") }
  var end: String { word("end", "arrivée") }
}
