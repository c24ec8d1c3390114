import GradvizGraph

/// The fixed words of figures and plots in one language; the French ones follow the course article.
package struct Words {
  package typealias Language = ComputationGraph.Presentation.Language

  package let language: Language
  /// What stands before the decimals of numbers.
  package let mark: NumberFormat.Mark

  /// - Parameter decimal: nil for the mark of the language.
  package init(_ language: Language, decimal: NumberFormat.Mark? = nil) {
    self.language = language
    mark = decimal ?? (language == .french ? .comma : .point)
  }

  /// The words that the author of a graph chose.
  package init(_ shown: ComputationGraph.Presentation) {
    self.init(shown.language ?? .english, decimal: shown.decimal)
  }

  package func word(_ english: String, _ french: String) -> String {
    switch language {
    case .english: english
    case .french: Self.withSpaces(french)
    }
  }

  // MARK: Signs

  /// French has a space before these, at which a line never breaks.
  private static func withSpaces(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: " ") }) else { return text }
    var result = text
    for sign in [":", ";", "!", "?", "%"] { result = result.replacing(" " + sign, with: "\u{A0}" + sign) }
    return result
  }

  package var colon: String { word(": ", " : ") }
  package var semicolon: String { word("; ", " ; ") }
  /// What stands between numbers, and arguments: a comma, but where it would look like the mark of decimals.
  package var separator: String { mark == .comma ? Self.separators[1] : Self.separators[0] }
  private static let separators = [", ", "\u{A0}; "]
  static func isSeparator(_ text: String) -> Bool { separators.contains(text) }

  /// Numbers with so many significant digits.
  package func numbers(_ precision: Int) -> NumberFormat { NumberFormat(precision: precision, mark: mark) }

  /// A line of an optimizer's rule.
  package func rule(_ text: String) -> String { mark == .comma ? Self.withCommas(text) : text }

  /// A text whose numbers have points, with commas.
  static func withCommas(_ text: String) -> String {
    text.replacing(/([0-9])\.([0-9])/) { "\($0.output.1),\($0.output.2)" }
  }

  func title(_ stage: Stage) -> String {
    switch stage {
    case .forward: word("Forward pass", "Propagation avant (forward pass)")
    case .loss: word("Loss", "Fonction de perte (loss)")
    case .backward: word("Backward pass", "Rétropropagation (backward pass)")
    case .update: word("Update", "Mise à jour des poids")
    case .overview: word("Gradient descent", "Descente de gradient")
    case .shares, .accumulation: title(.backward)
    case .forwardMode: word("Forward mode beside reverse mode", "Mode direct et mode inverse")
    case .secondOrder: word("Second order", "Second ordre")
    }
  }

  func step(_ number: Int, of count: Int) -> String {
    word("step \(number) of \(count)", "étape \(number) sur \(count)")
  }

  // Regions and legend.
  func sample(_ number: Int) -> String { word("sample \(number)", "donnée \(number)") }
  func someRows(_ shown: Int, _ all: Int) -> String {
    word("\(shown) of \(Self.grouped(all)) rows", "\(shown) lignes sur \(Self.grouped(all))")
  }
  func someColumns(_ shown: Int, _ all: Int) -> String {
    word("\(shown) of \(Self.grouped(all)) columns", "\(shown) colonnes sur \(Self.grouped(all))")
  }
  func someNumbers(_ shown: Int, _ all: Int) -> String {
    word("\(shown) of \(Self.grouped(all)) numbers", "\(shown) nombres sur \(Self.grouped(all))")
  }
  /// In place of the minimum and the maximum of an array of equal numbers.
  func everywhere(_ number: String) -> String { word("all \(number)", "partout \(number)") }
  func moreSamples(_ count: Int) -> String {
    word(
      "… \(count) more samples: least … greatest", "… encore \(count) données : minimum … maximum")
  }
  /// - Parameter arrows: that are drawn.
  func folded(_ folding: ComputationGraph.Folding, boxes: Int, arrows: Int) -> String {
    var parts: [String] = []
    if folding.values != boxes {
      let values = Self.grouped(folding.values)
      parts.append(word("\(values) values in \(boxes) boxes", "\(values) valeurs en \(boxes) boîtes"))
    } else if folding.isExcerpt {
      parts.append(word("an excerpt of the graph", "un extrait du graphe"))
    }
    if let all = folding.arrows.map(Self.grouped) {
      let drawn = Self.grouped(arrows)
      parts.append(word("\(all) arrows drawn as \(drawn)", "\(all) flèches dessinées en \(drawn)"))
    }
    return parts.joined(separator: ", ")
  }
  /// `41 551`, with a narrow no-break space.
  static func grouped(_ number: Int) -> String {
    var text = ""
    for (position, digit) in String(number).reversed().enumerated() {
      if position > 0, position % 3 == 0, digit != "-" { text.insert("\u{202F}", at: text.startIndex) }
      text.insert(digit, at: text.startIndex)
    }
    return text
  }
  var parameters: String { word("parameters", "paramètres") }
  package var data: String { word("data", "données") }
  package var parameter: String { word("parameter", "paramètre") }
  package var prediction: String { word("prediction", "prédiction") }
  package var loss: String { word("loss", "perte") }
  var computedHere: String { word("computed in this stage", "calculé à cette étape") }
  package var gradientFlow: String { word("gradient flow", "flux du gradient") }
  package var value: String { word("value", "valeur") }
  package var bracketedGradient: String { word("[gradient]", "[gradient]") }
  package var localDerivative: String { word("local derivative", "dérivée locale") }
  package var localDerivativeMark: String { word("rule = number", "règle = nombre") }
  package var passedOn: String { word("passed on unchanged", "transmis tel quel") }
  var shareOfArray: String { word("[least…greatest] of an array’s share", "[minimum…maximum] de la part d’un tableau") }
  func share(of user: String, in value: String, _ amount: String) -> String {
    word(
      "what \(user) adds to the gradient of \(value): \(amount)",
      "ce que \(user) ajoute au gradient de \(value) : \(amount)")
  }
  /// The meaning of an array's cells.
  package var heatScale: String { word("largest of its own array", "le plus grand de son tableau") }
  package var order: String { word("order of computation", "ordre du calcul") }
  var update: String { word("update", "mise à jour") }

  // Panels.
  /// The axis that a sum of a matrix runs over.
  func axis(_ axis: Int) -> String { axis == 0 ? word("rows", "lignes") : word("columns", "colonnes") }
  func sameForAll(_ count: Int, hasParameters: Bool) -> String {
    word(
      "The same \(hasParameters ? "parameters" : "computation") for each of the \(count) samples.",
      hasParameters
        ? "Calculs identiques sur les \(count) données d’entrée : mêmes paramètres."
        : "Calculs identiques sur les \(count) données d’entrée.")
  }
  /// The option with which each value has a box of its own.
  var collapseNone: String { word("the option collapse none shows each", "l’option collapse none les montre toutes") }
  func samplesInTable(_ first: Int, _ last: Int) -> String {
    guard last > first else {
      return word(
        "sample \(first) in the columns of sample 1; the option samples rows shows both in full",
        "donnée \(first) dans les colonnes de la donnée 1 ; l’option samples rows montre les deux en entier")
    }
    let list = "\(first) \(last == first + 1 ? word("and", "et") : word("to", "à")) \(last)"
    return word(
      "samples \(list) in the columns of sample 1; the option samples rows shows each in full",
      "données \(list) dans les colonnes de la donnée 1 ; l’option samples rows montre chacune en entier")
  }
  var denseArrays: String {
    word(
      "arrays with two digits, with more in a larger width",
      "tableaux à deux chiffres, et plus dans une plus grande largeur")
  }
  var largeArraysInPart: String {
    word("large arrays with some of their rows", "grands tableaux avec une partie de leurs lignes")
  }
  var fromLeftToRight: String {
    word(
      "from left to right: from top to bottom it is wider than the page, and a larger width shows it",
      "de gauche à droite : de haut en bas, la figure dépasse la page, et une plus grande largeur la montre")
  }
  var chainRuleOfFirst: String { word("Chain rule, sample 1", "Dérivation en chaîne, donnée 1") }
  var eachSampleAdds: String {
    word(
      "Each sample adds its share to a parameter", "Chaque donnée ajoute sa part au gradient d’un paramètre")
  }
  var eachUseAdds: String { word("Each use adds its share", "Chaque utilisation ajoute sa part") }
  var byHand: String { word("By hand, through the predictions", "À la main, par les prédictions") }
  /// What is left out of short formulas.
  func moreFormulas(_ count: Int) -> String {
    count == 1
      ? word("… and one more formula (option: formulas all)", "… et encore une formule (option : formulas all)")
      : word(
        "… and \(count) more formulas (option: formulas all)", "… \(count) autres formules (option : formulas all)")
  }
  func shape(_ text: String) -> String { word("shape \(text)", "forme \(text)") }
  func sumOfShares(_ count: Int) -> String { word("sum of \(count) shares", "somme de \(count) parts") }
  func noGradient(_ loss: String, _ names: String) -> String {
    word("\(loss) does not depend on \(names)", "\(loss) ne dépend pas de \(names)")
  }
  func noGradientArrives(_ names: String) -> String {
    word(
      "no gradient arrives at \(names): only a mask or a stopped gradient uses it",
      "aucun gradient n’arrive à \(names) : seul un masque ou un gradient arrêté s’en sert")
  }
  func more(_ count: Int) -> String { word("… and \(count) more", "… et encore \(count)") }
  var learningRate: String { word("learning rate", "taux d’apprentissage") }
  var afterForwardPass: String { word("after one more forward pass", "après une nouvelle propagation avant") }
  var before: String { word("before", "avant") }
  func beforeStep(_ term: String) -> String { "\(term) \(before)" }
  package var gradient: String { "gradient" }
  func step(_ formula: String) -> String { word("step \(formula)", "pas \(formula)") }
  var stepOfRule: String { word("step", "pas") }
  var after: String { word("after", "après") }
  /// What the parameter in an optimizer's rule stands for.
  func standsFor(_ name: String?, _ symbol: String) -> String {
    symbol + colon + (name ?? word("each parameter", "chaque paramètre"))
  }
  var unchanged: String { word("unchanged", "inchangé") }
  func parametersByArray(_ count: Int, hasNumbers: Bool) -> String {
    word("all \(count) numbers by array: ‖ ‖ is its norm", "les \(count) nombres par tableau : ‖ ‖ est sa norme")
      + (hasNumbers
        ? word(", below it the number with the largest gradient", ", en dessous le nombre au plus grand gradient") : "")
  }
  var noGradient: String { word("no gradient: unchanged", "sans gradient : inchangé") }
  func isNumberAfterUpdate(_ name: String, _ number: String) -> String {
    word("after the update \(name) is \(number)", "après la mise à jour, \(name) vaut \(number)")
  }
  func isNumber(_ name: String, _ number: String) -> String {
    word("\(name) is \(number)", "\(name) vaut \(number)")
  }

  // Overview.
  var trainingData: String { word("Training data", "Données d’entraînement") }
  var inputs: String { word("inputs", "entrées") }
  var targets: String { word("targets", "sorties attendues") }
  var again: String {
    word("and again, with the new parameters", "et on recommence, avec les nouveaux poids")
  }
  func moreRows(_ count: Int) -> String { word("… \(count) more", "… encore \(count)") }

  // Tooltips and descriptions.
  func constant(_ text: String) -> String { word("the constant \(text)", "la constante \(text)") }
  func foldedValues(_ name: String, _ count: Int, _ lowest: String, _ highest: String) -> String {
    word(
      "\(name): \(Self.grouped(count)) values folded, from \(lowest) to \(highest)",
      "\(name) : \(Self.grouped(count)) valeurs réunies, de \(lowest) à \(highest)")
  }
  func foldedGradients(_ lowest: String, _ highest: String) -> String {
    word("gradients from \(lowest) to \(highest)", "gradients de \(lowest) à \(highest)")
  }
  var neuron: String { word("one neuron", "un neurone") }
  func afterUpdate(_ text: String) -> String {
    word("after the update: \(text)", "après la mise à jour : \(text)")
  }
  func array(_ name: String, _ shape: String) -> String {
    word("\(name) of shape \(shape)", "\(name) de forme \(shape)")
  }
  var anArray: String { word("an array", "un tableau") }
  func rest(_ shown: String, _ more: Int) -> String {
    word("\(shown) and \(more) more", more == 1 ? "\(shown) et un autre" : "\(shown) et \(more) autres")
  }
  func forSamples(_ count: Int) -> String {
    count > 1 ? word(" for \(count) samples", " sur \(count) données") : ""
  }
  func forward(_ title: String, _ samples: String, _ results: String) -> String {
    word(
      "\(title). The forward pass\(samples) computes \(results).",
      "\(title). La propagation avant\(samples) calcule \(results).")
  }
  func loss(_ title: String, _ samples: String, _ value: String) -> String {
    word("\(title). The loss\(samples) is \(value).", "\(title). La perte\(samples) vaut \(value).")
  }
  func backward(_ title: String, _ samples: String, _ gradients: String) -> String {
    if gradients.isEmpty { return noGradients(title) }
    return word(
      "\(title). The backward pass\(samples) carries the gradient from the loss back: \(gradients).",
      "\(title). La rétropropagation\(samples) fait remonter le gradient depuis la perte : \(gradients).")
  }
  func backwardStep(_ title: String, _ samples: String, _ step: String, _ gradients: String) -> String {
    word(
      "\(title). The backward pass\(samples), \(step): \(gradients).",
      "\(title). La rétropropagation\(samples), \(step) : \(gradients).")
  }
  func update(_ title: String, _ updates: String) -> String {
    word(
      "\(title). One step against the gradient changes \(updates).",
      "\(title). Un pas à l’opposé du gradient change \(updates).")
  }
  func change(_ name: String, _ before: String, _ after: String) -> String {
    word("\(name) from \(before) to \(after)", "\(name) de \(before) à \(after)")
  }
  func lossChange(_ before: String, _ after: String) -> String {
    word(" The loss goes from \(before) to \(after).", " La perte passe de \(before) à \(after).")
  }
  func overview(_ title: String) -> String {
    word(
      "\(title). One turn of gradient descent: forward pass, loss, backward pass, update, and again.",
      "\(title). Un tour de la descente de gradient : propagation avant, perte, rétropropagation, mise à jour, et on recommence."
    )
  }
}

extension Stage {
  /// In English; figures use their own language.
  public var title: String { Words(.english).title(self) }
}
