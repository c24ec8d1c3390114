import Foundation
import GradvizKit

/// One pass over a page: its blocks in order, their figures and regions.
struct PageDrawing {
  let page: PageText
  let path: String
  let folder: String
  let root: String
  let isCatalog: Bool

  private var edits: [(range: Range<Int>, bytes: [UInt8])] = []
  private var figures: [FigureFile] = []
  private var problems: [DrawnPage.Problem] = []
  private var findings: [DrawnPage.Finding] = []
  private var dependencies: Set<String> = []
  private var names: [String: Int] = [:]
  /// The program so far, for blocks that continue it; nil at the beginning.
  private var program: BlockProgram?
  /// Whether the last block was not drawn.
  private var isBroken = false
  private let pageName: String

  init(page: PageText, path: String, folder: String, root: String, isCatalog: Bool) {
    self.page = page
    self.path = path
    self.folder = folder
    self.root = root
    self.isCatalog = isCatalog
    pageName = FigureFile.pageName(path, figures: folder)
  }

  typealias Render = (
    _ key: String, _ make: () throws(BlockDrawer.Fault) -> BlockDrawing
  ) throws(BlockDrawer.Fault) -> BlockDrawing
  /// Takes a file's path for this page; the page that has it already, or nil.
  typealias Claim = (_ file: String) -> String?

  mutating func draw(render: Render, claim: Claim) -> DrawnPage {
    let content = BlockFinder.content(of: page, file: path)
    for block in content.blocks { draw(block, render, claim) }
    for line in content.strayRegions {
      report(
        line: line, column: page.prefixLength(line), length: RegionMark.begin.count,
        "this region has no block before it",
        hint: "put its block back above it, or delete the lines up to `\(RegionMark.end)`")
    }
    let mark = Array(FigureFile.mark(page: path, folder: folder).utf8)
    for index in figures.indices { figures[index].bytes += mark }
    return DrawnPage(
      path: path, bytes: edited(), isChanged: !edits.isEmpty, figures: figures, figuresFolder: folder,
      problems: problems, findings: findings, dependencies: dependencies, blockCount: content.blocks.count)
  }

  private func edited() -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(page.bytes.count + edits.reduce(0) { $0 + $1.bytes.count })
    var next = 0
    for edit in edits {
      result += page.bytes[next..<edit.range.lowerBound]
      result += edit.bytes
      next = edit.range.upperBound
    }
    return result + page.bytes[next...]
  }

  // MARK: One block

  private mutating func draw(_ block: PageBlock, _ render: Render, _ claim: Claim) {
    do {
      let options = try BlockOptions(block.info)
      // Whoever puts a comment around a block that is to be seen does not want it at all.
      guard !block.isInComment || options.isHidden else { return }
      if block.hasOpenRegion, let region = block.region {
        report(
          line: region.lowerBound, column: page.prefixLength(region.lowerBound),
          length: RegionMark.begin.count,
          "this region has no end", hint: "put `\(RegionMark.end)` below it")
        return fail()
      }
      if block.hasTwoInfos {
        throw BlockOptions.Fault(
          place: 0..<4, message: "the block has options here and behind its fence",
          hint: "all stand in one place")
      }
      if options.isHidden, block.infoLine != block.line {
        throw BlockOptions.Fault(
          place: options.places[.hidden] ?? 0..<4,
          message: "the options of a hidden block stand behind its fence")
      }
      if options.isHidden, block.source.contains(where: { $0.contains("-->") }) {
        throw BlockOptions.Fault(
          place: options.places[.hidden] ?? 0..<4,
          message: "a program that is hidden stands in a comment, and `-->` would end it")
      }
      guard let lastLine = block.lastLine else {
        throw BlockOptions.Fault(place: 0..<4, message: "the block has no closing fence")
      }
      let program = try assemble(block, options)
      self.program = program
      let drawing = try drawing(program, block, options, render)
      for warning in drawing.warnings {
        let problem = DiagnosticList(diagnostics: [warning])
        // A block that continues another one says nothing twice.
        if !problems.contains(where: { $0.diagnostics == problem }) {
          problems.append(.init(diagnostics: problem))
        }
      }
      let images = try place(drawing, block, options, claim)
      isBroken = false
      rewrite(block, options, lastLine, Region(images: images, table: drawing.table))
    } catch let fault as BlockOptions.Fault {
      report(fault, block)
      fail()
    } catch BlockDrawer.Fault.program(let list) {
      problems.append(.init(diagnostics: list))
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

  /// The block is not drawn, nor is what continues it.
  private mutating func fail() { isBroken = true }

  private mutating func assemble(_ block: PageBlock, _ options: BlockOptions) throws -> BlockProgram {
    var program = BlockProgram(dataFile: path)
    if options.continues, let place = options.places[.continue] {
      if isBroken {
        throw BlockOptions.Fault(place: place, message: "the block that this one continues is not drawn")
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
        throw BlockOptions.Fault(
          place: options.places[.include] ?? 0..<4, message: error.description,
          hint: nil)
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
    let stem = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    let title = program.includedName ?? block.heading ?? stem
    let reads = FileReads()
    // What was read counts, whether the block is drawn or not: it may be once a file has changed.
    defer { dependencies.formUnion(reads.paths) }
    let drawer = BlockDrawer(
      program: program, options: options, title: title, isCatalog: isCatalog, root: root, reads: reads)
    let key = [block.info, title, program.dataFile, program.text].joined(separator: "\u{0}")
    let drawing = try render(key) { () throws(BlockDrawer.Fault) in try drawer.drawing() }
    dependencies.formUnion(drawing.dependencies)
    return drawing
  }

  /// The files of a block's pictures.
  private mutating func place(
    _ drawing: BlockDrawing, _ block: PageBlock, _ options: BlockOptions, _ claim: Claim
  ) throws -> [Region.Image] {
    let own = options.name ?? "\(block.number)"
    var images: [Region.Image] = []
    var files: [FigureFile] = []
    for picture in drawing.pictures {
      let name = "\(pageName)-\(own)-\(picture.name)"
      let light = FilePath.joined(folder, "\(name).svg")
      let dark = FilePath.joined(folder, "\(name)~dark.svg")
      files.append(FigureFile(path: light, bytes: Array(picture.svg.utf8), line: block.line + 1))
      if let svg = picture.dark {
        files.append(FigureFile(path: dark, bytes: Array(svg.utf8), line: block.line + 1))
      }
      if isCatalog {
        images.append(.init(link: MarkdownText.link(name), description: picture.description))
      } else {
        images.append(
          .init(
            link: link(light), dark: picture.dark.map { _ in link(dark) }, description: picture.description))
      }
    }
    for file in files {
      let key: BlockOptions.Key? = options.name == nil ? nil : .name
      if let other = claim(file.path) {
        throw BlockDrawer.Fault.block(
          "\(file.path) is the figure of another block already"
            + (FilePath.absolute(other) == FilePath.absolute(path) ? "" : ", in \(other)"), key)
      }
      // A link would be written through, wherever it leads, though nothing be there yet.
      guard FileManager.default.fileExists(atPath: file.path) || FilePath.isLink(file.path) else { continue }
      guard let page = FigureFile.page(ofFile: file.path, folder: folder) else {
        throw BlockDrawer.Fault.block(
          "\(file.path) is there, and gradviz did not draw it for a page; move it away, or take another `name`",
          key)
      }
      if FilePath.absolute(page) != FilePath.absolute(path), FileManager.default.fileExists(atPath: page) {
        throw BlockDrawer.Fault.block("\(file.path) is a figure of \(page)", key)
      }
    }
    figures += files
    return images
  }

  private func link(_ file: String) -> String {
    let folder = FilePath.folder(path)
    return MarkdownText.link(FilePath.relative(file, to: folder.isEmpty ? "." : folder))
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
    let bytes = region.bytes(prefix: block.prefix, lineEnd: lineEnd)
    if let old = block.region {
      let range = page.lines[old.lowerBound].start..<page.lines[old.upperBound].contentEnd
      if region.isEmpty {
        if !tail.isEmpty { edits.append((place..<place, tail)) }
        edits.append((page.lines[old.lowerBound - 1].contentEnd..<range.upperBound, []))
      } else if page.bytes[range].elementsEqual(bytes) {
        if !tail.isEmpty { edits.append((place..<place, tail)) }
        return
      } else {
        if !tail.isEmpty { edits.append((place..<place, tail)) }
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
      fault.message,
      hint: fault.hint)
  }

  private mutating func report(line: Int, column: Int, length: Int, _ message: String, hint: String? = nil) {
    let diagnostic = Diagnostic(
      file: path, line: line + 1, column: column + 1, length: length, message: message, hint: hint,
      sourceLine: page.text(line), caretOffset: column)
    problems.append(.init(diagnostics: DiagnosticList(diagnostics: [diagnostic])))
  }
}
