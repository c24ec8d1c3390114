extension FrenchMessages {
  /// Shapes, axes, indices, and what arranges or joins arrays.
  static let arrays = [
    "`approximate` is \"tanh\" or \"none\"": "`approximate` vaut \"tanh\" ou \"none\"",
    "the lower bound is not below the upper one": "la borne inférieure n’est pas au-dessous de la borne supérieure",
    "`{}` needs an axis": "il faut un axe à `{}`",
    "`cumsum` runs over at most {#} entries of an axis": "`cumsum` parcourt {} éléments d’un axe au plus",
    "a norm has order 1 or 2": "une norme est d’ordre 1 ou 2",
    "the order of axes names each of 0 to {#} once": "l’ordre des axes nomme une fois chacun de 0 à {}",
    "an array has at most {#} axes": "un tableau a {} axes au plus",
    "{~}, which does not make {#}": "{}, ce qui ne donne pas {}",
    "{~}, which does not make ": "{}, ce qui ne donne pas un scalaire",
    "one size may be -1: what remains": "une taille peut être -1 : ce qui reste",
    "`unsqueeze` needs the place of the new axis": "il faut à `unsqueeze` la place du nouvel axe",
    "axis {#} is out of range: the result has {#} axes": "l’axe {} n’existe pas : le résultat a {} axes",
    "axis {#} is out of range: the result has {#} axis": "l’axe {} n’existe pas : le résultat a {} axe",
    "axis {#} is out of range: {~}": "l’axe {} n’existe pas : {}",
    "a vector has axis 0": "un vecteur a l’axe 0",
    "a matrix has axes 0 (down) and 1 (across)": "une matrice a les axes 0 (de haut en bas) et 1 (de gauche à droite)",
    "an axis is named twice": "un axe est nommé deux fois",
    "`repeat(x, 2, axis=0)`; `repeat(reshape(x, -1), 2)` has no others":
      "`repeat(x, 2, axis=0)` ; `repeat(reshape(x, -1), 2)` n’en a pas d’autre",
    "`tile` takes how many times each axis is repeated": "`tile` prend le nombre de répétitions de chaque axe",
    "the number of times is at least 1, not {#}": "le nombre de répétitions est d’au moins 1, pas {}",
    "this would have more than {#} entries": "ceci aurait plus de {} éléments",
    "this would have {#} entries, more than {#}": "ceci aurait {} éléments, plus que {}",
    "this brings the program's values to more than {#} entries in total":
      "avec ceci, les valeurs du programme ont plus de {} éléments en tout",
    "a forward pass takes more than {#} operations": "une propagation avant demande plus de {} opérations",
    "the widths must be constant whole numbers": "les largeurs doivent être des nombres entiers constants",
    "`pad` puts one number around an array": "`pad` met un même nombre autour d’un tableau",
    "`value=0` says which": "`value=0` dit lequel",
    "PyTorch's `pad` takes a pair for each axis from the last one on, for at most {#}":
      "le `pad` de PyTorch prend une paire par axe à partir du dernier, pour {} au plus",
    "`pad` takes a pair for each axis": "`pad` prend une paire par axe",
    "a width is at least 0, not {#}": "une largeur est d’au moins 0, pas {}",
    "a slice makes an array smaller: `x[1:]`": "une tranche rend un tableau plus petit : `x[1:]`",
    "the number of points is at least 1": "le nombre de points est d’au moins 1",
    "`arange` is empty": "`arange` est vide",
    "`arange(0, 4)` is 0, 1, 2, 3": "`arange(0, 4)` est 0, 1, 2, 3",
    "`stack` takes arrays of one shape: this {~}, the first {~}":
      "`stack` prend des tableaux de même forme : celui-ci {}, le premier {}",
    "`concat` takes arrays, not scalars": "`concat` prend des tableaux, pas des scalaires",
    "a list `[a, b]` makes a vector of scalars": "une liste `[a, b]` fait un vecteur de scalaires",
    "this {~}, the first {~}: they may differ only in axis {#}":
      "celui-ci {}, le premier {} : ils ne peuvent différer que selon l’axe {}",
    "the arrays are too large": "les tableaux sont trop grands",
    "the mask {~}, the values {#} and {#}: they do not broadcast":
      "le masque {}, les valeurs sont de formes {} et {} : la diffusion ne les accorde pas",
    "the mask {~}, the values {} and {}: they do not broadcast":
      "le masque {}, les valeurs sont de formes {} et {} : la diffusion ne les accorde pas",
    "`correction` is below the number of entries, {#}": "`correction` est inférieur au nombre d’éléments, {}",
    "1 estimates a variance from samples, 0 is that of the entries themselves":
      "1 estime une variance à partir d’un échantillon, 0 est celle des éléments eux-mêmes",
    "an index has at most one `...`": "un indice a un seul `...` au plus",
    "a mask selects no entries": "un masque ne choisit pas d’éléments",
    "write `{}`, or `{}`": "écrivez `{}`, ou `{}`",
    "an index must be a constant whole number": "un indice doit être un nombre entier constant",
    "index {#} is out of range: {~}": "l’indice {} n’existe pas : {}",
    "use 0 to {#}, or -1 for the last": "utilisez de 0 à {}, ou -1 pour le dernier",
    "an index takes one list of positions": "un indice prend une seule liste de positions",
    "index twice: `x[[0, 2]][:, [1, 3]]`; `nll(q, y)` takes the class of each row":
      "prenez deux indices : `x[[0, 2]][:, [1, 3]]` ; `nll(q, y)` prend la classe de chaque ligne",
    "the ends of a slice must be constant whole numbers":
      "les bornes d’une tranche doivent être des nombres entiers constants",
    "the step of a slice cannot be 0": "le pas d’une tranche ne peut pas être 0",
    "the slice is empty: the axis has positions 0 to {#}": "la tranche est vide : l’axe a les positions 0 à {}",
    "the second number is excluded: `x[0:2]` is positions 0 and 1":
      "le second nombre n’est pas compris : `x[0:2]` donne les positions 0 et 1",
    "{~} and takes no index": "{} et ne prend pas d’indice",
    "{~} and takes at most {#} index, not {#}": "{} et prend {} indice au plus, pas {}",
    "{~} and takes at most {#} indices, not {#}": "{} et prend {} indices au plus, pas {}",
    "a table has rows, but {~}": "une table a des lignes, mais {}",
    "the numbers of rows must be constants or an input":
      "les numéros de lignes doivent être des constantes ou une entrée",
    "they have no gradient": "ils n’ont pas de gradient",
    "rows by the numbers of an input are those of a matrix":
      "les lignes que choisissent les nombres d’une entrée sont celles d’une matrice",
    "{#} is not one of the rows 0 to {#}": "{} n’est pas une des lignes 0 à {}",
    "the list is empty": "la liste est vide",
    "it needs at least one number": "il lui faut au moins un nombre",
    "the list is ragged: this row {~}, the first {~}": "la liste est irrégulière : cette ligne {}, la première {}",
    "all rows need the same number of entries": "toutes les lignes doivent avoir le même nombre d’éléments",
    "a matrix is a list of rows": "une matrice est une liste de lignes",
    "{~}: sizes {#} and {#} do not match": "{} : les tailles {} et {} ne s’accordent pas",
    "{~}: the sizes do not match": "{} : les tailles ne s’accordent pas",
    "{~}: `@` multiplies vectors and matrices": "{} : `@` multiplie des vecteurs et des matrices",
    "multiply by a scalar with `*`": "multipliez par un scalaire avec `*`",
    "its transpose `{}` fits": "sa transposée `{}` convient",
    "the transpose `{}` fits": "la transposée `{}` convient",
    "{~}: the inner sizes {#} and {#} differ": "{} : les tailles intérieures {} et {} diffèrent",
  ]
}
