import Foundation
import PackagePlugin

/// `swift package check-figures`: the same as `draw-figures --check`, but a separate plugin, because
/// `draw-figures` cannot run without permission to write.
@main
struct CheckFigures: CommandPlugin {
  func performCommand(context: PluginContext, arguments: [String]) throws {
    try FigureCommand(
      context: context, arguments: arguments.contains("--check") ? arguments : ["--check"] + arguments
    ).run()
  }
}
