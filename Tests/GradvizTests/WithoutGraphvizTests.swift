import Foundation
import GradvizKit
import Testing

/// The program on machines whose Graphviz is missing, broken, or another one than it was built with.
@Suite("Without Graphviz")
struct WithoutGraphvizTests {
  private static let nowhere = ["GRADVIZ_GRAPHVIZ": "/nonexistent/lib"]

  private func gradviz(
    _ arguments: [String], _ graphviz: [String: String], input: String? = nil
  ) throws -> ProcessResult {
    var environment = ProcessInfo.processInfo.environment
    environment.merge(graphviz) { $1 }
    return try ProcessResult(
      Project.gradviz, arguments, input: input.map { Data($0.utf8) }, environment: environment)
  }

  /// Status 1, nothing on standard output, nothing written, and these words.
  private func expectRefusal(
    _ result: ProcessResult, _ words: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(result.status == 1, "\(result.errors)", sourceLocation: sourceLocation)
    #expect(result.output.isEmpty, sourceLocation: sourceLocation)
    for word in words {
      #expect(result.errors.contains(word), "\(word): \(result.errors)", sourceLocation: sourceLocation)
    }
  }

  // MARK: Missing

  #if os(Linux)
    /// The loader would refuse to start it where Graphviz is missing.
    @Test(.enabled(if: Project.tool("ldd") != nil, "ldd is missing"))
    func `the program is not linked with Graphviz`() throws {
      let libraries = try ProcessResult(try #require(Project.tool("ldd")), [Project.gradviz]).text
      #expect(libraries.contains("libc.so"))
      for name in ["libgvc", "libcgraph", "libcdt"] { #expect(!libraries.contains(name)) }
    }
  #endif

  @Test func `what needs a layout by dot says what to install, and leaves the former file`() throws {
    let folder = try TemporaryFolder()
    for format in ["svg", "png", "pdf"] {
      let path = try folder.write("former", to: "figure.\(format)")
      let result = try gradviz(
        ["draw", "Samples/neuron.grad", "--stage", "loss", "-o", path], Self.nowhere)
      expectRefusal(
        result,
        [
          "Samples/neuron.grad: error: Graphviz cannot be loaded: ", "/nonexistent/lib",
          "apt-get install libgraphviz-dev", "GRADVIZ_GRAPHVIZ",
        ])
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "former")
    }
  }

  @Test func `JSON, checks, help and diagnostics are the same bytes`() throws {
    for arguments in [
      ["draw", "Samples/neuron.grad", "-T", "json"], ["check", "Samples/neuron.grad"], ["--help"],
      ["draw", "--help"], ["--version"], ["draw", "missing.grad"],
      ["draw", "Samples/chain.grad", "--stage", "backward", "-T", "dot", "--no-positions"],
      ["draw", "Samples/neuron.grad", "--stage", "derivative", "--of", "w1"],
    ] {
      let (usual, without) = (try gradviz(arguments, [:]), try gradviz(arguments, Self.nowhere))
      #expect(without.status == usual.status && without.output == usual.output, "\(arguments)")
      #expect(!without.errors.contains("error: Graphviz"), "\(arguments)")
    }
  }

  @Test(arguments: Project.samples)
  func `DOT has the same boxes and arrows, in places of our own`(sample: String) throws {
    let arguments = ["draw", "Samples/\(sample).grad", "--stage", "forward", "-T", "dot", "-o", "-"]
    let (usual, without) = (try gradviz(arguments, [:]), try gradviz(arguments, Self.nowhere))
    #expect(without.status == 0, "\(without.errors)")
    #expect(without.errors.contains("note: placed without Graphviz: ") || usual.output == without.output)
    func ids(_ result: ProcessResult) -> [String] {
      result.text.matches(of: /\bid="?([\w.-]+)/).map { String($0.1) }.sorted()
    }
    #expect(!ids(usual).isEmpty && ids(usual) == ids(without))
    // Every position is there: stock dot draws it as it stands.
    #expect(without.text.contains("layout=nop2"))
    #expect(try !Graphviz.layout(without.text).centers.isEmpty)
  }

  @Test func `a training writes its history and its plots`() throws {
    let folder = try TemporaryFolder()
    var results: [[String: Data]] = []
    for (name, environment) in [("usual", [:]), ("without", Self.nowhere)] {
      let result = try gradviz(
        ["train", "Samples/houses.grad", "--quiet", "-o", folder.file(name).path], environment)
      #expect(result.status == 0, "\(result.errors)")
      var files: [String: Data] = [:]
      for file in try FileManager.default.contentsOfDirectory(atPath: folder.file(name).path) {
        files[file] = try Data(contentsOf: folder.file("\(name)/\(file)"))
      }
      results.append(files)
    }
    #expect(results[0].keys.contains("history.csv") && results[0].keys.contains("descent.svg"))
    #expect(results[0] == results[1])
    let figures = try gradviz(
      ["train", "Samples/houses.grad", "--quiet", "--figures", "0", "-o", folder.file("figures").path],
      Self.nowhere)
    expectRefusal(figures, ["gradviz: error: Graphviz cannot be loaded", "apt-get install libgraphviz-dev"])
  }

  @Test func `a large figure needs no Graphviz for SVG`() throws {
    let program =
      "param a = 0.5\n" + (1...320).map { "x\($0) = a * \($0)\n" }.joined()
      + "loss L = " + (1...320).map { "x\($0)" }.joined(separator: " + ") + "\n"
    let arguments = ["draw", "-", "--stage", "forward", "--collapse", "none", "-o", "-"]
    let usual = try gradviz(arguments, [:], input: program)
    let without = try gradviz(arguments, Self.nowhere, input: program)
    #expect(usual.status == 0 && usual.output == without.output, "\(without.errors)")
  }

  // MARK: Broken

  private static let compiler = Project.tool("cc") ?? Project.tool("clang")

  /// A folder with a library in the place of Graphviz', made from C.
  private func imitation(_ code: String, plugins: Bool = false) throws -> TemporaryFolder {
    let compiler = try #require(Self.compiler)
    let folder = try TemporaryFolder()
    #if os(Linux)
      let (library, ending) = ("libgvc.so", ".so.")
    #else
      let (library, ending) = ("libgvc.dylib", ".dylib")
    #endif
    let source = try folder.write(code, to: "imitation.c")
    let made = try ProcessResult(
      compiler, ["-shared", "-fPIC", "-w", source, "-o", folder.file(library).path])
    try #require(made.status == 0, "\(made.errors)")
    guard plugins else { return folder }
    try FileManager.default.createDirectory(at: folder.file("graphviz"), withIntermediateDirectories: false)
    for name in ["core", "dot_layout", "neato_layout"] {
      for number in [6, 8] {
        let file =
          ending == ".so." ? "libgvplugin_\(name).so.\(number)" : "libgvplugin_\(name).\(number).dylib"
        try FileManager.default.copyItem(at: folder.file(library), to: folder.file("graphviz/\(file)"))
      }
    }
    return folder
  }

  /// All functions that gradviz calls; `layout` is what gvLayout does.
  private func library(version: String, layout: String = "return 0;") -> String {
    """
    typedef int (*handler)(char *);
    static handler report;
    void *agseterrf(handler f) { report = f; return 0; }
    int agreseterrors(void) { return 0; }
    int agerrors(void) { return 0; }
    char *agget(void *o, char *n) { return 0; }
    void *agread(const char **t, void *d) { static int first; if (!**t) return 0; while (**t) ++*t; return &first; }
    void *AgIoDisc[3];
    void *aggetrec(void *o, char *n, int m) { return 0; }
    void *agfstsubg(void *g) { return 0; }
    void *agnxtsubg(void *g) { return 0; }
    int agclose(void *g) { return 0; }
    void *dtopen(void *d, void *m) { return 0; }
    void *gvContextPlugins(const void *b, int d) { static int context; return &context; }
    void gvAddLibrary(void *c, void *l) {}
    int gvFreeContext(void *c) { return 0; }
    int gvFreeLayout(void *c, void *g) { return 0; }
    void gvFreeRenderData(char *d) {}
    int gvRenderData(void *c, void *g, const char *f, char **r, void *l) { return 0; }
    int gvLayout(void *c, void *g, const char *e) { \(layout) }
    char *gvcVersion(void *c) { return "\(version)"; }
    int gvplugin_core_LTX_library, gvplugin_dot_layout_LTX_library, gvplugin_neato_layout_LTX_library;
    """
  }

  private static let draw = ["draw", "Samples/neuron.grad", "--stage", "loss"]

  @Test(.enabled(if: compiler != nil, "no C compiler"))
  func `a Graphviz of another version is not touched`() throws {
    let folder = try imitation(library(version: "99.0.0"), plugins: true)
    let result = try gradviz(Self.draw, ["GRADVIZ_GRAPHVIZ": folder.url.path])
    expectRefusal(
      result,
      ["built with Graphviz \(try Graphviz.version())", "99.0.0", "build gradviz anew"])
  }

  @Test(.enabled(if: compiler != nil, "no C compiler"))
  func `a library that is no Graphviz, or no library, is refused`() throws {
    let folder = try TemporaryFolder()
    let text = try folder.write("not a library\n", to: "libgvc.so")
    expectRefusal(try gradviz(Self.draw, ["GRADVIZ_GRAPHVIZ": text]), [text, "install Graphviz"])
    let other = try imitation("int something;")
    expectRefusal(
      try gradviz(Self.draw, ["GRADVIZ_GRAPHVIZ": other.url.path]),
      ["has no function", "build gradviz anew"])
  }

  @Test(.enabled(if: compiler != nil, "no C compiler"))
  func `a folder without plugins, and one with broken plugins, is named`() throws {
    let folder = try imitation(library(version: Graphviz.version()))
    let environment = ["GRADVIZ_GRAPHVIZ": folder.url.path]
    expectRefusal(
      try gradviz(Self.draw, environment),
      ["plugin dot_layout cannot be loaded", "/graphviz/libgvplugin_dot_layout", "install Graphviz again"])
    let broken = try imitation(library(version: Graphviz.version()), plugins: true)
    let plugins = broken.file("graphviz")
    for file in try FileManager.default.contentsOfDirectory(atPath: plugins.path) {
      try Data("broken".utf8).write(to: plugins.appendingPathComponent(file))
    }
    expectRefusal(
      try gradviz(Self.draw, ["GRADVIZ_GRAPHVIZ": broken.url.path]),
      ["plugin dot_layout cannot be loaded", "install Graphviz again"])
  }

  @Test(.enabled(if: compiler != nil, "no C compiler"))
  func `a layout that fails is told with what dot says and what helps; DOT is laid out without it`()
    throws
  {
    let failing = library(
      version: try Graphviz.version(), layout: "report(\"Error: trouble in init_rank\\n\"); return -1;")
    let folder = try imitation(failing, plugins: true)
    let environment = ["GRADVIZ_GRAPHVIZ": folder.url.path]
    expectRefusal(
      try gradviz(Self.draw, environment), ["trouble in init_rank", "`-T dot`", "`--collapse layers`"])
    let dot = try gradviz(Self.draw + ["-T", "dot"], environment)
    #expect(dot.status == 0 && dot.text.hasPrefix("digraph"))
    #expect(
      dot.errors.contains("note: placed without Graphviz: ") && dot.errors.contains("trouble in init_rank"))
  }

  // MARK: Graphviz' own configuration

  /// Plugins are found beside the library: neither a broken configuration nor a wrong folder of plugins matters.
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
