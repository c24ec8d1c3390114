import GradvizGraph

/// The words of the shares of samples, in English and French.
extension Words {
  /// Of dashed boxes, in the legend.
  func sameParameter(_ stage: Stage, hasShare: Bool) -> String {
    let value =
      stage == .update
      ? word("dashed: the same value before the step", "tirets : la même valeur avant le pas")
      : word("dashed: the same value again", "tirets : la même valeur")
    return value + (hasShare ? word(", with the share of this use", ", avec la part de cette utilisation") : "")
  }
  var whosePush: String {
    word(
      "Whose push: what each sample adds to the gradients.",
      "D’où vient la poussée : ce que chaque donnée ajoute aux gradients.")
  }
  var ownScales: String {
    word("Each column of bars has its own scale.", "Chaque colonne de barres a sa propre échelle.")
  }
  var sampleColumn: String { word("sample", "donnée") }
  var itsLoss: String { word("its loss", "sa perte") }
  var errorSentBack: String { word("error sent back", "erreur renvoyée") }
  func slopeOfFunction(_ function: String) -> String { word("slope of \(function)", "pente de \(function)") }
  var itsPush: String { word("its push", "sa poussée") }
  var sum: String { word("sum", "somme") }
  var otherTerms: String { word("others", "autres") }
  var push: String { word("push", "poussée") }
  var itsPushTimes: String { word("push × ", "poussée × ") }
  func pushIsProduct(_ name: String) -> String {
    word("\(name): the push is error × slope here", "\(name) : la poussée est erreur × pente ici")
  }
  func gradientIsSum(_ count: Int, hasOthers: Bool) -> String {
    let others = hasOthers ? word(" and the other terms of the loss", " et les autres termes de la perte") : ""
    return word(
      "Each parameter’s gradient is the sum of what the \(count) samples\(others) add to it. Bars start where the one before ends; one scale for all.",
      "Le gradient d’un paramètre est la somme de ce que les \(count) données\(others) y ajoutent. Chaque barre part de la fin de la précédente ; une seule échelle."
    )
  }
  func greatestOf(_ shown: Int, _ all: Int) -> String {
    word("The \(shown) of \(all) with the greatest gradients.", "Les \(shown) sur \(all) aux plus grands gradients.")
  }

  /// Who makes the loss, and how much of that comes through.
  func pushSentence(
    sample: Int, loss: Int, push: Int?, slope: (name: String, number: String, function: String, percent: Int)?
  ) -> String {
    let start = word(
      "Sample \(sample) makes \(loss) % of the loss", "La donnée \(sample) compte pour \(loss) % de la perte")
    guard let push else { return start + semicolon + word("no push comes through.", "aucune poussée ne passe.") }
    guard let slope, slope.percent < 25, push < loss else {
      return start + word(" and \(push) % of the push.", " et \(push) % de la poussée.")
    }
    return start
      + word(
        ", yet only \(push) % of the push: at \(slope.name) = \(slope.number) \(slope.function) is almost flat, so \(slope.percent) % of its error gets through.",
        ", mais seulement \(push) % de la poussée : en \(slope.name) = \(slope.number), \(slope.function) est presque plate, et \(slope.percent) % de son erreur passe."
      )
  }
  func addsMost(_ sample: Int) -> String { word("Sample \(sample) decides.", "La donnée \(sample) décide.") }
  func addNothing(_ samples: [Int], factor: String?) -> String {
    let last = samples.last.map(String.init) ?? ""
    let list =
      samples.count < 2
      ? last : samples.dropLast().map(String.init).joined(separator: ", ") + word(" and ", " et ") + last
    let words =
      samples.count == 1
      ? word("Sample \(list) adds nothing", "La donnée \(list) n’ajoute rien")
      : word("Samples \(list) add nothing", "Les données \(list) n’ajoutent rien")
    return words + (factor.map { "\(colon)× \($0)." } ?? ".")
  }
  func cancel(_ percent: Int) -> String {
    percent == 0
      ? word("They nearly cancel: less than 1 % is left.", "Elles s’annulent presque : il reste moins de 1 %.")
      : word("They nearly cancel: \(percent) % is left.", "Elles s’annulent presque : il reste \(percent) %.")
  }
  var cancelOut: String { word("They cancel out: 0 is left.", "Elles s’annulent : il reste 0.") }
  var allPushOneWay: String { word("All push the same way.", "Toutes poussent dans le même sens.") }
}

/// The words of gradients that add up over passes, in English and French.
extension Words {
  var gradientsAddUp: String {
    word(
      "Two training steps: a backward pass adds to the gradients that are there; zero_grad between the passes clears them.",
      "Deux pas d’entraînement : une rétropropagation s’ajoute aux gradients présents ; zero_grad, entre les deux, les remet à zéro."
    )
  }
  func accumulation(_ title: String) -> String {
    word(
      "\(title): the gradients of two backward passes, with and without zero_grad between them.",
      "\(title) : les gradients de deux rétropropagations, avec et sans zero_grad entre elles.")
  }
  func pass(_ number: Int) -> String { word("pass \(number)", "passe \(number)") }
  var withZeroing: String { word("with zero_grad", "avec zero_grad") }
  var withoutZeroing: String { word("without zero_grad", "sans zero_grad") }
  var inGrad: String { word("sum", "somme") }
  var accumulationInArrays: String {
    word(
      "its numbers are arrays; `level scalar` takes them apart",
      "ses nombres sont des tableaux ; `level scalar` les sépare")
  }
  var accumulationFolded: String {
    word(
      "its values are folded; `collapse none` draws each",
      "ses valeurs sont repliées ; `collapse none` dessine chacune")
  }
}
