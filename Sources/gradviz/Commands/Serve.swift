import ArgumentParser
import GradLanguage
import GradvizGraph
import GradvizKit
import GradvizSystem

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show programs beside their pages in a browser, drawn again as you type.",
    // The line of help fits into 80 columns.
    usage: "gradviz serve [<options>] <file> ...",
    discussion: """
      Examples:
        gradviz serve net.grad                  prints the address to open
        gradviz serve net.grad --open           and opens it
        gradviz serve Samples/*.grad            several, to choose from
        gradviz serve net.grad --port 8000      at a port of your choice

      The page has the text of the program on the left and its explorer or its
      figures on the right; errors are marked at their places. It serves the files
      named and no others, to this machine only and by a secret in the address. It
      writes nothing: a program that you changed can be downloaded, as can its
      figures. Ctrl-C ends it.
      """)

  @Argument(
    help: ArgumentHelp("Programs (`.grad`) and graphs (`.json`).", valueName: "file"),
    completion: .file(extensions: ["grad", "json"]))
  var files: [String]

  @Option(help: ArgumentHelp("The port of the address. (default: one that is free)", valueName: "number"))
  var port: Int?

  @Flag(help: "Show the page in the browser; so does `--open`.")
  var show = false

  @Option(help: "The language of the page and of the labels. (default: en, and the program's own)")
  var lang: ComputationGraph.Presentation.Language?

  @Flag(help: "Also read data files outside the program's folder.")
  var allowDataOutside = false

  func validate() throws {
    if files.contains("-") { throw ValidationError("`serve` needs files; standard input is read once") }
    if let port, !(1...65_535).contains(port) {
      throw ValidationError("`--port` takes 1 to 65535, not \(port)")
    }
  }

  /// Hands over to the program that has HTTP in it, which stands beside this one.
  func run() throws {
    // What is wrong with its text is said on the page; that it cannot be read is said here.
    let texts = try files.map { String(decoding: try Files.readBytes($0), as: UTF8.self) }
    // The page has one language, that of the programs if they agree.
    let spoken = texts.map { Program.language(of: $0) ?? .english }
    let language = lang ?? (spoken.allSatisfy { $0 == .french } ? .french : .english)
    guard let own = Programs.own else { throw Failure.input("gradviz: error: the path of `gradviz` is not known") }
    let server = FilePath.joined(FilePath.folder(own), "gradviz-serve")
    let options = (lang.map { ["--lang", $0.rawValue] } ?? []) + (allowDataOutside ? ["--allow-data-outside"] : [])
    let words =
      [server, own, "\(port ?? 0)", show ? "open" : "quiet", language.rawValue] + options + ["--"]
      + files.flatMap { [$0, Terminal.line($0)] }
    var arguments = words.map { strdup($0) } + [nil]
    // Signals are the server's own matter.
    signal(SIGPIPE, SIG_DFL)
    execv(server, &arguments)
    let reason =
      errno == ENOENT
      ? "is missing; `make build` makes both programs" : "cannot run (\(String(cString: strerror(errno))))"
    throw Failure.input("gradviz: error: `serve` needs \(Terminal.line(server)), which \(reason)")
  }
}
