/// The page, with the names of the files and its language put into it.
struct PageTemplate {
  let settings: Settings

  var html: [UInt8] {
    let names = settings.files.enumerated().map { number, file in
      "<option value=\"\(number)\">\(Self.escaped(shortened(file)))</option>"
    }
    var text = String(decoding: PackageResources.playground_html, as: UTF8.self)
    text = text.replacing("{language}", with: settings.language).replacing("{files}", with: names.joined())
    for (key, english, french) in Self.words {
      text = text.replacing("{\(key)}", with: Self.escaped(settings.language == "fr" ? french : english))
    }
    return Array(text.utf8)
  }

  /// The name without its folder where that tells the files apart.
  private func shortened(_ file: Settings.File) -> String {
    let last = { (file: Settings.File) in file.name.split(separator: "/").last.map(String.init) ?? file.name }
    return settings.files.count { last($0) == last(file) } == 1 ? last(file) : file.name
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
  }

  /// Every word of the page and of its script, in both languages.
  private static let words: [(key: String, english: String, french: String)] = [
    ("program", "Program", "Programme"),
    ("show", "Show", "Voir"),
    ("explorer", "Explorer", "Explorateur"),
    ("overview", "Overview", "Vue d’ensemble"),
    ("forward", "Forward pass", "Propagation avant"),
    ("loss", "Loss", "Perte"),
    ("backward", "Backward pass", "Rétropropagation"),
    ("update", "Update", "Mise à jour"),
    ("download", "Download", "Télécharger"),
    ("text", "Text of the program", "Texte du programme"),
    ("problems", "Messages", "Messages"),
    ("restore", "Original", "Original"),
    ("restoreHint", "Back to the text of the file", "Revenir au texte du fichier"),
    ("drawing", "Drawing …", "Dessin en cours …"),
    ("current", "Up to date", "À jour"),
    ("former", "The last picture without an error", "La dernière image sans erreur"),
    ("none", "There is an error in the program", "Il y a une erreur dans le programme"),
    ("stopped", "gradviz serve has stopped; start it again", "gradviz serve est arrêté ; relancez-le"),
    ("line", "line", "ligne"),
    ("column", "column", "colonne"),
    ("error", "error", "erreur"),
    ("remark", "note", "remarque"),
    ("figure", "Page of the program", "Page du programme"),
    (
      "unsaved", "Changes live in this page only; download the program to keep them",
      "Les changements ne vivent que dans cette page ; téléchargez le programme pour les garder"
    ),
  ]
}
