/// What `gradviz serve` hands over: its own path, a port, whether to open a browser, the language, options of each
/// drawing and, after `--`, each file with its name as messages have it.
struct Settings: Sendable {
  var program: String
  /// 0 for one that is free.
  var port: Int
  var opensBrowser: Bool
  var language: String
  var options: [String]
  var files: [File]

  /// A file that is served.
  struct File: Sendable {
    var path: String
    /// As messages have it.
    var name: String
  }

  init?(words: [String]) {
    guard words.count > 4, let port = Int(words[1]), let end = words.dropFirst(4).firstIndex(of: "--"),
      end + 2 < words.count
    else { return nil }
    (program, self.port, opensBrowser, language) = (words[0], port, words[2] == "open", words[3])
    options = Array(words[4..<end])
    files = stride(from: end + 1, to: words.count - 1, by: 2).map { File(path: words[$0], name: words[$0 + 1]) }
  }

  /// What is served, in the line that says where.
  var title: String { files.count == 1 ? files[0].name : "\(files.count) programs" }
}
