import Foundation
import GradvizKit
import GradvizTestSupport
import GraphvizRenderer
import Testing

@testable import GradvizFigures
@testable import GradvizKit

/// The program is linked with Graphviz, whose renderer draws every figure from the DOT text that `-T dot` writes.
@Suite("Linked Graphviz")
struct GraphvizLinkTests {
  private static let draw = ["draw", "Samples/neuron.grad", "--stage", "loss"]

  private func gradviz(_ arguments: [String], _ variables: [String: String]) throws -> ProcessResult {
    var environment = ProcessInfo.processInfo.environment
    environment.merge(variables) { $1 }
    return try ProcessResult(Project.gradviz, arguments, environment: environment)
  }

  // MARK: One painter

  @Test(arguments: Project.samples)
  func `the text that is rendered is that of the DOT file, but for the words of colors`(sample: String) throws {
    let figures = try FigureSet(Project.graph(sample))
    for stage in figures.stages {
      var figure = try figures.figure(stage)
      let file = figure.dot.text
      figure.namesTints = true
      let rendered = figure.dot.text
      #expect(file != rendered)
      let hex = Dictionary(uniqueKeysWithValues: Palette.tones(.light).map { ($0.key, $0.value.color) })
      let translated = rendered.replacing(/((?:color|COLOR)=)"([a-z0-9-]+)"/) { match in
        "\(match.1)\"\(hex[String(match.2)] ?? String(match.2))\""
      }
      #expect(translated == file, "\(stage)")
    }
  }

  // MARK: The library

  #if os(Linux)
    @Test(.enabled(if: Project.tool("ldd") != nil, "ldd is missing"))
    func `the program is linked with libgvc and libcgraph`() throws {
      let libraries = try ProcessResult(try #require(Project.tool("ldd")), [Project.gradviz]).text
      for name in ["libgvc", "libcgraph"] { #expect(libraries.contains(name), "\(libraries)") }
    }

    /// Foundation includes ICU, three quarters of the program; a single `import Foundation` would link both.
    @Test(.enabled(if: Project.tool("ldd") != nil, "ldd is missing"))
    func `of Foundation the program is linked with the part without ICU alone`() throws {
      let libraries = try ProcessResult(try #require(Project.tool("ldd")), [Project.gradviz]).text
      #expect(libraries.contains("libFoundationEssentials"), "\(libraries)")
      for name in ["libFoundation.", "Internationalization", "ICU", "Networking"] {
        #expect(!libraries.contains(name), "\(libraries)")
      }
    }

    /// A folder with copies of Graphviz' libraries that `isWanted` accepts, for `LD_LIBRARY_PATH`.
    private func copies(_ isWanted: (String) -> Bool = { _ in true }) throws -> TemporaryFolder {
      let ldd = try ProcessResult(try #require(Project.tool("ldd")), [Project.gradviz]).text
      let library = try #require(ldd.firstMatch(of: /libgvc\S* => (\S+)/)).1
      let source = URL(fileURLWithPath: String(library)).deletingLastPathComponent()
      let folder = try TemporaryFolder()
      for name in try FileManager.default.contentsOfDirectory(atPath: source.path)
      where ["libgvc.", "libcgraph.", "libcdt.", "libpathplan.", "libxdot."].contains(where: name.hasPrefix)
        && name.contains(".so.") && isWanted(name)
      {
        let file = source.appendingPathComponent(name).resolvingSymlinksInPath()
        try FileManager.default.copyItem(at: file, to: folder.file(name))
      }
      return folder
    }

    private static let tools = Project.tool("ldd") != nil

    @Test(.enabled(if: tools, "ldd is missing"))
    func `without its plugins, or with broken ones, Graphviz is told to be installed again`() throws {
      let folder = try copies()
      let kept = try folder.write("former", to: "figure.svg")
      for content in [nil, "broken", ""] as [String?] {
        if let content {
          try FileManager.default.createDirectory(
            at: folder.file("graphviz"), withIntermediateDirectories: true)
          for name in ["core", "dot_layout", "neato_layout"] {
            for number in [6, 7, 8] {
              _ = try folder.write(content, to: "graphviz/libgvplugin_\(name).so.\(number)")
            }
          }
        }
        let result = try gradviz(Self.draw + ["-o", kept], ["LD_LIBRARY_PATH": folder.url.path])
        #expect(result.status == 1 && result.output.isEmpty)
        for word in [
          "Samples/neuron.grad: error: ", "plugin dot_layout cannot be loaded",
          "/graphviz/libgvplugin_dot_layout", "install Graphviz again", "apt-get install libgraphviz-dev",
        ] {
          #expect(result.errors.contains(word), "\(word): \(result.errors)")
        }
        #expect(try String(contentsOfFile: kept, encoding: .utf8) == "former")
      }
    }

    /// The library's plugin folder.
    private func plugins() throws -> [URL] {
      let ldd = try ProcessResult(try #require(Project.tool("ldd")), [Project.gradviz]).text
      let library = try #require(ldd.firstMatch(of: /libgvc\S* => (\S+)/)).1
      let folder = URL(fileURLWithPath: String(library)).resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("graphviz")
      return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).filter {
        $0.lastPathComponent.wholeMatch(of: /libgvplugin_(core|dot_layout|neato_layout|pango)\.so\.\d+/) != nil
      }
    }

    /// Plugins truncated by an interrupted installation, and a file that is not a plugin.
    @Test(.enabled(if: tools, "ldd is missing"))
    func `a plugin that is cut off is an error with its cure, never a crash`() throws {
      let folder = try copies()
      try FileManager.default.createDirectory(at: folder.file("graphviz"), withIntermediateDirectories: true)
      let plugins = try plugins()
      func restore(_ plugin: URL) throws -> URL {
        let copy = folder.file("graphviz/\(plugin.lastPathComponent)")
        try? FileManager.default.removeItem(at: copy)
        try FileManager.default.copyItem(at: plugin.resolvingSymlinksInPath(), to: copy)
        return copy
      }
      let whole = try plugins.map(restore)
      #expect(whole.count >= 4)
      func draw(_ plugin: URL) throws -> ProcessResult {
        let format = plugin.lastPathComponent.contains("pango") ? "pdf" : "svg"
        return try gradviz(Self.draw + ["-T", format, "-o", "-"], ["LD_LIBRARY_PATH": folder.url.path])
      }
      for plugin in plugins {
        let size = try #require(
          FileManager.default.attributesOfItem(atPath: plugin.resolvingSymlinksInPath().path)[.size] as? NSNumber
        ).intValue
        let name = try #require(plugin.lastPathComponent.firstMatch(of: /_(\w+)\.so/)).1
        for length in [40, 64, 200, 1000, 4096, size / 4, size / 2, size * 3 / 4, size * 9 / 10] {
          let copy = try restore(plugin)
          try Data(contentsOf: plugin).prefix(length).write(to: copy)
          let result = try draw(plugin)
          let label: Comment = "\(name), \(length) of \(size): \(result.status) \(result.errors)"
          // The end of a library is read by tools, not by the loader.
          if result.status == 0, length > size / 2 { continue }
          #expect(result.status == 1 && result.output.isEmpty, label)
          #expect(result.errors.contains("Graphviz' plugin \(name) cannot be loaded: "), label)
          #expect(
            result.errors.contains(copy.lastPathComponent) && result.errors.contains("install Graphviz again"), label)
        }
        let copy = try restore(plugin)
        try FileManager.default.removeItem(at: copy)
        #expect(mkfifo(copy.path, 0o600) == 0)
        let pipe = try draw(plugin)
        #expect(pipe.status == 1 && pipe.errors.contains("this is not a file"), "\(pipe.errors)")
        if let compiler = Project.tool("cc") ?? Project.tool("clang") {
          try FileManager.default.removeItem(at: copy)
          let source = try folder.write("int gvplugin_\(name)_LTX_library;\n", to: "other.c")
          #expect(try ProcessResult(compiler, ["-shared", "-fPIC", "-o", copy.path, source]).status == 0)
          let other = try draw(plugin)
          #expect(other.status == 1 && other.errors.contains("has no table gvplugin_\(name)"), "\(other.errors)")
        }
        _ = try restore(plugin)
      }
      #expect(try gradviz(Self.draw + ["-o", "-"], ["LD_LIBRARY_PATH": folder.url.path]).status == 0)
    }

    @Test(.enabled(if: tools, "ldd is missing"))
    func `libraries of two folders are not mixed`() throws {
      let folder = try copies { $0.hasPrefix("libgvc.") }
      let result = try gradviz(Self.draw, ["LD_LIBRARY_PATH": folder.url.path])
      #expect(result.status == 1 && result.output.isEmpty)
      #expect(result.errors.contains("works with a libcgraph of"), "\(result.errors)")
      #expect(result.errors.contains("install one Graphviz only"), "\(result.errors)")
    }
  #endif

  /// Plugins are found beside the library: neither a broken configuration nor a wrong plugin folder matters.
  @Test func `a broken plugin configuration changes nothing`() throws {
    let folder = try TemporaryFolder()
    for name in ["config6a", "config6", "config8"] {
      _ = try folder.write("libnothing.so.6 broken {\n", to: name)
    }
    let usual = try gradviz(Self.draw, [:])
    #expect(usual.status == 0)
    for path in [folder.url.path, "/nonexistent", "/dev/null"] {
      let result = try gradviz(Self.draw, ["GVBINDIR": path])
      #expect(result.status == 0 && result.output == usual.output && result.errors.isEmpty)
    }
  }
}
