import GradLanguage
import GradvizKit
import GradvizSystem

/// One pass over a page: its blocks in order, their figures and regions.
struct PageDrawing {
  let page: PageText
  let path: String
  let folder: String
  let root: String
  let host: PageHost
  let format: FigureFormat

  private var edits: [(range: Range<Int>, bytes: [UInt8])] = []
  private var figures: [FigureFile] = []
  private var problems: [DrawnPage.Problem] = []
  private var findings: [DrawnPage.Finding] = []
  private var dependencies: Set<String> = []
  /// The program so far, for blocks that continue it; nil at the start.
  private var program: BlockProgram?
  /// Whether the previous block was not drawn.
  private var isBroken = false
  private let pageName: String

  init(page: PageText, path: String, folder: String, root: String, host: PageHost, format: FigureFormat) {
    self.page = page
    self.path = path
    self.folder = folder
    self.root = root
    self.host = host
    self.format = format
    pageName = FigureFile.pageName(path, figures: folder)
  }

  typealias Render = (
    _ key: [UInt8], _ place: (_ ending: String) -> String, _ make: () throws(BlockDrawer.Fault) -> BlockDrawing
  ) throws(BlockDrawer.Fault) -> BlockDrawing
  /// Claims a file's path for this page and returns the page that already owns it, or nil.
  typealias Claim = (_ file: String) -> String?

  mutating func draw(render: Render, claim: Claim) -> DrawnPage {
    let content =
      host == .latex ? TeXBlockFinder.content(of: page, file: path) : BlockFinder.content(of: page, file: path)
    for block in content.blocks { draw(block, render, claim) }
    for fault in content.strayMarks { report(fault) }
    for fault in content.misnamedFences { report(fault, .warning) }
    return DrawnPage(
      path: path, bytes: page.replacing(edits), isChanged: !edits.isEmpty, figures: figures, figuresFolder: folder,
      problems: problems, findings: findings, dependencies: dependencies, blockCount: content.blocks.count)
  }

  // MARK: One block

  private mutating func draw(_ block: PageBlock, _ render: Render, _ claim: Claim) {
    if let fault = block.fault {
      report(fault)
      return fail()
    }
    do {
      let options = try BlockOptions(block.info)
      // A block that should be visible is ignored inside a comment.
      guard !block.isInComment || options.isHidden else { return }
      if let fault = block.region?.fault {
        report(fault)
        return fail()
      }
      if let fault = block.fault(options, host) { throw fault }
      guard let lastLine = block.lastLine else {
        throw BlockOptions.Fault(place: 0..<4, message: "the block has no closing fence")
      }
      let program = try assemble(block, options)
      self.program = program
      let drawing = try drawing(program, block, options, render)
      warnOfCellOptions(block)
      for warning in drawing.warnings {
        let problem = DiagnosticList(diagnostics: [warning])
        // A block that continues another one does not repeat its problems.
        if !problems.contains(where: { $0.diagnostics == problem }) {
          problems.append(.init(diagnostics: problem, language: drawing.language))
        }
      }
      let region = try place(drawing, block, options, claim)
      isBroken = false
      rewrite(block, options, lastLine, region)
    } catch let fault as BlockOptions.Fault {
      report(fault, block)
      fail()
    } catch BlockDrawer.Fault.program(let list, let language) {
      problems.append(.init(diagnostics: list, language: language))
      fail()
    } catch BlockDrawer.Fault.block(let message, let key) {
      let place = key.flatMap { (try? BlockOptions(block.info))?.places[$0] } ?? 0..<4
      report(BlockOptions.Fault(place: place, message: message), block)
      fail()
    } catch {
      report(BlockOptions.Fault(place: 0..<4, message: "\(error)"), block)
      fail()
    }
  }

  /// Warns about options in a block's first lines, as in Quarto and R Markdown: in a program, these are comments.
  private mutating func warnOfCellOptions(_ block: PageBlock) {
    for (line, origin) in zip(block.source, block.origins).prefix(while: { $0.0.hasPrefix("#|") })
    where line.contains(/^#\|\s*[A-Za-z-]+:/) {
      report(
        severity: .warning, line: origin.line - 1, column: origin.indent, length: line.count,
        "options in `#|` are ignored", hint: "write them after the fence's `grad`")
    }
  }

  /// Neither the block nor the blocks that continue it are drawn.
  private mutating func fail() { isBroken = true }

  private mutating func assemble(_ block: PageBlock, _ options: BlockOptions) throws -> BlockProgram {
    var program = BlockProgram(dataFile: path)
    if options.continues, let place = options.places[.continue] {
      if isBroken {
        throw BlockOptions.Fault(place: place, message: "the block that this one continues was not drawn")
      }
      guard let before = self.program else {
        throw BlockOptions.Fault(place: place, message: "there is no block before this one to continue")
      }
      program = before
    }
    if let include = options.include {
      do {
        try program.include(include, page: path, root: root)
      } catch {
        dependencies.formUnion(program.dependencies)
        throw BlockOptions.Fault(place: options.places[.include] ?? 0..<4, message: error.description, hint: nil)
      }
    }
    program.add(block)
    dependencies.formUnion(program.dependencies)
    guard !program.isEmpty else {
      throw BlockOptions.Fault(
        place: 0..<4, message: "the block is empty",
        hint: "a program declares at least one value, as in `param a = 2`")
    }
    return program
  }

  private mutating func drawing(
    _ program: BlockProgram, _ block: PageBlock, _ options: BlockOptions, _ render: Render
  ) throws -> BlockDrawing {
    let stem = FilePath.stem(path)
    let title = program.includedName ?? block.heading ?? stem
    let reads = FileReads()
    let language = FrontMatter.language(page)
    // Files that were read are dependencies even if the block is not drawn, since it may be once a file
    // changes.
    defer { dependencies.formUnion(reads.paths) }
    let drawer = BlockDrawer(
      program: program, options: options, title: title, host: host, format: format, language: language, root: root,
      reads: reads)
    let key = [block.info, title, language?.rawValue ?? "", program.dataFile, program.text].joined(separator: "\u{0}")
    let own = ownName(block, options)
    let place = { [folder] (ending: String) in FilePath.joined(folder, "\(own)-\(ending)") }
    let drawing = try render(Array(key.utf8), place) { () throws(BlockDrawer.Fault) in try drawer.drawing() }
    dependencies.formUnion(drawing.dependencies)
    return drawing
  }

  private func ownName(_ block: PageBlock, _ options: BlockOptions) -> String {
    "\(pageName)-\(options.name ?? "\(block.number)")"
  }

  /// The files of a block's pictures and page, and the lines that show them.
  private mutating func place(
    _ drawing: BlockDrawing, _ block: PageBlock, _ options: BlockOptions, _ claim: Claim
  ) throws -> Region {
    let own = ownName(block, options)
    var images: [Region.Image] = []
    var files: [FigureFile] = []
    let page = FilePath.joined(folder, "\(own)-explorer.html")
    if let sheet = drawing.page?.sheet { files.append(file(page, sheet, block)) }
    for picture in drawing.pictures {
      let name = "\(own)-\(picture.name)"
      let light = FilePath.joined(folder, "\(name).\(format.ending)")
      let dark = FilePath.joined(folder, "\(name)~dark.\(format.ending)")
      files.append(file(light, picture.light, block))
      if let sheet = picture.dark { files.append(file(dark, sheet, block)) }
      if host == .catalog {
        images.append(.init(link: MarkdownText.link(name), description: picture.description))
      } else {
        // A renderer gives a visible block its id; figures need other ids.
        let isOnly = options.isHidden && drawing.pictures.count == 1
        images.append(
          .init(
            link: link(light), dark: picture.dark.map { _ in link(dark) }, description: picture.description,
            id: options.id.map { isOnly ? $0 : "\($0)-\(picture.name)" }, classes: options.classes))
      }
    }
    for file in files { try check(file, options, claim) }
    if host == .latex, let link = images.first(where: { $0.link.contains { "%#{}\\~".contains($0) } })?.link {
      throw BlockDrawer.Fault.block("LaTeX cannot read the path \(link); choose another folder for the figures", nil)
    }
    figures += files
    let explorer = drawing.page.map { Region.Explorer($0, link: link(page), host, options.explorer) }
    return Region(images: images, table: drawing.table, explorer: explorer)
  }

  private func file(_ path: String, _ sheet: BlockDrawing.Sheet, _ block: PageBlock) -> FigureFile {
    let mark = FigureFile.mark(of: path, page: self.path, folder: folder, fingerprint: sheet.fingerprint)
    return FigureFile(path: path, bytes: sheet.bytes + Array(mark.utf8), line: block.line + 1)
  }

  /// Rejects a file name that another block uses, or a file that gradviz did not write.
  private func check(_ file: FigureFile, _ options: BlockOptions, _ claim: Claim) throws(BlockDrawer.Fault) {
    let key: BlockOptions.Key? = options.name == nil ? nil : .name
    if let other = claim(file.path) {
      throw .block(
        "\(file.path) is already the figure of another block"
          + (FilePath.isSame(other, path) ? "" : ", in \(other)"), key)
    }
    // Writing would follow a link wherever it leads, even to a file that does not exist yet.
    guard FileManager.default.fileExists(atPath: file.path) || FilePath.isLink(file.path) else { return }
    guard let signature = FigureFile.signature(ofFile: file.path, folder: folder) else {
      throw .block(
        "\(file.path) exists, and gradviz did not draw it for a page; move it away, or choose another `name`",
        key)
    }
    if !FilePath.isSame(signature.page, path), FileManager.default.fileExists(atPath: signature.page) {
      throw .block("\(file.path) is a figure of \(signature.page)", key)
    }
    guard signature.state != .edited else {
      throw .block(
        "\(file.path) was edited by hand; move it away, or delete it to have it drawn again", key)
    }
  }

  private func link(_ file: String) -> String {
    let folder = FilePath.folder(path)
    let relative = FilePath.relative(file, to: folder.isEmpty ? "." : folder)
    return host == .latex ? relative : MarkdownText.link(relative)
  }

  // MARK: The page

  private mutating func rewrite(
    _ block: PageBlock, _ options: BlockOptions, _ lastLine: Int, _ region: Region
  ) {
    let lineEnd = page.lineEnd(block.line)
    let place = page.lines[lastLine].contentEnd
    var tail: [UInt8] = []
    if options.isHidden, !block.isInComment {
      edits.append((block.fence..<block.fence, Array("<!--".utf8) + lineEnd + block.prefix))
      tail = lineEnd + block.prefix + Array("-->".utf8)
      findings.append(
        .init(page: path, line: block.line + 1, kind: .stale, subject: "the block is not hidden yet"))
    }
    let bytes = region.bytes(prefix: block.prefix, lineEnd: lineEnd, host.notation)
    if let old = block.region?.lines {
      let range = page.lines[old.lowerBound].start..<page.lines[old.upperBound].contentEnd
      if !tail.isEmpty { edits.append((place..<place, tail)) }
      if region.isEmpty {
        edits.append((page.lines[old.lowerBound - 1].contentEnd..<range.upperBound, []))
      } else if page.bytes[range].elementsEqual(bytes) {
        return
      } else {
        edits.append((range, bytes))
      }
      findings.append(
        .init(page: path, line: old.lowerBound + 1, kind: .stale, subject: "the lines after the block"))
    } else {
      if !region.isEmpty {
        tail += lineEnd + bytes
        findings.append(
          .init(page: path, line: block.line + 1, kind: .missing, subject: "the lines after the block"))
      }
      if tail.isEmpty { return }
      edits.append((place..<place, tail))
    }
  }

  private mutating func report(_ fault: BlockOptions.Fault, _ block: PageBlock) {
    report(
      line: block.infoLine, column: block.infoColumn + fault.place.lowerBound, length: fault.place.count,
      fault.message, hint: fault.hint)
  }

  private mutating func report(_ fault: PageContent.Fault, _ severity: Diagnostic.Severity = .error) {
    report(
      severity: severity, line: fault.line, column: page.prefixLength(fault.line),
      length: String(decoding: page.trimmed(fault.line), as: UTF8.self).count,
      fault.message, hint: fault.hint)
  }

  private mutating func report(
    severity: Diagnostic.Severity = .error, line: Int, column: Int, length: Int, _ message: String,
    hint: String? = nil
  ) {
    let diagnostic = Diagnostic(
      severity: severity, file: path, line: line + 1, column: column + 1, length: length, message: message, hint: hint,
      sourceLine: page.text(line), caretOffset: column)
    problems.append(.init(diagnostics: DiagnosticList(diagnostics: [diagnostic])))
  }
}
