import GradvizFigures
import GradvizGraph

/// The words of the page in one language, those of the script included.
struct PageWords {
  let words: Words
  private func word(_ english: String, _ french: String) -> String { words.word(english, french) }

  var stages: [String] {
    [
      word("1 Forward pass", "1 Propagation avant"), word("2 Loss", "2 Fonction de perte"),
      word("3 Backward pass", "3 Rétropropagation"),
      word("4 Update", "4 Mise à jour"),
    ]
  }
  var stage: String { word("Stage", "Étape") }
  var steps: String { word("Steps", "Pas à pas") }
  var first: String { word("First step", "Premier pas") }
  var back: String { word("Step back", "Un pas en arrière") }
  var play: String { word("Play", "Lecture") }
  var on: String { word("Step on", "Un pas en avant") }
  var last: String { word("Last step", "Dernier pas") }
  var step: String { word("Step", "Pas") }
  var letters: String { word("Letters", "Lettres") }
  var predict: String { word("Predict", "À vous") }
  var graph: String {
    word(
      "Values of the graph: arrow keys follow the arrows",
      "Valeurs du graphe : les flèches du clavier suivent les flèches")
  }
  var putBack: String { word("Put back", "Remettre") }
  var itsGradient: String { word("Its gradient?", "Son gradient ?") }
  var check: String { word("Check", "Vérifier") }
  var reveal: String { word("Reveal", "Montrer") }
  var next: String { word("Next", "Suivant") }
  var nudge: String { word("Nudge", "Un petit pas") }
  var stepSize: String { word("step", "pas") }
  var descent: String { word("Gradient descent", "Descente de gradient") }
  var tryNumbers: String { word("Try other numbers", "Essayer d’autres nombres") }
  var learningRate: String { word("learning rate", "taux d’apprentissage") }
  var oneUpdate: String { word("1 update", "1 mise à jour") }
  var tenUpdates: String { word("10 updates", "10 mises à jour") }
  var run: String { word("Run", "Lancer") }
  var undo: String { word("Undo", "Annuler") }
  var reset: String { word("Reset", "Remettre à zéro") }
  var withoutScript: String {
    word(
      "This page can be stepped through and changed where scripts may run; without them it is this complete figure.",
      "Cette page se parcourt et se modifie là où les scripts sont permis ; sans eux, c’est cette figure complète.")
  }
  var changed: String { word("Changed:", "Modifié :") }
  var chainRule: String { word("Chain rule", "Dérivation en chaîne") }
  var update: String { word("Update", "Mise à jour") }
  var columns: [String] {
    [word("before", "avant"), "gradient", word("step", "pas"), word("after", "après")]
  }
  var explorer: String { word("explorer", "explorateur") }
  /// Of arrays that are too large to be computed.
  var numbersAreGiven: String {
    word(
      "This page does not compute arrays of this size: its numbers are the given ones, and of large arrays some of them.",
      "Cette page ne calcule pas de tableaux de cette taille : ses nombres sont ceux donnés, et une partie des grands.")
  }
  /// Of an optimizer that the page does not compute.
  var ruleIsGiven: String {
    word(
      "This page does not compute this optimizer: the update is that of the given numbers.",
      "Cette page ne calcule pas cet optimiseur : la mise à jour est celle des nombres donnés.")
  }
  func more(_ count: Int) -> String { word("and \(count) more", "et encore \(count)") }

  // MARK: Why there is no page

  var withoutLoss: String {
    word(
      "there is no explorer: the program has no `loss`", "il n’y a pas d’explorateur : le programme n’a pas de `loss`")
  }
  func tooMany(_ count: Int, most: Int) -> String {
    word(
      "the explorer shows up to \(most) values, and this program has \(count)",
      "l’explorateur montre jusqu’à \(most) valeurs, et ce programme en a \(count)")
  }
}

extension PageWords {
  /// What the script says, by the names that it knows.
  var script: [(key: String, value: JSONText)] {
    func text(_ key: String, _ english: String, _ french: String) -> (key: String, value: JSONText) {
      (key, .text(word(english, french)))
    }
    return [
      ("mark", .text(words.mark == .comma ? "," : ".")), ("separator", .text(words.separator)),
      ("colon", .text(words.colon)), ("semicolon", .text(words.semicolon)),
      ("stages", .list(stages.map { .text($0) })), text("step", "step {} of {}", "étape {} sur {}"),
      text("before", "nothing computed yet", "rien n’est encore calculé"),
      text(
        "given", "Given: the inputs and the parameters. Nothing is computed yet.",
        "Donnés : les entrées et les paramètres. Rien n’est encore calculé."),
      text("sample", "sample", "donnée"), text("gradient", "gradient", "gradient"), text("times", "times", "fois"),
      text("plus", "plus", "plus"), text("gradientOf", "The gradient of {} is", "Le gradient de {} est"),
      text("more", "and {} more", "et encore {}"),
      text(
        "predictSay", "These gradients are for you to find: choose a value marked [ ? ].",
        "Ces gradients sont à trouver : choisissez une valeur marquée [ ? ]."),
      text(
        "updated",
        "Each parameter takes a small step against its gradient (learning rate {}): the loss goes from {} to {} with one more forward pass.",
        "Chaque paramètre fait un petit pas à l’opposé de son gradient (taux d’apprentissage {}) : la perte passe de {} à {} après une nouvelle propagation avant."
      ),
      text(
        "updatedByRule",
        "Each parameter moves by the optimizer’s rule (learning rate {}): the loss goes from {} to {} with one more forward pass.",
        "Chaque paramètre suit la règle de l’optimiseur (taux d’apprentissage {}) : la perte passe de {} à {} après une nouvelle propagation avant."
      ),
      ("stored", .text(numbersAreGiven)),
      text(
        "unknownRule", "This page does not compute this optimizer: put the numbers back to see the update.",
        "Cette page ne calcule pas cet optimiseur : remettez les nombres pour voir la mise à jour."),
      (
        "roles",
        .object([
          text("input", "input", "entrée"), text("target", "target", "cible"),
          text("parameter", "parameter", "paramètre"),
          text("prediction", "prediction", "prédiction"), text("loss", "loss", "perte"),
          text("constant", "constant", "constante"), text("intermediate", "intermediate value", "valeur intermédiaire"),
        ])
      ),
      text("pick", "Choose a value", "Choisissez une valeur"),
      text(
        "pickHow",
        "Point at a box, click it, or move to the graph with Tab and walk with the arrow keys. Drag an input or a parameter sideways to change its number.",
        "Pointez une boîte, cliquez dessus, ou allez au graphe avec Tab et déplacez-vous avec les flèches. Faites glisser une entrée ou un paramètre vers la gauche ou la droite pour changer son nombre."
      ),
      (
        "whole",
        .list([
          .text(word("The forward pass computes", "La propagation avant calcule")),
          .text(word("The loss is", "La perte vaut")),
          .text(
            word(
              "The backward pass carries the gradient from the loss back:",
              "La rétropropagation ramène le gradient depuis la perte :")),
        ])
      ),
    ] + inspector(text) + training(text) + [("slips", .object(slips(text)))]
  }

  private typealias Entry = (_ key: String, _ english: String, _ french: String) -> (key: String, value: JSONText)

  private func inspector(_ text: Entry) -> [(key: String, value: JSONText)] {
    [
      text("value", "Value", "Valeur"), text("gradientHead", "Gradient", "Gradient"),
      text("local", "Local derivatives of this operation", "Dérivées locales de cette opération"),
      text("means", "{} + {} changes {} by about {}.", "{} + {} change {} d’environ {}."),
      text("paths", "Paths to the loss: {}", "Chemins vers la perte : {}"), text("together", "Together:", "Ensemble :"),
      text(
        "morePaths", "and {} more paths; the sum over all of them is the gradient.",
        "et encore {} chemins ; la somme sur tous est le gradient."),
      text(
        "exact", "Exactly what the gradient says: over this step the loss is a straight line.",
        "Exactement ce que dit le gradient : sur ce pas la perte est une droite."),
      text(
        "bent", "Not exactly: the curve bends ({} more). A smaller step comes closer.",
        "Pas exactement : la courbe n’est pas droite ({} de plus). Un pas plus petit s’en approche."),
      text("as", "{} as {} changes", "{} quand {} change"), text("slope", "slope", "pente"),
      text("plot", "{} as {} changes; at {} the slope is {}", "{} quand {} change ; en {} la pente est {}"),
    ]
  }

  private func training(_ text: Entry) -> [(key: String, value: JSONText)] {
    [
      text("after", "updates: {}", "mises à jour : {}"),
      text("curve", "The loss went from {} to {}; updates: {}.", "La perte est passée de {} à {} ; mises à jour : {}."),
      text(
        "diverged",
        "Stopped (updates: {}): the loss grows or falls without end, or is not a number. The steps are too large, this loss has no least value, or an operation has no result here.",
        "Arrêt (mises à jour : {}) : la perte croît ou décroît sans fin, ou n’est pas un nombre. Les pas sont trop grands, cette perte n’a pas de minimum, ou une opération n’a pas de résultat ici."
      ),
      text("play", "Play", "Lecture"), text("pause", "Pause", "Pause"), text("run", "Run", "Lancer"),
      text("stop", "Stop", "Arrêter"), text("undone", "Undone.", "Annulé."),
      text("wasReset", "Back to the start.", "Retour au début."), text("right", "Right: {}.", "Juste : {}."),
      text("itIs", "It is {}.", "C’est {}."), text("found", "{} of {} done", "faits : {} sur {}"),
      text(
        "noNumber", "Please type a number, such as \(words.numbers(2).text(-0.4)) or 1/3.",
        "Tapez un nombre, par exemple \(words.numbers(2).text(-0.4)) ou 1/3."),
    ]
  }

  private func slips(_ text: Entry) -> [(key: String, value: JSONText)] {
    [
      text(
        "share", "That is the share of one path only. {i} is used {n} times: add what comes back along each.",
        "C’est la part d’un seul chemin. {i} sert {n} fois : ajoutez ce qui revient par chacun."),
      text(
        "average", "That is the mean of the shares. Shares are added, not averaged.",
        "C’est la moyenne des parts. Les parts s’ajoutent, on n’en fait pas la moyenne."),
      text(
        "product", "Shares of different paths are added, not multiplied.",
        "Les parts de chemins différents s’ajoutent, elles ne se multiplient pas."),
      text(
        "local", "That is only the local derivative, of {k} with respect to {i}. Multiply it by the gradient of {k}.",
        "C’est seulement la dérivée locale, de {k} par rapport à {i}. Multipliez-la par le gradient de {k}."),
      text(
        "upstream", "That is the gradient of {k}. Multiply it by the local derivative, of {k} with respect to {i}.",
        "C’est le gradient de {k}. Multipliez-le par la dérivée locale, de {k} par rapport à {i}."),
      text(
        "added", "You added the gradient of {k} and the local derivative. They are multiplied.",
        "Vous avez ajouté le gradient de {k} et la dérivée locale. Ils se multiplient."),
      text(
        "own", "You multiplied by {i} itself. What counts is how {k} changes as {i} changes.",
        "Vous avez multiplié par {i} lui-même. Ce qui compte, c’est comment {k} change quand {i} change."),
      text(
        "divided", "You divided by the local derivative. They are multiplied.",
        "Vous avez divisé par la dérivée locale. Ils se multiplient."),
      text("sign", "Right number, wrong sign.", "Le bon nombre, mais le mauvais signe."),
      text(
        "value", "That is the value of {i}, not its gradient.", "C’est la valeur de {i}, pas son gradient."),
      text(
        "step", "That is the step of the update. The gradient comes before the learning rate.",
        "C’est le pas de la mise à jour. Le gradient vient avant le taux d’apprentissage."),
      text("close", "Close. Take one more digit.", "Presque. Prenez un chiffre de plus."),
      text("wrongsign", "Not yet; and the sign is the other one.", "Pas encore ; et le signe est l’autre."),
      text(
        "other", "Not yet. Take the gradient of {k} and multiply it by how {k} changes as {i} changes.",
        "Pas encore. Prenez le gradient de {k} et multipliez-le par la variation de {k} quand {i} change."),
    ]
  }
}
