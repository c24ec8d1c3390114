/// Optimizers by name, each with PyTorch's defaults, and momentum with 0.9.
extension Optimizer {
  /// The names that `init(name:rate:)` accepts.
  public static let names = ["sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw"]

  /// Creates an optimizer by name with its default settings; returns nil for a name that is not among
  /// ``names``.
  public init?(name: String, rate: LearningRate) {
    switch name {
    case "sgd": self = .sgd(rate: rate)
    case "momentum": self = .sgd(rate: rate, momentum: 0.9)
    case "nesterov": self = .nesterov(rate: rate)
    case "rmsprop": self = .rmsprop(rate: rate)
    case "adagrad": self = .adagrad(rate: rate)
    case "adam": self = .adam(rate: rate)
    case "adamw": self = .adamw(rate: rate)
    default: return nil
    }
  }

  /// Its name among ``names``, whatever its settings.
  public var name: String {
    switch method {
    case .sgd(let momentum, _, _, let isNesterov):
      isNesterov ? "nesterov" : momentum == 0 ? "sgd" : "momentum"
    case .rmsprop: "rmsprop"
    case .adagrad: "adagrad"
    case .adam(_, _, _, _, let isDecoupled): isDecoupled ? "adamw" : "adam"
    }
  }
}
