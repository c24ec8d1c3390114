import GradvizDOT

/// The list of all colors: each tint's name in the style sheet, and its color on a light and on a dark page.
public enum Palette {
  public struct Entry: Sendable {
    public var name: String
    public var light: Color
    public var dark: Color
    /// For black and white: grays on which text stays legible.
    public var print: Color
  }

  /// A column of the palette.
  public enum Scheme: String, Sendable { case light, dark, print }

  public static func color(_ tint: Tint, _ scheme: Scheme) -> Color {
    let entry = entry(tint)
    return switch scheme {
    case .light: entry.light
    case .dark: entry.dark
    case .print: entry.print
    }
  }

  public static let laneTints = 4
  static let heatLevels = 4
  public static let bands = 8

  public static func entry(_ tint: Tint) -> Entry {
    func entry(_ name: String, _ light: UInt32, _ dark: UInt32) -> Entry {
      Entry(name: name, light: Color(light), dark: Color(dark), print: grey(tint))
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
    case .band(let number): bandEntry(min(max(number, 0), bands - 1))
    case .heat(let level): heatEntry(min(max(level, -heatLevels), heatLevels))
    case .shade(let stage, let level):
      switch stage {
      case .forward:
        level < 2
          ? entry("forward-shade-1", 0xFFD8BB, 0x593417) : entry("forward-shade-2", 0xFFC8A1, 0x693D1B)
      case .loss:
        level < 2 ? entry("loss-shade-1", 0xEDCEFB, 0x4B2868) : entry("loss-shade-2", 0xE4B9F7, 0x58307A)
      case .backward, .shares:
        level < 2
          ? entry("backward-shade-1", 0xB9F1CE, 0x124A2B) : entry("backward-shade-2", 0xA4ECBF, 0x155533)
      case .update:
        level < 2 ? entry("update-shade-1", 0xBEE3F4, 0x0F4869) : entry("update-shade-2", 0xA6D9EF, 0x12557A)
      case .overview, nil:
        level < 2 ? entry("shade-1", 0xEFF1F4, 0x222830) : entry("shade-2", 0xE1E5EA, 0x303944)
      }
    case .laneInk(let lane):
      laneEntry(
        "lane-ink", lane,
        [(0x935200, 0xF0B35A), (0x4641AF, 0xAFACF7), (0x0A6575, 0x5CC6D8), (0xA52454, 0xF593B8)])
    case .laneFill(let lane):
      laneEntry(
        "lane-fill", lane,
        [(0xFFFAF1, 0x17150F), (0xF6F6FE, 0x12131F), (0xF1FBFC, 0x0E191C), (0xFEF5F8, 0x1B1116)])
    case .laneChip(let lane):
      laneEntry(
        "lane-chip", lane,
        [(0xFFE4B8, 0x57390A), (0xDDDCF9, 0x34327A), (0xC6EDF2, 0x0D4752), (0xFAD4E2, 0x651C39)])
    }
  }

  /// Inks are black; fills are white or a light gray that distinguishes roles and stages.
  private static func grey(_ tint: Tint) -> Color {
    switch tint {
    case .ink, .line, .dataInk, .forwardInk, .lossInk, .gradientInk, .updateInk, .warning, .laneInk:
      Color(0x000000)
    case .muted: Color(0x404040)
    case .faint: Color(0x767676)
    case .page, .panel, .plain, .circle, .data, .laneFill: Color(0xFFFFFF)
    case .parameter: Color(0xE2E2E2)
    case .prediction: Color(0xD0D0D0)
    case .loss: Color(0xC0C0C0)
    case .forwardRow, .lossRow, .backwardRow, .updateRow, .laneChip: Color(0xEFEFEF)
    case .forwardBadge, .lossBadge, .backwardBadge, .updateBadge: Color(0xC8C8C8)
    case .warningRow: Color(0xD8D8D8)
    // Black and white shows only the magnitude, not the sign.
    case .shade(_, let level): Color(level < 2 ? 0xEDEDED : 0xDCDCDC)
    // Increases from low to high.
    case .band(let number):
      Color(
        ([0xFFFFFF, 0xF6F6F6, 0xEBEBEB, 0xDEDEDE, 0xD0D0D0, 0xC1C1C1, 0xB1B1B1, 0xA1A1A1] as [UInt32])[number]
      )
    case .heat(let level):
      Color(([0xFFFFFF, 0xF2F2F2, 0xE0E0E0, 0xC4C4C4, 0xA0A0A0] as [UInt32])[abs(level)])
    }
  }

  /// Blue below 0, orange above: a pair that stays distinct in all common kinds of color blindness.
  private static func heatEntry(_ level: Int) -> Entry {
    let below: [(UInt32, UInt32)] = [
      (0xFEFEFD, 0x171C23), (0xE2ECF8, 0x12263B), (0xC9DEF4, 0x16365A), (0x9CC4EA, 0x1D528A),
      (0x6FA8DC, 0x2A70BD),
    ]
    let above: [(UInt32, UInt32)] = [
      below[0], (0xFDEEE1, 0x35220F), (0xFCDDC3, 0x523011), (0xF7BA8C, 0x864D17), (0xEE9559, 0xB4661D),
    ]
    let (light, dark) = (level < 0 ? below : above)[abs(level)]
    let name = level == 0 ? "heat-zero" : level < 0 ? "heat-below-\(-level)" : "heat-above-\(level)"
    return Entry(name: name, light: Color(light), dark: Color(dark), print: grey(.heat(level)))
  }

  /// The heat's blue for the low half of a map, its orange for the high one.
  private static func bandEntry(_ number: Int) -> Entry {
    let heat = heatEntry(number < bands / 2 ? number - bands / 2 : number - bands / 2 + 1)
    return Entry(
      name: "band-\(number + 1)", light: heat.light, dark: heat.dark, print: grey(.band(number)))
  }

  private static func laneEntry(_ name: String, _ lane: Int, _ colors: [(UInt32, UInt32)]) -> Entry {
    let index = lane % laneTints
    return Entry(
      name: "\(name)-\(index + 1)", light: Color(colors[index].0), dark: Color(colors[index].1),
      print: grey(name.hasSuffix("ink") ? .ink : name.hasSuffix("chip") ? .backwardRow : .page))
  }

  /// All tints, including those of lanes.
  public static let all: [Tint] =
    [
      .page, .panel, .ink, .muted, .line, .faint, .circle, .data, .parameter, .prediction, .loss, .plain,
      .forwardRow, .lossRow, .backwardRow, .updateRow, .forwardBadge, .lossBadge, .backwardBadge,
      .updateBadge, .dataInk, .forwardInk, .lossInk, .gradientInk, .updateInk, .warning, .warningRow,
    ] + [nil, .forward, .loss, .backward, .update].flatMap { [.shade($0, 1), .shade($0, 2)] }
    + (-heatLevels...heatLevels).map { .heat($0) } + (0..<bands).map { .band($0) }
    + (0..<laneTints).flatMap { [.laneInk($0), .laneFill($0), .laneChip($0)] }
}
