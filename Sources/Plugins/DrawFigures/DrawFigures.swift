import Foundation
import PackagePlugin

/// `swift package draw-figures`: draws the figures of a package's DocC catalogs and Markdown pages.
@main
struct DrawFigures: CommandPlugin {
  func performCommand(context: PluginContext, arguments: [String]) throws {
    try FigureCommand(context: context, arguments: arguments).run()
  }
}
