extension FrenchMessages {
  /// Settings, optimizers, batches, training, and what the numbers of a step become.
  static let settings: KeyValuePairs = [
    "`{}` is already set on line {~}": "`{}` est déjà réglé à la ligne {}",
    "wider figures continue in a second row": "une figure plus large continue sur une seconde rangée",
    "1 is its own size": "1 est sa taille propre",
    "it counts the pixels of an inch, which is 72 points": "elle compte les pixels d’un pouce, qui fait 72 points",
    "unknown value `{}` for `{}`": "valeur inconnue pour `{2}` : `{1}`",
    "the precision must be a whole number from 1 to 12": "la précision doit être un nombre entier de 1 à 12",
    "it is the number of significant digits": "c’est le nombre de chiffres significatifs",
    "the rate must be a positive constant": "le taux d’apprentissage doit être une constante positive",
    "0.1 is a common choice; `step` is the step number, starting at 0":
      "0.1 est un choix courant ; `step` est le numéro du pas, à partir de 0",
    "0.1 is a common choice": "0.1 est un choix courant",
    "in step {#}, it is {#}": "au pas {}, il vaut {}",
    "the schedule `{}` needs `{}`": "il faut `{2}` à l’évolution `{1}`",
    "expected the name of a optimizer": "il faut ici le nom d’un optimiseur",
    "expected the name of a schedule": "il faut ici le nom d’une évolution",
    "unknown optimizer `{}`": "optimiseur inconnu : `{}`",
    "unknown schedule `{}`": "évolution inconnue : `{}`",
    "expected a label": "il faut une étiquette ici",
    "`{}` has no option `{}`": "`{}` n’a pas d’option `{}`",
    "the holdout must be a fraction between 0 and 1": "la part de test doit être une fraction entre 0 et 1",
    "the seed must be a whole number": "la graine doit être un nombre entier",
    "the rate is given twice, here and on line {~}": "le taux est donné deux fois, ici et à la ligne {}",
    "remove one": "supprimez l’un des deux",
    "the rate already depends on `step`": "le taux dépend déjà de `step`",
    "remove the schedule": "supprimez l’évolution",
    "the program has no samples to choose from": "le programme n’a pas de données parmi lesquelles choisir",
    "declare an `input` with one row per sample": "déclarez un `input` d’une ligne par donnée",
    "a batch of {#} is larger than the {#} training samples":
      "un lot de {} est plus grand que les {} données d’entraînement",
    "the program has no samples to choose from: the layer `{}` takes the {#} numbers of {*} together":
      "le programme n’a pas de données parmi lesquelles choisir : la couche `{}` prend ensemble les {} nombres de {}",
    "the recording takes {#} samples, not {#}": "l’enregistrement prend {} données, pas {}",
    "the program cannot be recorded with {#} of its {#} samples":
      "le programme ne peut pas être enregistré avec {} de ses {} données",
    "the program has no samples": "le programme n’a pas de données",
    "there is no sample {#}: the program has 0 to {#}": "il n’y a pas de donnée {} : le programme a les données 0 à {}",
  ]

  /// What commands say of a program as a whole: training, plots, variants, saved parameters, numbers that are not finite.
  static let runs: KeyValuePairs = [
    "forward pass: {*} is {#}": "propagation avant : {} vaut {}",
    "backward pass: {*} passes back {#}": "rétropropagation : {} renvoie {}",
    "update: {*} becomes {#}": "mise à jour : {} devient {}",
    "{~}, though {} is finite": "{}, alors que {} est fini",
    "{~}, though {} and {} are finite": "{}, alors que {} et {} sont finis",
    "{~}, though {} is finite ({})": "{}, alors que {} est fini ({})",
    "{~}, though {} and {} are finite ({})": "{}, alors que {} et {} sont finis ({})",
    "{~}, though each of them is finite": "{}, alors que chaque part est finie",
    "a constant": "une constante",
    "the sum over the uses of {*}": "la somme sur les utilisations de {}",
    "the sum over the uses of a value": "la somme sur les utilisations d’une valeur",
    "the program has no `loss`, so there is nothing to train":
      "le programme n’a pas de `loss`, il n’y a donc rien à entraîner",
    "the program has no `loss`, so there is no derivative":
      "le programme n’a pas de `loss`, il n’y a donc pas de dérivée",
    "the program has no `param` and no `layer`, so there is nothing to train":
      "le programme n’a ni `param` ni `layer`, il n’y a donc rien à entraîner",
    "the program has no `param` with a gradient to compare":
      "le programme n’a pas de `param` dont comparer le gradient",
    "unknown parameter or input `{}`": "paramètre ou entrée inconnus : `{}`",
    "unknown parameter `{}`": "paramètre inconnu : `{}`",
    "expected one of {}": "au choix : {}",
    "expected one of {} and {#} more": "au choix : {}, et {} de plus",
    "a landscape needs a program whose parameters hold at most 16 numbers":
      "un paysage demande un programme dont les paramètres ont 16 nombres au plus",
    "a landscape takes two parameters": "un paysage prend deux paramètres",
    "there is no depth plot: it needs a layer with relu, tanh or sigmoid before the loss":
      "il n’y a pas de courbe en profondeur : il faut une couche avec relu, tanh ou sigmoid avant la perte",
    "the saved parameters have no `{}`": "les paramètres enregistrés n’ont pas de `{}`",
    "the program has {~}": "le programme a {}",
    "the program has {~}, …": "le programme a {}, …",
    "it has {~}": "il a {}",
    "it has {~}, …": "il a {}, …",
    "the saved `{}` has the shape {*}, that of the program {*}":
      "le `{}` enregistré a la forme {}, celui du programme {}",
    "a scalar": "scalaire",
    "the program has no parameter `{}`": "le programme n’a pas de paramètre `{}`",
    "the saved parameters have no `{}` of {#} numbers": "les paramètres enregistrés n’ont pas de `{}` de {} nombres",
    "the program has {#} batch normalizations, the saved parameters {#}":
      "le programme a {} normalisations par lot, les paramètres enregistrés {}",
    "{#} variants cannot be made": "{} variantes ne peuvent pas être faites",
    "variants are made of numbers, and this program has too many":
      "les variantes sont faites de nombres, et ce programme en a trop",
    "the program has no parameter, input or target to vary":
      "le programme n’a ni paramètre, ni entrée, ni sortie attendue à faire varier",
    "no small numbers were found that the program can be computed with":
      "on n’a pas trouvé de petits nombres avec lesquels le programme se calcule",
    "only {#} variants were found whose numbers are all short":
      "on n’a trouvé que {} variantes dont tous les nombres sont courts",
    "ask for fewer": "demandez-en moins",
    "checking takes {#} forward passes, more than {#} operations in all":
      "la vérification demande {} propagations avant, plus de {} opérations en tout",
    "these are not saved parameters, an object with `version` and `parameters`":
      "ce ne sont pas des paramètres enregistrés, un objet avec `version` et `parameters`",
    "the figure would have {#} boxes, more than {#}": "la figure aurait {} boîtes, plus que {}",
    "the figure would have {#} arrows, more than {#}": "la figure aurait {} flèches, plus que {}",
    "the figure's arrows would pass {#} ranks, more than {#}":
      "les flèches de la figure traverseraient {} rangs, plus que {}",
    "`{}` draws it anyway": "`{}` la dessine quand même",
    "`{}` folds it, `{}` draws it anyway": "`{}` la replie, `{}` la dessine quand même",
    "a figure is at most {#} points wide": "une figure a {} points de large au plus",
    "there is no value `{}`": "il n’y a pas de valeur `{}`",
    "there is no module `{}`": "il n’y a pas de module `{}`",
    "none has a name": "rien n’y porte de nom",
    "there is no step {#}: the backward pass has steps 1 to {#}":
      "il n’y a pas d’étape {} : la rétropropagation a les étapes 1 à {}",
    "steps are those of the backward pass, not of `{}`": "les étapes sont celles de la rétropropagation, non de `{}`",
    "a {} figure cannot be replayed": "une figure {} ne se rejoue pas",
    "the drawing was cancelled": "le dessin a été interrompu",
    "an exercise has at most {#} values, and this program has {#}":
      "un exercice a {} valeurs au plus, et ce programme en a {}",
    "an exercise is made of numbers, and this is a graph of arrays":
      "un exercice est fait de nombres, et ce graphe est fait de tableaux",
    "the program has no gradients to fill in, as it has no `loss`":
      "le programme n’a pas de gradients à compléter, puisqu’il n’a pas de `loss`",
    "the program computes no values to fill in; results of functions such as tanh are given":
      "le programme ne calcule aucune valeur à compléter ; les résultats de fonctions comme tanh sont donnés",
    "`{}` is given and has no gradient: nothing of it can be filled in":
      "`{}` est donné et n’a pas de gradient : il n’y a rien à y compléter",
    "the graph has arrays, and neurons are drawn from numbers; only a program has both":
      "le graphe a des tableaux, et les neurones se dessinent à partir de nombres ; seul un programme a les deux",
    "there are no neurons: they are sums of values times parameters, layer by layer, as in `{}`":
      "il n’y a pas de neurones : ce sont des sommes de valeurs fois des paramètres, couche par couche, comme `{}`",
    "a graph is one step; training needs a program (`.grad`)":
      "un graphe est un seul pas ; l’entraînement demande un programme (`.grad`)",
    "a graph has its own numbers; `{}` needs a program": "un graphe a ses propres nombres ; `{}` demande un programme",
    "a graph has its own numbers; `{}` needs the program that was trained":
      "un graphe a ses propres nombres ; `{}` demande le programme qui a été entraîné",
    "the graph has no gradient of `{}` with {#} entries": "le graphe n’a pas de gradient de `{}` de {} éléments",
    "`{}` is {#} there and {#} in the program: the gradients are those of different points":
      "`{}` y vaut {} et, dans le programme, {} : ces gradients sont ceux de points différents",
  ]
}
