/// The meaning of a color.
///
/// Figures use tints; only the palette knows colors.
public enum Tint: Hashable, Sendable {
  // Background and ink.
  case page, panel, ink, muted, line, faint, circle
  // The name cell of a value, by role.
  case data, parameter, prediction, loss, plain
  // The row that a stage has just computed.
  case forwardRow, lossRow, backwardRow, updateRow
  // The badge and frame of a stage.
  case forwardBadge, lossBadge, backwardBadge, updateBadge
  // The arrows, frames and letters of a stage.
  case dataInk, forwardInk, lossInk, gradientInk, updateInk
  // A number that is not finite.
  case warning, warningRow
  /// The magnitude of a number relative to the others in its array: −4 (far below 0) to 4 (far above).
  case heat(Int)
  /// The same for printed numbers, 1 (large) or 2 (largest), regardless of sign: a darker shade of the
  /// stage's row, or gray without a stage.
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
    case .backward, .shares, .overview: .backwardRow
    case .update: .updateRow
    }
  }

  var badge: Tint {
    switch self {
    case .forward: .forwardBadge
    case .loss: .lossBadge
    case .backward, .shares, .overview: .backwardBadge
    case .update: .updateBadge
    }
  }

  var inkTint: Tint {
    switch self {
    case .forward: .forwardInk
    case .loss: .lossInk
    case .backward, .shares, .overview: .gradientInk
    case .update: .updateInk
    }
  }
}
