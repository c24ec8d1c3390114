import GradvizFigures
import GradvizGraph
import GraphvizRenderer

extension Palette {
  /// How each tint looks, by its name.
  public static let tones: [String: SVGStyle.Tone] = {
    var tones: [String: SVGStyle.Tone] = [:]
    for tint in all {
      let entry = entry(tint)
      tones[entry.name] = SVGStyle.Tone(light: entry.light.hex, dark: entry.dark.hex, print: entry.print.hex)
    }
    return tones
  }()
}

extension Palette.Scheme {
  public init(_ theme: ComputationGraph.Presentation.Theme) {
    switch theme {
    case .auto, .light: self = .light
    case .dark: self = .dark
    case .print: self = .print
    }
  }
}

extension SVGStyle.Theme {
  public init(_ theme: ComputationGraph.Presentation.Theme) {
    switch theme {
    case .auto: self = .auto
    case .light: self = .light
    case .dark: self = .dark
    case .print: self = .print
    }
  }
}

extension ComputationGraph.Presentation.Theme {
  /// What begins the ids of a file in this theme: light and dark of one figure may stand in one page.
  package func identifier(_ id: String) -> String { self == .auto ? id : "\(id)-\(rawValue)" }
}
