import GradvizGraph

/// The words of exercises, in English and French.
extension Words {
  /// What tells one sheet of a class from another.
  package func variant(_ number: Int) -> String { word("variant \(number)", "variante \(number)") }

  package func drawingExercise(_ number: Int, of count: Int) -> String {
    word("drawing sheet \(number) of \(count)", "dessin de la feuille \(number) sur \(count)")
  }

  /// Before numbers with more digits.
  var computeWith: String {
    word(
      "Compute with these, and round only the answers:", "Calculez avec ces nombres, n’arrondissez que les réponses :")
  }

  /// Why the numbers of variants are rounded.
  ///
  /// - Parameter function: the one that has no short decimals; nil where none was found.
  package func roundedNumbers(_ function: String?, digits: Int) -> String {
    let end = word("the numbers are rounded to \(digits) digits", "les nombres sont arrondis à \(digits) chiffres")
    guard let function else {
      return word(
        "no numbers were found whose results are all short decimals: ",
        "aucun nombre trouvé dont les résultats soient tous des décimaux courts : ") + end
    }
    return word(
      "the results of \(function) are not short decimals: ",
      "les résultats de \(function) ne sont pas des décimaux courts : ") + end
  }
}
