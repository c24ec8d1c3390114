import Foundation
import PackagePlugin

/// Runs `gradviz document` on the catalogs and pages of a package.
struct FigureCommand {
  private let package: Package
  private let program: URL
  /// Passed on to `gradviz document`.
  private var options: [String] = []
  private var paths: [String] = []
  private var targets: [String] = []

  init(context: PluginContext, arguments: [String]) throws {
    package = context.package
    program = try context.tool(named: "gradviz").url
    var extractor = ArgumentExtractor(arguments)
    targets = extractor.extractOption(named: "target")
    var isValue = false
    for argument in extractor.remainingArguments {
      if isValue || argument.hasPrefix("-") {
        options.append(argument)
        isValue = !isValue && Self.optionsWithValue.contains(argument)
      } else {
        paths.append(argument)
      }
    }
  }

  /// The options of `gradviz document` that take a value.
  private static let optionsWithValue: Set = ["--figures", "--root", "--format", "-T"]

  func run() throws {
    let (catalogs, pages) = try places()
    guard !catalogs.isEmpty || !pages.isEmpty else {
      Diagnostics.remark("no DocC catalog and no Markdown page in this package; name the paths")
      return
    }
    var failed = false
    for catalog in catalogs { failed = try !succeeds(["--docc", catalog]) || failed }
    if !pages.isEmpty { failed = try !succeeds(pages) || failed }
    if failed { throw FigureError() }
  }

  /// The given paths, or else each target's catalogs and the Markdown pages at the package's root.
  private func places() throws -> (catalogs: [String], pages: [String]) {
    if !paths.isEmpty {
      return (paths.filter(Self.isCatalog), paths.filter { !Self.isCatalog($0) })
    }
    let chosen = targets.isEmpty ? package.targets : try package.targets(named: targets)
    let catalogs = chosen.compactMap { $0 as? SourceModuleTarget }.flatMap {
      Self.catalogs(in: $0.directoryURL)
    }
    guard targets.isEmpty else { return (catalogs, []) }
    let pages = try FileManager.default.contentsOfDirectory(
      at: package.directoryURL, includingPropertiesForKeys: nil, options: .skipsHiddenFiles
    ).filter { $0.pathExtension == "md" }
    return (catalogs, pages.map(\.path).sorted())
  }

  private static func isCatalog(_ path: String) -> Bool {
    URL(fileURLWithPath: path).pathExtension == "docc"
  }

  private static func catalogs(in folder: URL) -> [String] {
    let files = FileManager.default.enumerator(
      at: folder, includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
    var found: [String] = []
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "docc" else { continue }
      files?.skipDescendants()
      found.append(file.path)
    }
    return found.sorted()
  }

  private func succeeds(_ arguments: [String]) throws -> Bool {
    let process = Process()
    process.executableURL = program
    process.arguments = ["document"] + options + arguments
    process.currentDirectoryURL = package.directoryURL
    try process.run()
    process.waitUntilExit()
    return process.terminationReason == .exit && process.terminationStatus == 0
  }
}

/// `gradviz` has reported the problems of each page.
struct FigureError: Error, CustomStringConvertible {
  var description: String { "some figures were not drawn; see above" }
}
