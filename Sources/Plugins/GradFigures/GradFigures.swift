import Foundation
import PackagePlugin

/// Draws each `.grad` file of a target during the build, as a resource of the same name: `neuron.grad`
/// becomes `neuron.svg` in the target's bundle and is redrawn when the program changes.
///
/// Draws the stage that the program names (`stage backward`), or the forward pass by default.
@main
struct GradFigures: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    guard let target = target as? SourceModuleTarget else { return [] }
    let program = try context.tool(named: "gradviz").url
    return try target.sourceFiles(withSuffix: "grad").map { file in
      let name = file.url.deletingPathExtension().lastPathComponent
      let figure = context.pluginWorkDirectoryURL.appending(path: name + ".svg")
      let stage =
        try Self.namesStage(String(contentsOf: file.url, encoding: .utf8)) ? [] : ["--stage", "forward"]
      return .buildCommand(
        displayName: "Drawing \(name).svg", executable: program,
        arguments: ["draw", "-q", file.url.path] + stage + ["-T", "svg", "-o", figure.path],
        inputFiles: [file.url], outputFiles: [figure])
    }
  }

  private static func namesStage(_ text: String) -> Bool {
    text.split(whereSeparator: \.isNewline).contains { $0.drop(while: \.isWhitespace).hasPrefix("stage ") }
  }
}
