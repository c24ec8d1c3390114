import ArgumentParser
import Autograd
import GradLanguage
import GradvizDocuments
import GradvizKit
import GradvizSystem

struct Document: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the figures of pages in Markdown or LaTeX and keep them up to date.",
    usage: "gradviz document [<options>] <path> ...",
    discussion: """
      Examples:
        gradviz document README.md             draw the figures of a page
        gradviz document docs                  all pages below a folder
        gradviz document --check README.md     status 1 if one is stale
        gradviz document --watch docs          again whenever a page changes
        gradviz document paper.tex             LaTeX, with PDF
        gradviz document -T pdf notes.md       for Pandoc
        gradviz document --docc Catalog.docc   for DocC, in light and dark

      A fenced block with the info string `grad` holds a program. Its figures are
      written to `figures` beside the page, and the lines after the block show them;
      no other byte of the page changes. Options follow the word:

        ```grad stage=forward,backward gradients=both caption="One neuron" table
        ```grad include=Samples/neuron.grad stage=update name=neuron hidden
        ```grad continue stage=derivative of=w1 theme=both
        ```grad explorer

      In LaTeX, a block is an environment, whose options are in brackets:

        \\begin{grad}[stage=forward,backward name=chain]
      """)

  @Argument(
    help: ArgumentHelp("Pages in Markdown or LaTeX, or folders of them.", valueName: "path"),
    completion: .file(extensions: PageFiles.endings.sorted()))
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "The folder for all figures. (default: `figures` beside each page)", valueName: "folder"),
    completion: .directory)
  var figures: String?

  @Option(
    help: ArgumentHelp(
      "The folder whose files blocks may read. (default: the folder given as PATH, or the page's own)",
      valueName: "folder"),
    completion: .directory)
  var root: String?

  @Option(
    name: [.customShort("T", allowingJoined: true), .customLong("format")],
    help: ArgumentHelp("The format of the figures of Markdown pages. (default: svg)", valueName: "format"))
  var format: DocumentFormat?

  @Flag(help: "The pages are articles of a DocC catalog: figures go to its `Resources`, light and dark.")
  var docc = false

  @Flag(
    help:
      "Write nothing; report every stale, missing or orphaned figure, and exit with status 1 if there is one.")
  var check = false

  @Flag(help: "Redraw what changes, until Ctrl-C.")
  var watch = false

  @Flag(name: [.short, .long], help: "Print only warnings and errors.")
  var quiet = false

  func validate() throws {
    if docc, figures != nil { throw ValidationError("`--docc` decides where figures go; remove `--figures`") }
    if docc, format != nil { throw ValidationError("`--docc` writes svg; remove `--format`") }
    if check, watch { throw ValidationError("`--check` and `--watch` cannot be used together") }
    for (option, path) in [("--figures", figures), ("--root", root)] where path?.isEmpty == true {
      throw ValidationError("`\(option)` needs a path")
    }
  }

  func run() throws {
    if let root, !FilePath.isFolder(root) { throw Failure.input("\(root): error: no such folder") }
    if let figures { try FilePlaces.requireParent(ofFolder: figures, option: "--figures") }
    let drawer = PageDrawer(
      .init(figures: figures, isCatalog: docc, root: root, format: format?.ofFigure ?? .svg), store: .ofUser())
    if watch { return try DocumentWatch(paths: paths, drawer: drawer, isQuiet: quiet).run() }
    var run = DocumentRun(drawer: drawer, isCheck: check, isQuiet: quiet)
    run.draw(try DocumentRun.pages(paths))
    try run.finish()
  }
}

/// One pass over some pages: draws them, and writes or checks the result.
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
        // A page that cannot be read or written does not stop the others.
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

  /// Prints the first problems.
  static func note(_ problems: [DrawnPage.Problem]) {
    for problem in problems.prefix(DiagnosticList.limit) {
      Terminal.note(problem.rendered())
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

  /// Draws a page and writes what has changed, starting over if the page is saved in the meantime.
  ///
  /// - Returns: the page as drawn last, and the paths of the files written.
  static func drawAndWrite(
    _ page: PageFiles.Page, _ drawer: PageDrawer
  ) throws -> (page: DrawnPage, written: [String]) {
    removeLeftovers(of: page, drawer)
    for _ in 0..<50 {
      let (bytes, drawn) = try drawn(page, drawer)
      if let written = try write(drawn, readAs: bytes) { return (drawn, written) }
    }
    throw Failure.input(
      "\(Terminal.line(page.path)): error: the page keeps changing while it is drawn; it was left as it is"
    )
  }

  /// Writes a page's figures, then the page, so that every figure it links exists.
  ///
  /// - Parameter bytes: the page's content from which it was drawn.
  /// - Returns: the paths of the files written; nil if the page has changed since it was read. In that case,
  ///   the page is not written, but figures may have been.
  static func write(_ page: DrawnPage, readAs bytes: [UInt8]) throws -> [String]? {
    let figures = page.outdatedFigures().map(\.file)
    guard try Files.readBytes(page.path) == bytes else { return nil }
    try write(figures, of: page.path, isConfined: page.isConfined)
    guard page.isChanged else { return figures.map(\.path) }
    guard try Files.replace(page.path, with: page.bytes, ifStill: bytes) else { return nil }
    return figures.map(\.path) + [page.path]
  }

  /// Writes figures, grouped by folder.
  ///
  /// - Parameters:
  ///   - page: the path at the start of a diagnostic.
  ///   - isConfined: whether to reject a link in place of the figures' folder that leads outside its parent.
  static func write(_ figures: [FigureFile], of page: String, isConfined: Bool) throws {
    var rest = figures[...]
    while let first = rest.first {
      let folder = PendingFile.folder(of: first.path)
      // Written in batches, as each is an open file until its batch is on disk.
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

  /// Finishes or removes what killed runs left beside a page and its figures, before these are read.
  static func removeLeftovers(of page: PageFiles.Page, _ drawer: PageDrawer) {
    PendingFile.removeLeftovers(in: PendingFile.folder(of: page.path))
    guard let folder = drawer.figuresFolder(of: page.path) else { return }
    guard drawer.isConfined else { return PendingFile.removeLeftovers(in: folder) }
    guard let open = try? FiguresFolder.open(folder, page: page.path, makes: false) else { return }
    PendingFile.removeLeftovers(in: ".", from: open.descriptor)
  }

  /// Handles figures that no block uses, and reports the result.
  mutating func finish() throws {
    for orphan in pages.orphanedFigures() {
      if let reason = orphan.reasonToKeep {
        Terminal.note(
          "\(orphan.path): warning: no block uses this figure, but \(reason); remove it if no page shows it")
      } else if isCheck {
        findings.append(orphan.finding)
      } else {
        try remove(orphan)
      }
    }
    for finding in findings.sorted() { Terminal.note(finding.description) }
    if faults > 0 { throw Failure.input("gradviz: error: \(Self.count(faults, "page")) with errors") }
    guard findings.isEmpty else {
      throw Failure.input(
        "gradviz: error: the pages are not up to date; run `gradviz document` without `--check` to draw them")
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
      try Terminal.print("\(orphan.page): removed \(orphan.path), which no block uses")
    }
  }

  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)" + (number == 1 ? "" : "s")
  }
}
