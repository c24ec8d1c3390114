import ArgumentParser
import Autograd
import GradLanguage
import GradvizDocuments
import GradvizKit
import GradvizSystem

struct Document: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the figures of Markdown pages, and keep them fresh.",
    discussion: """
      A fenced block with the info string `grad` holds a program. Its figures are written into `figures` beside the
      page, and the lines after the block show them; every other byte of the page stays. Options follow the word:

        ```grad stage=forward,backward gradients=both theme=both caption="One neuron" name=neuron table
        ```grad include=Samples/neuron.grad stage=update hidden
        ```grad continue stage=derivative of=w1

      Examples:
        gradviz document README.md               draw what the page's blocks say
        gradviz document docs                    all pages in a folder and below it
        gradviz document --check README.md       write nothing; status 1 where something is stale
        gradviz document --watch docs            again whenever a page changes, until Ctrl-C
        gradviz document --docc Catalog.docc     figures where DocC looks for them, light and dark
      """)

  @Argument(help: ArgumentHelp("Markdown pages, or folders of them.", valueName: "path"))
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "The folder for all figures. (default: `figures` beside each page)", valueName: "folder"))
  var figures: String?

  @Option(
    help: ArgumentHelp(
      "Blocks may read files of this folder. (default: the folder that was named, or a page's own)",
      valueName: "folder"))
  var root: String?

  @Flag(help: "The pages are articles of a DocC catalog: figures go to its `Resources`, light and dark.")
  var docc = false

  @Flag(
    help:
      "Write nothing; name every stale, missing or orphaned figure, and end with status 1 if there is one.")
  var check = false

  @Flag(help: "Draw again what changes, until Ctrl-C.")
  var watch = false

  @Flag(name: [.short, .long], help: "Say nothing but what is wrong.")
  var quiet = false

  func validate() throws {
    if docc, figures != nil { throw ValidationError("`--docc` says where figures go; leave `--figures` out") }
    if check, watch { throw ValidationError("`--check` and `--watch` do not go together") }
    for (option, path) in [("--figures", figures), ("--root", root)] where path?.isEmpty == true {
      throw ValidationError("`\(option)` needs a path")
    }
  }

  func run() throws {
    if let root, !FilePath.isFolder(root) { throw Failure.input("\(root): error: there is no such folder") }
    let drawer = PageDrawer(.init(figures: figures, isCatalog: docc, root: root))
    if watch { return try DocumentWatch(paths: paths, drawer: drawer, isQuiet: quiet).run() }
    var run = DocumentRun(drawer: drawer, isCheck: check, isQuiet: quiet)
    run.draw(try DocumentRun.pages(paths))
    try run.finish()
  }
}

/// One pass over some pages: draws them, and writes or checks.
struct DocumentRun {
  let drawer: PageDrawer
  let isCheck: Bool
  let isQuiet: Bool
  private var pages: [DrawnPage] = []
  private var findings: [DrawnPage.Finding] = []
  private var faults = 0

  init(drawer: PageDrawer, isCheck: Bool, isQuiet: Bool) {
    self.drawer = drawer
    self.isCheck = isCheck
    self.isQuiet = isQuiet
  }

  static func pages(_ paths: [String]) throws -> [PageFiles.Page] {
    do { return try PageFiles.pages(named: paths) } catch { throw Failure.input(error.description) }
  }

  mutating func draw(_ pages: [PageFiles.Page]) {
    for page in pages {
      do {
        try draw(page)
      } catch let error as InputError {
        Terminal.note(error.description)
        faults += 1
      } catch let failure as Failure {
        // One page that cannot be read or written does not stop the others.
        Terminal.note(failure.message)
        faults += 1
      } catch {
        Terminal.note("\(page.path): error: \(error)")
        faults += 1
      }
    }
  }

  private mutating func draw(_ page: PageFiles.Page) throws {
    let (drawn, written) =
      isCheck ? (try Self.drawn(page, drawer).page, []) : try Self.drawAndWrite(page, drawer)
    pages.append(drawn)
    Self.note(isCheck ? drawn.problems : drawer.problems(of: drawn, root: page.root))
    if drawn.hasErrors { faults += 1 }
    if isCheck {
      findings += drawn.findings + drawn.outdatedFigures().map(\.finding)
      return
    }
    guard !isQuiet, drawn.blockCount > 0, !(drawn.hasErrors && written.isEmpty) else { return }
    try Terminal.print(
      written.isEmpty
        ? "\(page.path): \(Self.count(drawn.figures.count, "figure")), all up to date"
        : "\(page.path): wrote \(written.prefix(8).joined(separator: ", "))"
          + (written.count > 8 ? " and \(written.count - 8) more" : ""))
  }

  /// Shows what is wrong, as much of it as helps.
  static func note(_ problems: [DrawnPage.Problem]) {
    let color = isatty(STDERR_FILENO) == 1 && getenv("NO_COLOR") == nil
    for problem in problems.prefix(DiagnosticList.limit) {
      Terminal.noteStyled(problem.rendered(color: color))
    }
    if problems.count > DiagnosticList.limit {
      Terminal.note("… and \(problems.count - DiagnosticList.limit) more")
    }
  }

  // MARK: Writing

  private static func drawn(
    _ page: PageFiles.Page, _ drawer: PageDrawer
  ) throws -> (bytes: [UInt8], page: DrawnPage) {
    let bytes = try Files.readBytes(page.path)
    return (bytes, try drawer.draw(bytes, path: page.path, root: page.root))
  }

  /// Draws a page and writes what has changed, from the beginning whenever somebody saves it meanwhile.
  ///
  /// - Returns: the page as it was drawn last, and the paths of what was written.
  static func drawAndWrite(
    _ page: PageFiles.Page, _ drawer: PageDrawer
  ) throws -> (page: DrawnPage, written: [String]) {
    removeLeftovers(of: page, drawer)
    for _ in 0..<50 {
      let (bytes, drawn) = try drawn(page, drawer)
      if let written = try write(drawn, readAs: bytes) { return (drawn, written) }
    }
    throw Failure.input(
      "\(Terminal.line(page.path)): error: the page changes again and again while it is drawn; it is left as it is"
    )
  }

  /// Writes a page's figures, and the page last: what it names is there by then.
  ///
  /// - Parameter bytes: the page's content of which it was drawn.
  /// - Returns: the paths of what was written; nil where the page has changed since it was read. Then it is left as
  ///   it is, though figures may have been written.
  static func write(_ page: DrawnPage, readAs bytes: [UInt8]) throws -> [String]? {
    let figures = page.outdatedFigures().map(\.file)
    guard try Files.readBytes(page.path) == bytes else { return nil }
    try write(figures, of: page.path, isConfined: page.isConfined)
    guard page.isChanged else { return figures.map(\.path) }
    guard try Files.replace(page.path, with: page.bytes, ifStill: bytes) else { return nil }
    return figures.map(\.path) + [page.path]
  }

  /// Writes figures, those of one folder together.
  ///
  /// - Parameters:
  ///   - page: what a diagnostic begins with.
  ///   - isConfined: whether no link in the place of their folder is followed out of the folder it is in.
  static func write(_ figures: [FigureFile], of page: String, isConfined: Bool) throws {
    var rest = figures[...]
    while let first = rest.first {
      let folder = PendingFile.folder(of: first.path)
      // Some at a time, as each is an open file until all of these are on the disk.
      let some = rest.prefix(100).prefix {
        PendingFile.folder(of: $0.path).utf8.elementsEqual(folder.utf8)
      }
      rest = rest.dropFirst(some.count)
      let isNew = !FilePath.isFolder(folder)
      do {
        let open = isConfined ? try FiguresFolder.open(folder, page: page) : nil
        try Files.write(some.map { ($0.path, $0.bytes) }, in: open)
      } catch {
        if isNew { rmdir(folder) }
        throw (error as? InputError).map { Failure.input($0.description) } ?? error
      }
    }
  }

  /// Finishes or removes what killed runs left beside a page and its figures, before these are looked at.
  static func removeLeftovers(of page: PageFiles.Page, _ drawer: PageDrawer) {
    PendingFile.removeLeftovers(in: PendingFile.folder(of: page.path))
    guard let folder = drawer.figuresFolder(of: page.path) else { return }
    guard drawer.isConfined else { return PendingFile.removeLeftovers(in: folder) }
    guard let open = try? FiguresFolder.open(folder, page: page.path, makes: false) else { return }
    PendingFile.removeLeftovers(in: ".", from: open.descriptor)
  }

  /// Looks after figures that no block names, and ends with what was wrong.
  mutating func finish() throws {
    for orphan in pages.orphanedFigures() {
      if let reason = orphan.reasonToKeep {
        Terminal.note(
          "\(orphan.path): warning: no block names this figure, but \(reason); remove it if nothing shows it")
      } else if isCheck {
        findings.append(orphan.finding)
      } else {
        try remove(orphan)
      }
    }
    for finding in findings.sorted() { Terminal.note(finding.description) }
    if faults > 0 { throw Failure.input("gradviz: error: there are errors in \(Self.count(faults, "page"))") }
    guard findings.isEmpty else {
      throw Failure.input(
        "gradviz: error: the pages are not up to date; `gradviz document` without `--check` draws them")
    }
    if isCheck, !isQuiet {
      let figures = pages.reduce(0) { $0 + $1.figures.count }
      try Terminal.print(
        "\(Self.count(pages.count, "page")), \(Self.count(figures, "figure")), all up to date")
    }
  }

  private func remove(_ orphan: OrphanedFigure) throws {
    let isRemoved: Bool
    do { isRemoved = try orphan.remove() } catch { throw Failure.input(error.description) }
    if isRemoved, !isQuiet {
      try Terminal.print("\(orphan.page): removed \(orphan.path), which no block names")
    }
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)" + (number == 1 ? "" : "s")
  }
}
