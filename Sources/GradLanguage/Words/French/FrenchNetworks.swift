extension FrenchMessages {
  /// Layers, convolutions, attention, recurrent networks, normalizations.
  static let layers: KeyValuePairs = [
    "a layer must be declared with `dense`, or one of {~}":
      "une couche se déclare par `dense`, ou par l’une de ces fonctions : {}",
    "a layer takes a vector or a matrix with one row per sample":
      "une couche prend un vecteur, ou une matrice d’une ligne par donnée",
    "one feature per sample is a matrix with one column: `[[1], [2]]`":
      "une caractéristique par donnée est une matrice d’une colonne : `[[1], [2]]`",
    "`embedding` takes a vector or rows of numbers": "`embedding` prend un vecteur ou des lignes de nombres",
    "a layer of attention takes one operand, which attends to itself":
      "une couche d’attention prend un seul opérande, qui porte attention à lui-même",
    "`attention(q, k, v)` outside a `layer` line takes queries, keys and values":
      "`attention(q, k, v)` hors d’une ligne `layer` prend des requêtes, des clés et des valeurs",
    "`{}` takes positions × features, or samples × positions × features":
      "`{}` prend positions × caractéristiques, ou données × positions × caractéristiques",
    "`reshape` gives an array these axes": "`reshape` donne ces axes à un tableau",
    "the weight has {#} channels, the first operand {#}": "le poids a {} canaux, le premier opérande {}",
    "the weight has {#} channels for each of {#} groups, the first operand {#}":
      "le poids a {} canaux pour chacun des {} groupes, le premier opérande {}",
    "the bias has an entry for each of {#} outputs": "le biais a un élément pour chacune des {} sorties",
    "`{}` takes samples × channels × length and a weight of outputs × channels × width":
      "`{}` prend données × canaux × longueur et un poids sorties × canaux × largeur",
    "`{}` takes samples × channels × rows × columns and a weight of outputs × channels × height × width":
      "`{}` prend données × canaux × lignes × colonnes et un poids sorties × canaux × hauteur × largeur",
    "`{}` takes samples × channels × rows × columns": "`{}` prend données × canaux × lignes × colonnes",
    "a window of {#} does not fit into an axis of {#}": "une fenêtre de {} ne tient pas dans un axe de {}",
    "`padding` adds zeros around it": "`padding` l’entoure de zéros",
    "`pad` adds numbers around an array": "`pad` entoure un tableau de nombres",
    "this {~}, but there are {#} features": "ceci {}, mais il y a {} caractéristiques",
    "a scale and a shift have an entry for each feature":
      "une échelle et un décalage ont un élément par caractéristique",
    "the dropout probability must be at least 0 and below 1":
      "une probabilité de dropout est d’au moins 0 et au-dessous de 1",
    "it is the share of the entries that become 0": "c’est la part des éléments qui deviennent 0",
    "the queries {~}, the keys {~}, the values {~}":
      "le tableau des requêtes {}, celui des clés {}, celui des valeurs {}",
    "all are positions × features, with as many keys as values and queries as wide as keys":
      "toutes : positions × caractéristiques, autant de clés que de valeurs, et des requêtes aussi larges que les clés",
    "`mask` is `causal` or `none`": "`mask` vaut `causal` ou `none`",
    "{#} heads do not divide {#} features": "{} têtes ne se partagent pas {} caractéristiques",
    "the weight of the state {~}, but is width × width": "le poids de l’état {}, mais devrait être largeur × largeur",
    "the weight of the state {~}, but is width × {#} · width":
      "le poids de l’état {}, mais devrait être largeur × {} · largeur",
    "the weight of the inputs {~}, but is {#} here": "le poids des entrées {}, mais devrait être de forme {} ici",
    "the bias has {#} entries": "le biais doit avoir {} éléments",
    "`{}` takes steps × inputs, or samples × steps × inputs": "`{}` prend pas × entrées, ou données × pas × entrées",
    "`{}` runs over at most {#} steps": "`{}` parcourt {} pas au plus",
    "`{}` must have {#} entries, but this {~}": "`{}` doit avoir {} éléments, mais ceci {}",
    "`{}` must have {#} entries, or is {#}, but this {~}":
      "`{}` doit avoir {} éléments, ou être de forme {}, mais ceci {}",
  ]

  /// Losses, metrics and the targets that they accept.
  static let losses: KeyValuePairs = [
    "{~}: a loss compares entry by entry": "{} : une perte compare élément par élément",
    "`{}` is a vector": "`{}` est un vecteur",
    "`{}` takes probabilities from 0 to 1, not {#}": "`{}` prend des probabilités de 0 à 1, pas {}",
    "`{}` takes targets from 0 to 1, not {#}": "`{}` prend des sorties attendues de 0 à 1, pas {}",
    "`{}` takes the logarithms of probabilities, one row per sample":
      "`{}` prend les logarithmes de probabilités, une ligne par donnée",
    "`{}` takes scores, one row per sample": "`{}` prend des scores, une ligne par donnée",
    "`ignore_index` is one of the class numbers, and these targets are rows of weights":
      "`ignore_index` est l’un des numéros de classe, et ces sorties attendues sont des lignes de poids",
    "the classes are a `target` of whole numbers, or rows of `one_hot`":
      "les classes sont un `target` de nombres entiers, ou des lignes de `one_hot`",
    "{~}: every sample needs a class": "{} : il faut une classe à chaque donnée",
    "{~}: every sample needs scores and a target": "{} : il faut des scores et une sortie attendue à chaque donnée",
    "{#} is not one of the classes 0 to {#}": "{} n’est pas une des classes 0 à {}",
    "if classes count from 1, write `{}`": "si les classes se comptent à partir de 1, écrivez `{}`",
    "`{}` takes probabilities as its targets, at least 0, not {#}":
      "`{}` prend pour sorties attendues des probabilités, d’au moins 0, pas {}",
    "use `bce_with_logits` for scores before the sigmoid":
      "pour des scores avant la sigmoïde, utilisez `bce_with_logits`",
    "`bce` takes probabilities from 0 to 1; use `bce_with_logits` for scores before the sigmoid":
      "`bce` prend des probabilités de 0 à 1 ; pour des scores avant la sigmoïde, utilisez `bce_with_logits`",
    "`{}` turns −1 and 1 into 0 and 1; `hinge` takes −1 and 1": "`{}` change −1 et 1 en 0 et 1 ; `hinge` prend −1 et 1",
    "`hinge` takes targets −1 and 1, not {#}": "`hinge` prend les sorties attendues −1 et 1, pas {}",
    "`{}` turns 0 and 1 into −1 and 1; `bce` takes 0 and 1": "`{}` change 0 et 1 en −1 et 1 ; `bce` prend 0 et 1",
    "the threshold must be a constant": "le seuil doit être une constante",
    "`accuracy` with one score per sample takes targets 0 and 1 or −1 and 1, not {#}":
      "`accuracy` avec un score par donnée prend les sorties attendues 0 et 1 ou −1 et 1, pas {}",
    "rows of scores take class numbers": "des lignes de scores prennent des numéros de classe",
  ]
}
