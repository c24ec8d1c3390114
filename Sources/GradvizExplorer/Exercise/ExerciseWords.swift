import GradvizFigures

/// The words of an exercise's page besides those of the explorer.
extension PageWords {
  private func word(_ english: String, _ french: String) -> String { words.word(english, french) }

  var exercise: String { word("exercise", "exercice") }
  var yourAnswers: String { word("Your answers", "Vos réponses") }
  var howToAnswer: String {
    word(
      "Type each missing number and press Enter; fractions such as −2/3 are numbers as well. Right is within 1 %.",
      "Tapez chaque nombre manquant, puis Entrée ; une fraction comme −2/3 est aussi un nombre. Juste à 1 % près.")
  }
  var startOver: String { word("Start over", "Recommencer") }
  var answersNeedScript: String {
    word(
      "Where scripts may not run, this page is a sheet to print.",
      "Là où les scripts ne sont pas permis, cette page est une feuille à imprimer.")
  }

  func unknownOperation(_ name: String) -> String {
    word("no page: its script cannot compute `\(name)`", "pas de page : son script ne sait pas calculer `\(name)`")
  }

  /// What the script says, by the names that it knows.
  var exerciseScript: [(key: String, value: JSONText)] {
    func text(_ key: String, _ english: String, _ french: String) -> (key: String, value: JSONText) {
      (key, .text(word(english, french)))
    }
    return [
      (
        "more",
        .object([
          text("all", "All done!", "Tout est fait !"),
          text(
            "output",
            "You took the derivative of {k} at its output. It is taken at its input, {i}.",
            "Vous avez pris la dérivée de {k} en sa sortie. Elle se prend en son entrée, {i}."),
          text(
            "input",
            "You put {i} into the derivative of {k} in place of {k}: this derivative is written with the output.",
            "Vous avez mis {i} dans la dérivée de {k} à la place de {k} : cette dérivée s’écrit avec la sortie."),
          text(
            "times", "You multiplied by the exponent. {i} is {f}.", "Vous avez multiplié par l’exposant. {i} est {f}."),
          text(
            "sign", "Right number, wrong sign: {i} is {f}.", "Le bon nombre, mais le mauvais signe : {i} est {f}."),
          text(
            "swapped", "The other way round: {i} is {f}.", "Dans l’autre sens : {i} est {f}."),
          text("multiplied", "You multiplied. {i} is {f}.", "Vous avez multiplié. {i} est {f}."),
          text("summed", "You added. {i} is {f}.", "Vous avez ajouté. {i} est {f}."),
          text("operand", "That is one operand only. {i} is {f}.", "C’est un seul opérande. {i} est {f}."),
          text("missing", "A term is missing. {i} is {f}.", "Il manque un terme. {i} est {f}."),
          text("unchanged", "That is the operand. {i} is {f}.", "C’est l’opérande. {i} est {f}."),
          text("gradient", "That is the gradient of {i}, not its value.", "C’est le gradient de {i}, pas sa valeur."),
          text("other", "Not yet. {i} is {f}.", "Pas encore. {i} est {f}."),
        ])
      )
    ]
  }
}
