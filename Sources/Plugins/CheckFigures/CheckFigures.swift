import Foundation
import PackagePlugin

/// `swift package check-figures`: the same as `draw-figures --check`, in a plugin of its own because
/// that one cannot run without the permission to write.
@main
struct CheckFigures: CommandPlugin {
  func performCommand(context: PluginContext, arguments: [String]) throws {
    try FigureCommand(
      context: context, arguments: arguments.contains("--check") ? arguments : ["--check"] + arguments
    ).run()
  }
}
