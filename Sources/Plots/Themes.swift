import Autograd
import Figures
import GraphvizRenderer

extension Palette {
  /// By its light colour, what each tint is called and how it looks elsewhere.
  public static var tones: [String: SVGStyle.Tone] {
    var tones: [String: SVGStyle.Tone] = [:]
    for tint in all {
      let entry = entry(tint)
      tones[entry.light.hex] = SVGStyle.Tone(name: entry.name, dark: entry.dark.hex, print: entry.print.hex)
    }
    return tones
  }
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
