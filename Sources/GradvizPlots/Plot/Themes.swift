import GradvizFigures
import GradvizGraph
import GraphvizRenderer

extension Palette {
  /// The appearance of each tint, by name.
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
  /// The prefix of a file's ids in this theme: the light and the dark version of a figure may be on one page.
  package func identifier(_ id: String) -> String { self == .auto ? id : "\(id)-\(rawValue)" }
}
