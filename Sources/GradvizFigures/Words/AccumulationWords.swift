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
      "its values are folded; without folding there is a figure",
      "ses valeurs sont repliées ; sans repli il y a une figure")
  }
}
