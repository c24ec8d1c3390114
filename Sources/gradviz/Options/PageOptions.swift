import ArgumentParser
import GradvizFigures
import GradvizGraph
import GradvizKit

/// `--scale`, `--dpi`, `--background`: the size and background of a file.
struct PageOptions: ParsableArguments {
  private static let usual = PageStyle()

  @Option(
    help: ArgumentHelp("The scale of the file: 2 is twice the figure's own size. (default: 1)", valueName: "factor"))
  var scale: Double?

  @Option(
    help: ArgumentHelp(
      "The resolution of a PNG in pixels per inch. (default: \(Int(usual.dpi)), two pixels per point)",
      valueName: "pixels"))
  var dpi: Double?

  @Option(
    help:
      "The background of the figure: the theme's page, none, or white for paper with the colors of a light page. (default: page)"
  )
  var background: ComputationGraph.Presentation.Background?

  func validate() throws {
    let (scales, resolutions) = (
      ComputationGraph.Presentation.scales, ComputationGraph.Presentation.resolutions
    )
    if let scale, !scales.contains(scale) {
      throw ValidationError(
        "`--scale` takes \(plain(scales.lowerBound)) to \(plain(scales.upperBound)), not \(plain(scale))")
    }
    if let dpi, !resolutions.contains(dpi) {
      throw ValidationError(
        "`--dpi` takes \(plain(resolutions.lowerBound)) to \(plain(resolutions.upperBound)) pixels, not \(plain(dpi))")
    }
  }

  /// Rejects a theme whose text is not legible on the background.
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
