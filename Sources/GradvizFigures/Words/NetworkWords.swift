import GradvizGraph

/// The words of a network, in English and French.
extension Words {
  var weightsOfNetwork: String { word("weights", "poids") }
  var weightsAndShares: String { word("shares, weights", "parts, poids") }
  func hiddenNeurons(_ count: Int) -> String {
    count == 1 ? word("hidden neuron", "neurone caché") : word("hidden neurons", "neurones cachés")
  }
  func outputNeurons(_ count: Int) -> String {
    count == 1 ? word("output neuron", "neurone de sortie") : word("output neurons", "neurones de sortie")
  }
  /// The loss's title at its frame: the stage's own may be longer than the frame.
  var lossBadge: String { word("Loss", "Perte") }
  var errorsAndLoss: String { word("loss", "perte") }

  /// What happens in a stage of a network.
  func network(_ stage: Stage, hasActivation: Bool, hasHidden: Bool) -> String {
    switch stage {
    case .forward, .overview, .shares, .accumulation, .forwardMode, .secondOrder:
      hasActivation
        ? word(
          "Each neuron sums its inputs times their weights, plus its bias (net); its activation turns the sum into its value.",
          "Chaque neurone additionne ses entrées, chacune multipliée par son poids, et son biais (net) ; l’activation en tire sa valeur."
        )
        : word(
          "Each neuron sums its inputs times their weights, plus its bias.",
          "Chaque neurone additionne ses entrées, chacune multipliée par son poids, et son biais.")
    case .loss:
      word("The loss compares what comes out with the targets.", "La perte compare ce qui sort avec les cibles.")
    case .backward:
      word(
        "A weight’s gradient = the value that enters it × the gradient of the sum it feeds.",
        "Gradient d’un poids = la valeur qui y entre × le gradient de la somme qu’il alimente.")
        + (hasHidden
          ? word(
            " A hidden neuron adds up what comes back from all that it feeds.",
            " Un neurone caché additionne ce qui revient de tous ceux qu’il alimente.") : "")
    case .update:
      word(
        "Each parameter takes a step against its gradient.", "Chaque paramètre fait un pas à l’opposé de son gradient.")
    }
  }

  func sampleOfNetwork(_ count: Int) -> String {
    word(
      "Sample 1 of \(Self.grouped(count)); gradients of weights and biases are sums over all \(Self.grouped(count)).",
      "Donnée 1 sur \(Self.grouped(count)) ; les gradients des poids et des biais sont des sommes sur les \(Self.grouped(count))."
    )
  }
  func stepsOfLoss(_ count: Int) -> String {
    count == 1
      ? word(
        "One step of the loss is not drawn (level scalar).", "Une étape de la perte n’est pas dessinée (level scalar).")
      : word(
        "Not drawn: \(count) steps of the loss (level scalar).",
        "Non dessinées : \(count) étapes de la perte (level scalar).")
  }
  var linesOfNetwork: String {
    word(
      "Lines without numbers: as wide as the weight, colored by its gradient in the backward pass; the numbers are below.",
      "Traits sans nombres : largeur du poids, couleur de son gradient à la rétropropagation ; les nombres sont dessous."
    )
  }
  func othersLikewise(_ count: Int) -> String {
    word(
      "The first neuron of each layer; \(count) more gradients likewise (option: formulas all)",
      "Le premier neurone de chaque couche ; encore \(count) gradients de même (option : formulas all)")
  }
  var otherSamples: String { word("other samples", "autres données") }
  var discsOfNetwork: String {
    word(
      "Discs: one neuron each; `only` with its name shows its numbers.",
      "Disques : un neurone chacun ; `only` avec son nom montre ses nombres.")
  }

  func sharesOfSamples(_ title: String, _ count: Int) -> String {
    word(
      "\(title). What each of the \(count) samples adds to the gradient of each parameter.",
      "\(title). Ce que chacune des \(count) données ajoute au gradient de chaque paramètre.")
  }
}
