/// What is said of boxes that stand for several values.
extension Words {
  /// What the tab of a box of several values stands for.
  var severalOperations: String { word("several operations", "plusieurs opérations") }
  /// Between a value and the box of several values that it is in.
  var inside: String { word("inside", "dans") }
  func insideBoxes(_ count: Int) -> String {
    count == 1
      ? word("one of these is inside a box of several values", "l’une d’elles est dans une boîte de plusieurs valeurs")
      : word(
        "\(count) of these are inside boxes of several values",
        "\(count) d’entre elles sont dans des boîtes de plusieurs valeurs")
  }
  /// After a value that is left out.
  var notDrawn: String { word("not drawn", "non dessinée") }
  /// Of boxes without a formula in the forward panel.
  func unwrittenValues(_ count: Int) -> String {
    count == 1
      ? word(
        "one more box stands for several values: the option collapse none shows them",
        "encore une boîte représente plusieurs valeurs : l’option collapse none les montre")
      : word(
        "\(count) more boxes stand for several values: the option collapse none shows them",
        "encore \(count) boîtes représentent plusieurs valeurs : l’option collapse none les montre")
  }
  /// The same, in the overview.
  func moreBoxes(_ count: Int) -> String {
    count == 1
      ? word("… and one box of several values", "… et une boîte de plusieurs valeurs")
      : word("… and \(count) boxes of several values", "… et \(count) boîtes de plusieurs valeurs")
  }
  func gradientsThroughBoxes(_ count: Int) -> String {
    count == 1
      ? word(
        "one more gradient has no formula here: the option collapse none shows how it comes about",
        "encore un gradient, sans formule ici : l’option collapse none montre d’où il vient")
      : word(
        "\(count) more gradients have no formula here: the option collapse none shows how they come about",
        "encore \(count) gradients, sans formule ici : l’option collapse none montre d’où ils viennent")
  }
}
