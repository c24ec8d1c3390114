extension FrenchMessages {
  /// Calls, their arguments, and what they mean in Python's libraries.
  static let calls: KeyValuePairs = [
    "`{}` has no argument `{}`": "`{}` n’a pas d’argument `{}`",
    "`{}` cannot be used as a value": "`{}` ne peut pas servir de valeur",
    "text cannot be used as a value": "un texte ne peut pas servir de valeur",
    "only `csv` takes text": "seul `csv` prend un texte",
    "`{}` does what training does in training, and what evaluation does there":
      "`{}` fait à l’entraînement ce qui vaut pour l’entraînement, et à l’évaluation ce qui vaut pour elle",
    "`{}` of {#} axes is along axis {#} in PyTorch, and along the last one here":
      "`{}` de {} axes va le long de l’axe {} dans PyTorch, et le long du dernier ici",
    "`{}` is along axis 1 in PyTorch, and along the last one here":
      "`{}` va le long de l’axe 1 dans PyTorch, et le long du dernier ici",
    "`{}` has the classes along axis 1 in PyTorch, and along the last one here":
      "`{}` a les classes le long de l’axe 1 dans PyTorch, et le long du dernier ici",
    "`{}` has a row for each choice": "`{}` a une ligne pour chaque choix",
    "`{}` is an approximation in JAX": "`{}` est une approximation dans JAX",
    "write `{}`, or `gelu(x)` for x · Φ(x)": "écrivez `{}`, ou `gelu(x)` pour x · Φ(x)",
    "`{}` has another slope in Keras": "`{}` a une autre pente dans Keras",
    "say which: `leaky_relu(x, negative_slope=0.2)`": "dites laquelle : `leaky_relu(x, negative_slope=0.2)`",
    "`{}` takes the target first, and gives a number for each row":
      "`{}` prend d’abord la sortie attendue, et donne un nombre par ligne",
    "`{}` of an order is a norm of the matrix as a map":
      "`{}` d’un ordre est une norme de la matrice en tant qu’application",
    "`norm(x)` is the root of all squares, `norm(x, axis=1)` that of each row":
      "`norm(x)` est la racine de tous les carrés, `norm(x, axis=1)` celle de chaque ligne",
    "`{}` of more than two axes pairs every matrix with every other":
      "`{}` de plus de deux axes multiplie chaque matrice par toutes les autres",
    "`a @ b` pairs them one by one": "`a @ b` les multiplie une à une",
    "`{}` as a method takes the values first": "`{}` en méthode a les valeurs devant",
    "`{}` takes the sizes of the axes that it normalises: here `{}`, the last one":
      "`{}` prend les tailles des axes qu’il normalise : ici `{}`, le dernier",
    "`{}` takes the running mean and variance, which gradviz keeps itself":
      "`{}` prend la moyenne et la variance glissantes, qui sont tenues à jour d’elles-mêmes ici",
    "`{}` is a row of the result, not one of a pair as in PyTorch":
      "`{}` est une ligne du résultat, et non une valeur d’une paire comme dans PyTorch",
    "`{}` is the values; `argmax(x, axis=1)` in a metric is their positions":
      "`{}` donne les valeurs ; `argmax(x, axis=1)` dans une mesure donne leurs positions",
    "`{}` of two values takes no axis": "`{}` de deux valeurs ne prend pas d’axe",
    "with one value, it reduces along the axis": "d’une seule valeur, il réduit le long de l’axe",
    "`{}` has no gradient": "`{}` n’a pas de gradient",
    "use it in a line `{}`": "utilisez-le dans une ligne `{}`",
    "`dense` declares parameters, so it must be the whole line":
      "`dense` déclare des paramètres et doit donc être toute la ligne",
    "`{}` is a value, not a function": "`{}` est une valeur, pas une fonction",
    "unknown function `{}`": "fonction inconnue : `{}`",
    "the axis is given twice": "l’axe est donné deux fois",
    "0 runs down the rows, 1 across the columns": "0 descend les lignes, 1 parcourt les colonnes",
    "`{}` takes a vector or a matrix, not a scalar": "`{}` prend un vecteur ou une matrice, pas un scalaire",
    "`{}` takes an array, not a scalar": "`{}` prend un tableau, pas un scalaire",
    "`{}` takes an array": "`{}` prend un tableau",
    "`{}` takes a matrix": "`{}` prend une matrice",
    "`{}` takes a list of arrays": "`{}` prend une liste de tableaux",
    "`{}` takes constant numbers": "`{}` prend des nombres constants",
    "`{}` takes an array with one row per sample": "`{}` prend un tableau d’une ligne par donnée",
    "`{}` takes vectors or rows of them": "`{}` prend des vecteurs, ou des lignes de vecteurs",
    "`{}` takes sizes": "`{}` prend des tailles",
    "`{}` takes at most {#} sizes, not {#}": "`{}` prend {} tailles au plus, pas {}",
    "expected `True` or `False`": "il faut `True` ou `False` ici",
    "expected the name of a scheme": "il faut ici le nom d’une méthode",
    "expected the name of an activation": "il faut ici le nom d’une activation",
    "unknown scheme `{}`": "méthode inconnue : `{}`",
    "unknown activation `{}`": "activation inconnue : `{}`",
    "the activation is given twice": "l’activation est donnée deux fois",
    "`random` needs a seed, so that every run draws the same numbers":
      "il faut une graine à `random`, pour que chaque exécution tire les mêmes nombres",
    "`standardize` takes constant data": "`standardize` prend des données constantes",
    "`one_hot` takes constant class numbers, such as a vector of them":
      "`one_hot` prend des numéros de classe constants, par exemple un vecteur",
  ]
}
