import GradvizGraph

extension BlockOptions {
  /// A picture in a block: the figure of a stage, or a plot.
  enum Picture: Equatable, Sendable {
    case stage(Stage)
    case plot(Plot)

    enum Plot: String, CaseIterable, Sendable {
      case derivative, descent, parameters, decision, fit, landscape, depth
    }

    static let all = Stage.allCases.map(Self.stage) + Plot.allCases.map(Self.plot)
    static let defaults = Stage.defaults.map(Self.stage)

    init?(name: String) {
      guard let picture = Self.all.first(where: { $0.name == name }) else { return nil }
      self = picture
    }

    var name: String {
      switch self {
      case .stage(let stage): stage.rawValue
      case .plot(let plot): plot.rawValue
      }
    }

    var stage: Stage? {
      if case .stage(let stage) = self { stage } else { nil }
    }

    var plot: Plot? {
      if case .plot(let plot) = self { plot } else { nil }
    }
  }
}
