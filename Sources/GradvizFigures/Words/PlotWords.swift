/// What only plots say.
extension Words {
  package var descent: String { word("Descent", "Descente") }
  package var descentNote: String { word("the loss over the steps of training", "la perte au fil des itérations") }
  package var iteration: String { word("step", "itération") }
  package func step(_ number: Int) -> String { word("step \(number)", "itération \(number)") }
  package var rate: String { word("learning rate", "taux d’apprentissage") }
  package var heldOut: String { word("held out", "données de test") }
  package var training: String { word("training", "entraînement") }
  package func notFinite(_ step: Int) -> String {
    word("step \(step): no longer a number", "itération \(step) : ce n’est plus un nombre")
  }
  package var parametersTitle: String { word("Parameters", "Paramètres") }
  package var parametersNote: String { word("their paths through training", "leur chemin pendant l’entraînement") }
  /// - Parameter kept: how many of `all` are known: the first ones.
  package func movedMost(_ shown: Int, _ kept: Int, of all: Int) -> String {
    kept == all
      ? word("the \(shown) of \(all) that moved most", "les \(shown) sur \(all) qui ont le plus bougé")
      : word(
        "of its first \(kept) of \(all) the \(shown) that moved most",
        "parmi les \(kept) premiers sur \(all), les \(shown) qui ont le plus bougé")
  }
  package var decision: String { word("Decision region", "Région de décision") }
  package func decisionNote(_ wrong: Int, _ all: Int) -> String {
    wrong == 0
      ? word("all \(all) samples on their side", "les \(all) données du bon côté")
      : word(
        "\(wrong) of \(all) samples on the wrong side, ringed",
        "\(wrong) sur \(all) du mauvais côté, cerclées")
  }
  package func descent(of loss: String, from first: String, to last: String, steps: Int) -> String {
    word(
      "\(loss) goes from \(first) to \(last) in \(steps) steps.",
      "\(loss) passe de \(first) à \(last) en \(steps) itérations.")
  }
  package func className(_ index: Int) -> String { word("class \(index)", "classe \(index)") }
  package var fit: String { word("Fit", "Ajustement") }
  package var fitNote: String { word("the fitted curve over the data", "la courbe ajustée et les données") }
  package var derivative: String { word("Derivative", "Dérivée") }
  package func derivativeNote(_ loss: String, _ name: String) -> String {
    word("the slope of \(loss) as \(name) changes", "la pente de \(loss) quand \(name) varie")
  }
  package var kink: String { word("kink", "anguleux") }
  package var jump: String { word("jump", "saut") }
  package var byConvention: String { word("by convention", "par convention") }
  package var tangent: String { word("tangent", "tangente") }
  package var secant: String { word("secant", "sécante") }
  package var slope: String { word("slope", "pente") }
  package var error: String { word("error", "erreur") }
  package func secant(_ h: String) -> String { word("secant, \(h)", "sécante, \(h)") }
  package var landscape: String { word("Landscape", "Paysage") }
  package var landscapeNote: String {
    word(
      "the loss over two parameters, and the descent’s path",
      "la perte sur deux paramètres, et le chemin de la descente")
  }
  /// Said of several paths.
  package func stepsEach(_ count: Int) -> String { word("\(count) steps each", "\(count) pas chacun") }
  package func carriedOn(_ part: String) -> String {
    word("\(part) × the last step", "\(part) × le pas précédent")
  }
  package var gradientsPart: String { word("−lr × gradient", "−lr × gradient") }
  package func logarithmic(_ name: String) -> String { word("\(name) (log scale)", "\(name) (échelle log)") }
  package var eachStep: String { word("each step’s batch", "chaque itération") }
  package var meanOfEpoch: String { word("mean over an epoch", "moyenne d’une époque") }
  package var unsureScore: String {
    word("pale: nearer to the line than to a target", "pâle : plus près de la ligne que d’une cible")
  }
  package var unsureProbability: String { word("pale: less than 75 % sure", "pâle : sûr à moins de 75 %") }
  package func first(_ shown: Int, of all: Int) -> String {
    word("the first \(shown) of \(all)", "les \(shown) premiers sur \(all)")
  }
  package var byParameter: String { word("one chart for each parameter", "un graphique par paramètre") }
  package var growth: String { word("Growth", "Croissance") }
  package var growthNote: String {
    word("dashed: the power that lies nearest", "en tirets : la puissance la plus proche")
  }
  package var depth: String { word("Gradients by depth", "Gradients selon la profondeur") }
  package func depthNote(_ loss: String) -> String {
    word(
      "mean |∂\(loss)/∂h| of each layer h during training",
      "moyenne de |∂\(loss)/∂h| par couche h pendant l’entraînement")
  }
  package func someLayers(_ shown: Int, _ all: Int) -> String {
    word("\(shown) of \(all) layers", "\(shown) couches sur \(all)")
  }
  package var closedShare: String {
    word(
      "lets no gradient pass: ReLU dead, 0 for all samples; tanh, σ saturated, slope under 5 % of the steepest",
      "ne transmet plus : ReLU morte, à 0 pour toutes les données ; tanh, σ saturées, pente sous 5 % de la plus forte")
  }
  package func percent(_ number: Double) -> String { word("\(Int(number)) %", "\(Int(number)) %") }
  package func closed(_ percent: Double) -> String {
    word("\(Int(percent)) % dead or saturated", "\(Int(percent)) % mortes ou saturées")
  }
  package func layer(_ number: Int) -> String { word("layer \(number)", "couche \(number)") }
  package var start: String { word("start", "départ") }
  package var end: String { word("end", "arrivée") }
}
