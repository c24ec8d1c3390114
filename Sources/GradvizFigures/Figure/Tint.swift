/// What a colour means. Figures speak of tints; only the palette knows colours.
public enum Tint: Hashable, Sendable {
  // Ground and ink.
  case page, panel, ink, muted, line, faint, circle
  // The name cell of a value, by role.
  case data, parameter, prediction, loss, plain
  // What a stage has just computed.
  case forwardRow, lossRow, backwardRow, updateRow
  // A stage's badge and frame.
  case forwardBadge, lossBadge, backwardBadge, updateBadge
  // A stage's arrows, frames and letters.
  case dataInk, forwardInk, lossInk, gradientInk, updateInk
  // A number that is not finite.
  case warning, warningRow
  /// The size of a number among its neighbours: −4 (far below 0) to 4 (far above).
  case heat(Int)
  /// The same for numbers that are written out, 1 (large) or 2 (largest), whatever the sign: a deeper tone
  /// of the stage's own row, grey where no stage has tinted it.
  case shade(Stage?, Int)
  /// A band of a map, 0 (lowest) to 7 (highest).
  case band(Int)
  // A sample's lane, by the lane's index.
  case laneInk(Int)
  case laneFill(Int)
  case laneChip(Int)
}

extension Stage {
  var row: Tint {
    switch self {
    case .forward: .forwardRow
    case .loss: .lossRow
    case .backward, .overview: .backwardRow
    case .update: .updateRow
    }
  }

  var badge: Tint {
    switch self {
    case .forward: .forwardBadge
    case .loss: .lossBadge
    case .backward, .overview: .backwardBadge
    case .update: .updateBadge
    }
  }

  var inkTint: Tint {
    switch self {
    case .forward: .forwardInk
    case .loss: .lossInk
    case .backward, .overview: .gradientInk
    case .update: .updateInk
    }
  }
}
