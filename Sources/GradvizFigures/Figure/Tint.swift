import Autograd
import GradvizGraph

/// The meaning of a color.
///
/// Figures use tints; only the palette knows colors.
package enum Tint: Hashable, Sendable {
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
  /// What is written into the blanks of an exercise.
  case answerInk
  // A number that is not finite.
  case warning, warningRow
  /// The magnitude of a number relative to the others in its array: −4 (far below 0) to 4 (far above).
  case heat(Int)
  /// The lines behind a plot, 1 or 2, the second stronger.
  case grid(Int)
  /// A band of a map, 0 (lowest) to 7 (highest).
  case band(Int)
  // The band behind each sample, and a sample's own colors, by its index.
  case lane
  case laneInk(Int)
  case laneChip(Int)
  /// Paler than the chip: where a class wins without being sure.
  case lanePale(Int)
}

extension Role {
  /// The name cell of a value.
  var tint: Tint {
    switch self {
    case .input, .target: .data
    case .parameter: .parameter
    case .prediction: .prediction
    case .loss: .loss
    case .constant, .intermediate: .plain
    }
  }
}

extension Stage {
  var row: Tint {
    switch self {
    case .forward, .forwardMode: .forwardRow
    case .loss: .lossRow
    case .backward, .shares, .accumulation, .secondOrder: .backwardRow
    case .overview: .circle
    case .update: .updateRow
    }
  }

  var badge: Tint {
    switch self {
    case .forward, .forwardMode: .forwardBadge
    case .loss: .lossBadge
    case .backward, .shares, .accumulation, .secondOrder: .backwardBadge
    case .overview: .circle
    case .update: .updateBadge
    }
  }

  var inkTint: Tint {
    switch self {
    case .forward, .forwardMode: .forwardInk
    case .loss: .lossInk
    case .backward, .shares, .accumulation, .secondOrder: .gradientInk
    case .overview: .ink
    case .update: .updateInk
    }
  }
}
