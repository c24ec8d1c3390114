import DOT

/// The one list of colours: tint → its name in the style sheet, its colour on a light and on a dark page.
///
/// Every light colour is different from all others, so that a drawing's colour says its tint.
public enum Palette {
  public struct Entry: Sendable {
    public var name: String
    public var light: Color
    public var dark: Color
  }

  static let laneTints = 4

  public static func entry(_ tint: Tint) -> Entry {
    func entry(_ name: String, _ light: UInt32, _ dark: UInt32) -> Entry {
      Entry(name: name, light: Color(light), dark: Color(dark))
    }
    return switch tint {
    case .page: entry("page", 0xFFFFFF, 0x0D1117)
    case .panel: entry("panel", 0xFBFBFC, 0x131920)
    case .ink: entry("ink", 0x1D232C, 0xE6EDF3)
    case .muted: entry("muted", 0x57606A, 0x9AA4B0)
    case .line: entry("line", 0x333A45, 0xB6BFCA)
    case .faint: entry("faint", 0x8B949E, 0x6E7681)
    case .circle: entry("circle", 0xF3F4F6, 0x21262D)
    case .data: entry("data", 0xFFF0B3, 0x574600)
    case .parameter: entry("parameter", 0xBFE3F2, 0x0B4A68)
    case .prediction: entry("prediction", 0xFFD2B0, 0x70370F)
    case .loss: entry("loss", 0xEAC6FB, 0x592A7D)
    case .plain: entry("plain", 0xFEFEFE, 0x161B22)
    case .forwardRow: entry("forward-row", 0xFFE6D2, 0x4A2B14)
    case .lossRow: entry("loss-row", 0xF5E1FD, 0x3F2157)
    case .backwardRow: entry("backward-row", 0xCDF5DC, 0x0F4026)
    case .updateRow: entry("update-row", 0xD7EEFA, 0x0C3B57)
    case .forwardBadge: entry("forward-badge", 0xFFB07A, 0x9A4D17)
    case .lossBadge: entry("loss-badge", 0xDE96F7, 0x8438AB)
    case .backwardBadge: entry("backward-badge", 0x7FE3A8, 0x1B6F3E)
    case .updateBadge: entry("update-badge", 0x86CBE6, 0x1A6486)
    case .dataInk: entry("data-ink", 0x7A6000, 0xE3C04D)
    case .forwardInk: entry("forward-ink", 0xB04500, 0xFFAB73)
    case .lossInk: entry("loss-ink", 0x8A1FB8, 0xDF9BF7)
    case .gradientInk: entry("gradient-ink", 0x0A6B3B, 0x5FD894)
    case .updateInk: entry("update-ink", 0x0A5A84, 0x7CC8EC)
    case .warning: entry("warning", 0xB80018, 0xFF8A94)
    case .warningRow: entry("warning-row", 0xFFDFE2, 0x571820)
    case .laneInk(let lane): laneEntry("lane-ink", lane, [(0x935200, 0xF0B35A), (0x4641AF, 0xAFACF7), (0x0A6575, 0x5CC6D8), (0xA52454, 0xF593B8)])
    case .laneFill(let lane): laneEntry("lane-fill", lane, [(0xFFFAF1, 0x17150F), (0xF6F6FE, 0x12131F), (0xF1FBFC, 0x0E191C), (0xFEF5F8, 0x1B1116)])
    case .laneChip(let lane): laneEntry("lane-chip", lane, [(0xFFE4B8, 0x57390A), (0xDDDCF9, 0x34327A), (0xC6EDF2, 0x0D4752), (0xFAD4E2, 0x651C39)])
    }
  }

  private static func laneEntry(_ name: String, _ lane: Int, _ colors: [(UInt32, UInt32)]) -> Entry {
    let index = lane % laneTints
    return Entry(name: "\(name)-\(index + 1)", light: Color(colors[index].0), dark: Color(colors[index].1))
  }

  /// Every tint there is, lanes included.
  public static let all: [Tint] =
    [
      .page, .panel, .ink, .muted, .line, .faint, .circle, .data, .parameter, .prediction, .loss, .plain,
      .forwardRow, .lossRow, .backwardRow, .updateRow, .forwardBadge, .lossBadge, .backwardBadge,
      .updateBadge, .dataInk, .forwardInk, .lossInk, .gradientInk, .updateInk, .warning, .warningRow,
    ] + (0..<laneTints).flatMap { [.laneInk($0), .laneFill($0), .laneChip($0)] }
}
