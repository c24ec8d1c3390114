import GradvizSystem
import NIOHTTP1

/// Answers the requests of the page: the page itself, the texts of the files, what is drawn of them, and downloads.
actor Desk {
  private let settings: Settings
  private let runner: Runner
  /// What was drawn last; a page asks for it at once, and never again.
  private var drawn: [Int: (type: String, bytes: [UInt8])] = [:]
  private var count = 0

  private static let kept = 8

  init(settings: Settings, runner: Runner) {
    self.settings = settings
    self.runner = runner
  }

  func answer(_ request: Request, path: String) async -> Answer {
    let expected: HTTPMethod = ["draw", "download"].contains(path) ? .POST : .GET
    guard request.head.method == expected else {
      return .words(.methodNotAllowed, "This takes \(expected.rawValue) only.")
    }
    switch path {
    case "": return Answer(type: "text/html; charset=utf-8", bytes: PageTemplate(settings: settings).html)
    case "playground.css": return Answer(type: "text/css", bytes: PackageResources.playground_css)
    case "playground.js": return Answer(type: "text/javascript", bytes: PackageResources.playground_js)
    case "text": if let file = file(request) { return text(file) }
    case "draw", "download":
      guard let file = file(request) else { break }
      guard let text = request.body else {
        return .words(.payloadTooLarge, "A program has at most \(WebServer.maxBytes >> 20) MiB here.")
      }
      return path == "draw" ? await draw(request, file, text) : await download(request, file, text)
    default:
      guard path.hasPrefix("drawn/"), let found = Int(path.dropFirst("drawn/".count)).flatMap({ drawn[$0] }) else {
        break
      }
      let isFigure = found.type.hasPrefix("image/")
      return Answer(type: found.type, bytes: found.bytes, policy: isFigure ? Answer.figurePolicy : Answer.framePolicy)
    }
    return .words(.notFound, "There is nothing here.")
  }

  /// The file that a request is about: by number, so that no path can lead elsewhere.
  private func file(_ request: Request) -> Settings.File? {
    request.value("file").flatMap { Int($0) }.flatMap { settings.files.indices.contains($0) ? settings.files[$0] : nil }
  }

  private func text(_ file: Settings.File) -> Answer {
    let most = WebServer.maxBytes
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, let bytes = Descriptor.bytes(descriptor, most: most) else {
      return .words(.gone, "the file cannot be read (\(String(cString: strerror(errno))))")
    }
    guard bytes.count <= most else {
      return .words(.payloadTooLarge, "the file has more than \(most >> 20) MiB, the most that a page can edit")
    }
    return Answer(type: "text/plain; charset=utf-8", bytes: bytes)
  }

  // MARK: Drawing

  /// What the page is told about a redraw.
  private struct Reply: Encodable {
    /// Where the drawing is; nil if there is none.
    var drawn: String?
    /// What it shows: `explorer` or a stage.
    var shows: String
    /// Whether the page shows figures from now on: the explorer was refused, and that took long.
    var settles: Bool
    var problems: [Problem]
  }

  private func draw(_ request: Request, _ file: Settings.File, _ text: [UInt8]) async -> Answer {
    var shown = Shown(rawValue: request.value("show") ?? "") ?? .explorer
    // A page needs only the answer to what was typed last.
    let asker = request.value("tab")
    let begin = ContinuousClock.now
    var result = await run(shown, .page, file, text, asker)
    let isSlow = ContinuousClock.now - begin > .seconds(1)
    var refusal: [Problem] = []
    if shown == .explorer, result.status != 0 {
      // Where the program itself is right, its figures are drawn; without a loss there is that of its forward pass.
      for other in [Shown.overview, .forward] where Self.mayShowMore(result, file) {
        if refusal.isEmpty { refusal = Problem.list(result.errors, of: file.name).map { $0.softened } }
        shown = other
        result = await run(shown, .page, file, text, asker)
      }
    }
    if result.isSuperseded { return .words(.conflict, "Another redraw came after this one.") }
    var reply = Reply(
      shows: shown.rawValue, settles: isSlow && !refusal.isEmpty,
      problems: Problem.list(result.errors, of: file.name))
    if result.status == 0 {
      count += 1
      drawn[count] = (shown == .explorer ? "text/html; charset=utf-8" : "image/svg+xml", result.output)
      drawn[count - Self.kept] = nil
      reply.drawn = "drawn/\(count)"
      // Both runs warn of the same lines.
      reply.problems = refusal.filter { !reply.problems.contains($0) } + reply.problems
    } else if result.isStopped {
      reply.problems.append(Problem(text: "stopped after \(Int(Runner.longest)) seconds", isError: true))
    } else if reply.problems.isEmpty {
      reply.problems.append(Problem(text: "gradviz ended with status \(result.status)", isError: true))
    }
    return Answer(type: "application/json", bytes: (try? JSONEncoder().encode(reply)).map(Array.init) ?? [])
  }

  /// Whether a run failed though the program is right.
  private static func mayShowMore(_ result: Runner.Result, _ file: Settings.File) -> Bool {
    result.status == 1 && !result.isSuperseded && !result.isStopped
      && !Problem.list(result.errors, of: file.name).contains { $0.line != nil && $0.isError }
  }

  private func download(_ request: Request, _ file: Settings.File, _ text: [UInt8]) async -> Answer {
    guard let format = Format(rawValue: request.value("format") ?? ""), format != .page else {
      return .words(.notFound, "There is nothing here.")
    }
    let asked = Shown(rawValue: request.value("show") ?? "") ?? .overview
    let shown = format == .html ? .explorer : asked == .explorer ? .overview : asked
    let result = await run(shown, format, file, text, nil)
    guard result.status == 0 else {
      return .words(
        .unprocessableEntity, Problem.list(result.errors, of: file.name).map(\.text).joined(separator: "\n"))
    }
    return Answer(type: format.type, bytes: result.output)
  }

  /// What may be shown of a program.
  enum Shown: String { case explorer, overview, forward, loss, backward, update }

  /// As what: for the page, or to keep.
  enum Format: String {
    case page, svg, pdf, png, html

    var type: String {
      switch self {
      case .page, .svg: "image/svg+xml"
      case .pdf: "application/pdf"
      case .png: "image/png"
      case .html: "text/html; charset=utf-8"
      }
    }
  }

  private func run(
    _ shown: Shown, _ format: Format, _ file: Settings.File, _ text: [UInt8], _ asker: String?
  ) async -> Runner.Result {
    let kind = shown == .explorer ? "html" : format == .page ? "svg" : format.rawValue
    let stage = shown == .explorer ? [] : ["--stage", shown.rawValue]
    let words = ["draw", "-", "--as", file.path, "-T", kind, "-o", "-"] + stage + settings.options
    return await runner.run(words, input: text, asker: asker)
  }
}
