import Autograd
import GradvizGraph

/// The words of what a figure explains: its sentence, the chain rule, the nudge, the close-ups.
extension Words {
  // The sentence of each stage.
  func forwardOfBatch(hasPrediction: Bool) -> String {
    hasPrediction
      ? word(
        "Every sample goes through the same computation, with the same parameters, and gives a prediction.",
        "Chaque donnée passe par le même calcul, avec les mêmes paramètres, et donne une prédiction.")
      : word(
        "Every sample goes through the same computation, with the same parameters.",
        "Chaque donnée passe par le même calcul, avec les mêmes paramètres.")
  }
  /// - Parameters:
  ///   - prediction: the name of the only one.
  ///   - result: the name of the loss.
  func forward(hasInputs: Bool, prediction: String?, hasPrediction: Bool, result: String?) -> String {
    let start =
      hasInputs
      ? word("Inputs and parameters enter", "Entrées et paramètres entrent")
      : word("Numbers enter", "Les nombres entrent")
    let end =
      hasPrediction
      ? word("the prediction", "la prédiction") + (prediction.map { " \($0)" } ?? "")
      : result ?? word("the end", "la fin")
    return word(
      "\(start) at the left; each operation computes a value from those before it, up to \(end).",
      "\(start) à gauche ; chaque opération calcule une valeur à partir des précédentes, jusqu’à \(end).")
  }
  func distance(loss: String, isPlural: Bool) -> String {
    word(
      "How far \(isPlural ? "are the predictions from the targets" : "is the prediction from the target")? \(loss) says it in one number: lower is better.",
      isPlural
        ? "Quel est l’écart entre les prédictions et les cibles ? \(loss) le dit en un seul nombre : plus il est petit, mieux c’est."
        : "Quel est l’écart entre la prédiction et la cible ? \(loss) le dit en un seul nombre : plus il est petit, mieux c’est."
    )
  }
  func smallNumber(loss: String) -> String {
    word(
      "\(loss) is the number that should become small: lower is better.",
      "\(loss) est le nombre qui doit diminuer : plus il est petit, mieux c’est.")
  }
  func walkBack(loss: String, hasParameters: Bool, isBatch: Bool) -> String {
    let goal =
      hasParameters
      ? word("every parameter", "chaque paramètre") : word("every value", "chaque valeur")
    let sum = isBatch ? word(" The samples’ shares are added.", " Les parts des données s’ajoutent.") : ""
    return word(
      "From \(loss) back to \(goal): each operation multiplies the gradient by its own slope, the local derivative.",
      "De \(loss) jusqu’à \(goal) : chaque opération multiplie le gradient par sa propre pente, la dérivée locale.")
      + sum
  }
  func smallStep(isPlain: Bool) -> String {
    isPlain
      ? word(
        "Each parameter takes a step against its gradient: learning rate × gradient.",
        "Chaque paramètre fait un pas à l’opposé de son gradient : taux d’apprentissage × gradient.")
      : word(
        "Each parameter takes a step against its gradient; the optimizer’s rule says how far.",
        "Chaque paramètre fait un pas à l’opposé de son gradient ; la règle de l’optimiseur dit de combien.")
  }
  func fourStages(loss: String) -> String {
    word(
      "Four stages, again and again: each round moves the parameters a little so that \(loss) becomes smaller.",
      "Quatre étapes, encore et encore : chaque tour déplace un peu les paramètres pour que \(loss) diminue.")
  }

  // The legend.
  package var passedOnNegated: String { word("passed on with the other sign", "transmis, signe changé") }
  package var continuedAtLetter: String { word("goes on at the same letter", "continue à la même lettre") }
  /// The mark and what it means: `[share]` of a use.
  package var shareMark: String { word("[share]", "[part]") }
  package var ofUse: String { word("of one use", "d’une utilisation") }

  // The overview.
  /// What a stage does, in a few words.
  ///
  /// - Parameter hasTarget: whether the loss is a distance.
  func inShort(_ stage: Stage, hasInput: Bool, hasTarget: Bool) -> String {
    switch stage {
    case .forward where !hasInput: word("Value by value, up to the result.", "Valeur par valeur, jusqu’au résultat.")
    case .forward: word("From the inputs to the result, value by value.", "Des entrées au résultat, valeur par valeur.")
    case .loss:
      hasTarget
        ? word(
          "How far off? One number, lower is better.",
          "Quel est l’écart ? Un seul nombre : plus il est petit, mieux c’est.")
        : word("One number, lower is better.", "Un seul nombre : plus il est petit, mieux c’est.")
    case .backward:
      word("How does the loss react to each parameter?", "Comment la perte réagit-elle à chaque paramètre ?")
    case .update: word("A step against the gradient.", "Un pas à l’opposé du gradient.")
    case .overview, .shares, .accumulation, .forwardMode, .secondOrder: ""
    }
  }
  /// What an optimizer's t is.
  var numberOfStep: String { word("number of the update, from 1", "numéro de la mise à jour, à partir de 1") }
  var backpropagationIs: String { word("backpropagation = 3", "rétropropagation = 3") }
  var descentIs: String {
    word("gradient descent = 1 to 4, again and again", "descente de gradient = 1 à 4, encore et encore")
  }
  func startAt(_ loss: String) -> String { word("start at \(loss), walk back", "partir de \(loss), remonter") }

  var newParameters: String { word("new parameters", "nouveaux paramètres") }

  // Softmax.
  var scoresSay: String { word("What the gradients of the scores say.", "Ce que disent les gradients des scores.") }
  /// - Parameter sample: the one that is shown; nil without several.
  func rightClass(_ name: String, sample: Int?) -> String {
    let own = sample.map { word(" of sample \($0)", " de la donnée \($0)") } ?? ""
    return word(
      "The right class\(own) is \(name): only its score is pushed up.",
      "La bonne classe\(own) est \(name) : seul son score est poussé vers le haut.")
  }
  var classOfScore: String { word("class", "classe") }
  var score: String { "score" }
  var probability: String { word("probability p", "probabilité p") }
  var target: String { word("target y", "cible y") }
  var difference: String { "p − y" }
  var differenceIsGradient: String { word("p − y = gradient of the score", "p − y = gradient du score") }
  /// What `‖W‖` is in the table of the update.
  var normOfArray: String {
    word(
      "‖ ‖: an array’s norm, the root of the sum of its squares",
      "‖ ‖ : norme d’un tableau, racine de la somme des carrés")
  }
  /// The derivative of a product, where the factor has a name that leaves no room.
  var otherFactor: String { word("other factor", "autre facteur") }
  func timesFactor(_ factor: String, isExact: Bool) -> String { "× \(factor) \(isExact ? "=" : "≈") gradient" }

  // The neuron.
  var weights: String { word("weights", "poids") }
  var bias: String { word("bias", "biais") }
  var activation: String { word("activation", "activation") }
  var output: String { word("output", "sortie") }
  var outputs: String { word("outputs", "sorties") }

  // The update.
  func better(_ amount: String) -> String { word("better by \(amount)", "en baisse de \(amount)") }
  func worse(_ amount: String) -> String { word("worse by \(amount)", "en hausse de \(amount)") }
  var becauseOfSmallStep: String {
    word("one step; training repeats it", "un pas ; l’entraînement le répète")
  }
  var stepTooLarge: String { word("the step was too long here", "le pas était trop long ici") }
  var eachParameter: String { word("likewise for each parameter", "de même pour chaque paramètre") }
  var defaultRate: String { word("(default)", "(par défaut)") }
  var lowerIsBetter: String { word("lower is better", "plus bas, c’est mieux") }

  // The chain rule.
  var chainRuleInNumbers: String { word("The chain rule in numbers.", "La dérivation en chaîne en nombres.") }
  func onePathEach(_ count: Int, loss: String) -> String {
    word(
      "Each sample is one path from \(loss) back to a parameter: multiply along the path, then add the \(Self.count(count, .english)) paths.",
      "Chaque donnée est un chemin de \(loss) vers un paramètre : on multiplie le long du chemin, puis on ajoute les \(Self.count(count, .french)) chemins."
    )
  }
  func severalPathsEach(loss: String) -> String {
    word(
      "Each sample adds a share to a parameter’s gradient: multiply along every path from \(loss) back to it, then add.",
      "Chaque donnée ajoute une part au gradient d’un paramètre : on multiplie le long de chaque chemin depuis \(loss), puis on additionne."
    )
  }
  /// Small numbers in words.
  static func count(_ number: Int, _ language: Language) -> String {
    let words =
      language == .english
      ? ["two", "three", "four", "five", "six", "seven", "eight", "nine"]
      : ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]
    return words.indices.contains(number - 2) ? words[number - 2] : "\(number)"
  }
  var blockFormula: String { word("formula", "formule") }
  var blockNumbers: String { word("numbers", "nombres") }
  var product: String { word("product", "produit") }

  // The nudge.
  var whatAGradientIs: String { word("What a gradient is.", "Ce qu’est un gradient.") }
  var nudge: String { word("Nudge", "On déplace") }
  func nudgedBy(_ change: String) -> String { word("by \(change) and", "de \(change), puis") }
  var runForwardAgain: String { word("run forward once more:", "une nouvelle propagation avant :") }
  var changeOf: String { word("change of", "variation de") }

  // Close-ups.
  func whereItComesFrom(_ number: String) -> String { word("Where \(number) comes from", "D’où vient \(number)") }
  func slopeOf(_ operation: String) -> String { word("slope of \(operation) at", "pente de \(operation) en") }
  /// Of operations whose slope needs no reckoning.
  func slopeInWords(_ operation: Tape.Operation, at place: Double) -> String {
    guard operation == .relu else { return word("as large as its value", "égale à sa valeur") }
    if place == 0 { return word("at 0 by convention", "en 0, par convention") }
    return place > 0
      ? word("above 0 it passes on", "au-dessus de 0, transmis") : word("below 0 it is flat", "en dessous de 0, plat")
  }
}

extension Words {
  /// What a line of an optimizer's rule keeps, in a few words; nil where the line says it itself.
  func meaning(ofRule line: String) -> String? {
    let sides = line.split(separator: "←", maxSplits: 1).map { $0.filter { $0 != " " } }
    guard sides.count == 2 else {
      return line.hasPrefix("m̂ = m/(1 − ")
        ? word("both corrected for their start at 0", "tous deux corrigés de leur départ à 0") : nil
    }
    let terms = sides[1].split(separator: "(t>1")[0].split(separator: "+").map { $0.split(separator: "·") }
    guard terms.count == 2, let kept = terms[0].last, sides[0] == kept else { return nil }
    let factors = terms.map { $0.count > 1 ? Double($0[0]) : 1 }
    let isMean = factors[0].flatMap { first in factors[1].map { abs(first + $0 - 1) < 1e-9 } } ?? false
    switch (sides[0], terms[1].last) {
    case ("m", "g") where isMean: return word("running mean of the gradients", "moyenne glissante des gradients")
    case ("v", "g²") where isMean: return word("running mean of their squares", "moyenne glissante de leurs carrés")
    case ("m", _): return word("momentum: what is left of the last steps", "momentum : ce qui reste des derniers pas")
    case ("s", "g²"): return word("sum of their squares", "somme de leurs carrés")
    case ("g", "w"): return word("weight decay", "régularisation (weight decay)")
    default: return nil
    }
  }
}
