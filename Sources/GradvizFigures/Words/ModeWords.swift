/// The words of forward mode and of second order, in English and French.
extension Words {
  // Why there is no figure.
  func unknownVariable(_ name: String, _ known: [String]) -> String {
    let list = known.prefix(12).joined(separator: ", ")
    let rest = known.count > 12 ? rest(list, known.count - 12) : list
    return word(
      "unknown parameter or input `\(name)`; expected one of \(rest)",
      "`\(name)` n’est ni un paramètre ni une entrée ; attendu : \(rest)")
  }
  var noVariable: String {
    word(
      "the program has no parameter and no input that the loss depends on",
      "le programme n’a ni paramètre ni entrée dont la perte dépende")
  }
  func withoutLocalDerivative(_ operation: String) -> String {
    word(
      "the local derivatives of `\(operation)` are unknown", "les dérivées locales de `\(operation)` sont inconnues")
  }
  var withoutBackwardFormula: String {
    word(
      "an operation of it has no formula for its derivative, so that its backward pass cannot be recorded",
      "une de ses opérations n’a pas de formule pour sa dérivée : sa rétropropagation ne peut pas être enregistrée")
  }
  func constantGradient(_ loss: String) -> String {
    word(
      "the gradients of \(loss) are the same whatever the parameters are, so that every second derivative is 0",
      "les gradients de \(loss) sont les mêmes quels que soient les paramètres : toutes les dérivées secondes sont nulles"
    )
  }
  func backwardTooLarge(_ count: Int, _ most: Int) -> String {
    word(
      "forward and backward pass together have \(count) values, and the figure takes \(most); draw a smaller program",
      "propagation et rétropropagation ont ensemble \(count) valeurs, et la figure en prend \(most) ; dessinez un programme plus petit"
    )
  }

  // Forward mode.
  func tangentsAndAdjoints(leaf: String, loss: String) -> String {
    word(
      "A tangent goes with each value: how fast it changes with \(leaf). An adjoint comes back to each: how fast \(loss) changes with it.",
      "Une tangente accompagne chaque valeur : à quelle vitesse elle change avec \(leaf). Un adjoint revient à chacune : à quelle vitesse \(loss) change avec elle."
    )
  }
  func forwardMode(_ title: String, leaf: String, loss: String, _ derivative: String) -> String {
    word(
      "\(title). Forward mode from \(leaf) and reverse mode from \(loss) on the same graph: ∂\(loss)/∂\(leaf) = \(derivative) either way.",
      "\(title). Le mode direct depuis \(leaf) et le mode inverse depuis \(loss) sur le même graphe : ∂\(loss)/∂\(leaf) = \(derivative) des deux façons."
    )
  }
  var adjoint: String { word("[adjoint]", "[adjoint]") }
  var carriesTangent: String { word("a tangent goes along", "une tangente passe") }
  var forwardModeName: String { word("Forward mode", "Mode direct") }
  var reverseModeName: String { word("Reverse mode", "Mode inverse") }
  func onePassFrom(_ leaf: String) -> String {
    word(
      "one pass with the values, from \(leaf), gives the tangents of all.",
      "une passe avec les valeurs, depuis \(leaf), donne les tangentes de toutes.")
  }
  func onePassBackFrom(_ loss: String) -> String {
    word(
      "one pass back, from \(loss), gives the adjoints of all.",
      "une passe en retour, depuis \(loss), donne les adjoints de toutes.")
  }
  func passesForGradient(_ passes: Int, variables: Int, areParameters: Bool, loss: String) -> String {
    let count = passes == 1 ? word("1 pass", "1 passe") : word("\(passes) passes", "\(passes) passes")
    let kind =
      areParameters
      ? variables == 1 ? word("parameter", "paramètre") : word("parameters", "paramètres")
      : variables == 1 ? word("input", "entrée") : word("inputs", "entrées")
    return word(
      "For the gradient of \(loss) with respect to \(variables) \(kind): \(count).",
      "Pour le gradient de \(loss) par rapport à \(variables) \(kind) : \(count).")
  }
  var goesForward: String { word("from top to bottom", "de haut en bas") }
  var goesBack: String { word("from bottom to top", "de bas en haut") }
  var seedOfPass: String { word("start", "départ") }
  var sameEitherWay: String { word("either way", "des deux façons") }
  func ofSample(_ number: Int) -> String {
    word(
      "the values of sample \(number), and those of all samples",
      "les valeurs de la donnée \(number), et celles de toutes")
  }

  // Second order.
  func backwardDifferentiated(_ sum: String, loss: String) -> String {
    word(
      "The backward pass of \(loss) is a graph too: its boxes have green edges. A backward pass through it, from \(sum), gives second derivatives.",
      "La rétropropagation de \(loss) est aussi un graphe : ses boîtes sont bordées de vert. Une rétropropagation à travers lui, depuis \(sum), donne des dérivées secondes."
    )
  }
  func secondOrder(_ title: String, _ product: String) -> String {
    word(
      "\(title). The backward pass as a graph of its own, differentiated again: \(product).",
      "\(title). La rétropropagation comme graphe, dérivée à son tour : \(product).")
  }
  var ofBackwardPass: String { word("recorded by the backward pass", "enregistré par la rétropropagation") }
  var secondDerivative: String { word("[second derivative]", "[dérivée seconde]") }
  var hessianTimesVector: String { word("Hessian times a vector", "Hessienne fois un vecteur") }
  var onePassForProduct: String {
    word(
      "one backward pass through the graph of the gradients gives H·v, without the Hessian itself.",
      "une rétropropagation à travers le graphe des gradients donne H·v, sans la hessienne elle-même.")
  }
  var hessian: String { word("The Hessian", "La hessienne") }
  func rowsOfHessian(_ count: Int) -> String {
    word(
      "a row for each gradient, \(count) backward pass\(count == 1 ? "" : "es"); it is symmetric, and each row times v is a number of H·v.",
      "une ligne par gradient, \(count) rétropropagation\(count == 1 ? "" : "s") ; elle est symétrique, et chaque ligne fois v est un nombre de H·v."
    )
  }
  func hessianTooLarge(_ count: Int, _ most: Int) -> String {
    word(
      "The whole Hessian has \(count) × \(count) numbers; it is printed up to \(most) × \(most).",
      "La hessienne entière a \(count) × \(count) nombres ; elle est imprimée jusqu’à \(most) × \(most).")
  }
}
