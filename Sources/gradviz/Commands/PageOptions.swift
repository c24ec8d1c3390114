import ArgumentParser
import GradvizFigures
import GradvizGraph
import GradvizKit

extension ComputationGraph.Presentation.Background: ExpressibleByArgument {}

/// `--scale`, `--dpi`, `--background`: how a figure or plot becomes a file.
struct PageOptions: ParsableArguments {
  private static let usual = PageStyle()

  @Option(help: ArgumentHelp("How large the file is: 2 is twice the figure's own size. (default: 1)", valueName: "factor"))
  var scale: Double?

  @Option(
    help: ArgumentHelp(
      "The pixels of a PNG, an inch of 72 points. (default: \(Int(usual.dpi)), two pixels a point)", valueName: "pixels"))
  var dpi: Double?

  @Option(
    help:
      "What is behind the figure: page (that of its theme), transparent, or white (paper, in the colours of a light page). (default: page)"
  )
  var background: ComputationGraph.Presentation.Background?

  func validate() throws {
    let (scales, resolutions) = (
      ComputationGraph.Presentation.scales, ComputationGraph.Presentation.resolutions
    )
    if let scale, !scales.contains(scale) {
      throw ValidationError("`--scale` takes \(scales.lowerBound) to \(Int(scales.upperBound)), not \(scale)")
    }
    if let dpi, !resolutions.contains(dpi) {
      throw ValidationError(
        "`--dpi` takes \(Int(resolutions.lowerBound)) to \(Int(resolutions.upperBound)) pixels, not \(dpi)")
    }
  }

  /// Refuses letters that cannot be read on the background.
  func check(against theme: ComputationGraph.Presentation.Theme?) throws {
    if theme == .dark, background == .white {
      throw ValidationError(
        "`--theme dark` has light letters, for a dark page: `--background white` goes with the themes light and print")
    }
  }

  /// What is given here wins over what the program says.
  func apply(to shown: inout ComputationGraph.Presentation) {
    shown.scale = scale ?? shown.scale
    shown.dpi = dpi ?? shown.dpi
    shown.background = background ?? shown.background
  }
}
