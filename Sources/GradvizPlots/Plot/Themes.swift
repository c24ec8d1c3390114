import GradvizFigures
import GradvizGraph
import GraphvizRenderer

extension Palette {
  /// The color of each tint in a theme, by the tint's name.
  package static func tones(_ theme: ComputationGraph.Presentation.Theme) -> [String: SVGStyle.Tone] {
    var tones: [String: SVGStyle.Tone] = [:]
    for tint in all {
      let entry = entry(tint)
      tones[entry.name] = SVGStyle.Tone(entry.color(theme).hex, dark: theme == .auto ? entry.dark.hex : nil)
    }
    return tones
  }
}

extension ComputationGraph.Presentation.Theme {
  /// The prefix of a file's ids in this theme: the light and the dark version of a figure may be on one page.
  package func identifier(_ id: String) -> String { self == .auto ? id : "\(id)-\(rawValue)" }
}
