import GradvizDOT
import GradvizGraph

/// The list of all colors: each tint's name in the style sheet, and its color on a light and on a dark page.
package enum Palette {
  package struct Entry: Sendable {
    package var name: String
    package var light: Color
    package var dark: Color
    /// For black and white: grays on which text stays legible.
    package var print: Color

    /// The color in a theme; what follows its reader is light without one.
    package func color(_ theme: ComputationGraph.Presentation.Theme) -> Color {
      switch theme {
      case .auto, .light: light
      case .dark: dark
      case .print: print
      }
    }
  }

  package static let laneTints = 4
  static let heatLevels = 4
  /// The strongest level behind a number.
  static let heatLevelsOfNumbers = 2
  package static let bands = 8

  package static func entry(_ tint: Tint) -> Entry {
    func entry(_ name: String, _ light: UInt32, _ dark: UInt32) -> Entry {
      Entry(name: name, light: Color(light), dark: Color(dark), print: gray(tint))
    }
    return switch tint {
    case .page: entry("page", 0xFFFFFF, 0x0D1117)
    case .panel: entry("panel", 0xFAFBFB, 0x131920)
    case .ink: entry("ink", 0x1D232C, 0xE6EDF3)
    case .muted: entry("muted", 0x525D6A, 0xAEB8C4)
    case .line: entry("line", 0x3C4552, 0xB6BFCA)
    case .faint: entry("faint", 0xA9B1BB, 0x58616C)
    case .circle: entry("circle", 0xE6E9EE, 0x2A313A)
    case .data: entry("data", 0xFFECA3, 0x574600)
    case .parameter: entry("parameter", 0xBFE4F7, 0x0B4A68)
    case .prediction: entry("prediction", 0xFFD0AB, 0x70370F)
    case .loss: entry("loss", 0xE9C9FB, 0x592A7D)
    case .plain: entry("plain", 0xFEFEFE, 0x161B22)
    case .forwardRow: entry("forward-row", 0xFFE6D2, 0x4A2B14)
    case .lossRow: entry("loss-row", 0xF2E0FD, 0x3F2157)
    case .backwardRow: entry("backward-row", 0xCDF4DD, 0x0F4026)
    case .updateRow: entry("update-row", 0xD7EEFA, 0x0C3B57)
    case .forwardBadge: entry("forward-badge", 0xFFB07A, 0x9A4D17)
    case .lossBadge: entry("loss-badge", 0xD99DF5, 0x8438AB)
    case .backwardBadge: entry("backward-badge", 0x7FE0A8, 0x1B6F3E)
    case .updateBadge: entry("update-badge", 0x86CBE6, 0x1A6486)
    case .dataInk: entry("data-ink", 0x6B5600, 0xE3C04D)
    case .forwardInk: entry("forward-ink", 0xB9500A, 0xFFAB73)
    case .lossInk: entry("loss-ink", 0x7A1FA8, 0xDF9BF7)
    case .gradientInk: entry("gradient-ink", 0x0A6B3B, 0x5FD894)
    case .updateInk: entry("update-ink", 0x0B5F93, 0x7CC8EC)
    case .answerInk: entry("answer-ink", 0x1F46C8, 0x9DB8FF)
    case .warning: entry("warning", 0xB80018, 0xFF8A94)
    case .warningRow: entry("warning-row", 0xFFDFE2, 0x571820)
    case .band(let number): bandEntry(min(max(number, 0), bands - 1))
    case .heat(let level): heatEntry(min(max(level, -heatLevels), heatLevels))
    case .grid(let level):
      level < 2 ? entry("grid-1", 0xEFF1F4, 0x222830) : entry("grid-2", 0xE1E5EA, 0x303944)
    case .lane: entry("lane", 0xF5F6F8, 0x12171E)
    case .laneInk(let lane):
      laneEntry(
        "lane-ink", lane,
        [(0x8A6400, 0xE8B95A), (0x3A49B0, 0xAFB7F7), (0xA3312A, 0xF5A197), (0x414D5B, 0xB9C4D0)])
    case .laneChip(let lane):
      laneEntry(
        "lane-chip", lane,
        [(0xFAEDC8, 0x493705), (0xDDE1FB, 0x2C3472), (0xFBD9D3, 0x5C211B), (0xDFE4EA, 0x353E49)])
    case .lanePale(let lane):
      laneEntry(
        "lane-pale", lane,
        [(0xFDF8EA, 0x211A08), (0xF2F3FE, 0x171A33), (0xFEF1EE, 0x2C1512), (0xF2F4F7, 0x1D232B)])
    }
  }

  /// Inks are black; fills are white or a light gray that distinguishes roles and stages.
  private static func gray(_ tint: Tint) -> Color {
    switch tint {
    case .ink, .line, .dataInk, .forwardInk, .lossInk, .gradientInk, .updateInk, .warning, .laneInk:
      Color(0x000000)
    case .muted: Color(0x404040)
    // The one color in print: gray on a black printer, and told from the sheet by its letters.
    case .answerInk: Color(0x1F46C8)
    case .faint: Color(0x767676)
    case .page, .panel, .plain, .circle, .data, .lane, .lanePale: Color(0xFFFFFF)
    case .parameter: Color(0xE2E2E2)
    case .prediction: Color(0xD0D0D0)
    case .loss: Color(0xC0C0C0)
    case .forwardRow, .lossRow, .backwardRow, .updateRow, .laneChip: Color(0xEFEFEF)
    case .forwardBadge, .lossBadge, .backwardBadge, .updateBadge: Color(0xC8C8C8)
    case .warningRow: Color(0xD8D8D8)
    case .grid(let level): Color(level < 2 ? 0xEDEDED : 0xDCDCDC)
    // Increases from low to high.
    case .band(let number):
      Color(
        ([0xFFFFFF, 0xF6F6F6, 0xEBEBEB, 0xDEDEDE, 0xD0D0D0, 0xC1C1C1, 0xB1B1B1, 0xA1A1A1] as [UInt32])[number]
      )
    // From white for the least to the darkest for the greatest, so that the sign shows.
    case .heat(let level):
      Color(
        ([0xFFFFFF, 0xF7F7F7, 0xEEEEEE, 0xE5E5E5, 0xDBDBDB, 0xCFCFCF, 0xC2C2C2, 0xB3B3B3, 0xA3A3A3] as [UInt32])[
          level + heatLevels])
    }
  }

  /// Ochre below 0, teal above: a pair that has no other meaning, and stays distinct in all common kinds of color blindness.
  private static func heatEntry(_ level: Int) -> Entry {
    let below: [(UInt32, UInt32)] = [
      (0xFEFEFD, 0x161B23), (0xF7EEE2, 0x302C26), (0xF0DEC5, 0x4A3D2A), (0xE9CEA8, 0x644E2F), (0xE2BE8C, 0x7E5F33),
    ]
    let above: [(UInt32, UInt32)] = [
      below[0], (0xE3F1EF, 0x1D2F33), (0xC8E4E1, 0x254244), (0xADD7D2, 0x2C5655), (0x92CAC3, 0x336966),
    ]
    let (light, dark) = (level < 0 ? below : above)[abs(level)]
    let name = level == 0 ? "heat-zero" : level < 0 ? "heat-below-\(-level)" : "heat-above-\(level)"
    return Entry(name: name, light: Color(light), dark: Color(dark), print: gray(.heat(level)))
  }

  /// The heat's ochre for the low half of a map, its teal for the high one.
  private static func bandEntry(_ number: Int) -> Entry {
    let heat = heatEntry(number < bands / 2 ? number - bands / 2 : number - bands / 2 + 1)
    return Entry(
      name: "band-\(number + 1)", light: heat.light, dark: heat.dark, print: gray(.band(number)))
  }

  private static func laneEntry(_ name: String, _ lane: Int, _ colors: [(UInt32, UInt32)]) -> Entry {
    let index = lane % laneTints
    return Entry(
      name: "\(name)-\(index + 1)", light: Color(colors[index].0), dark: Color(colors[index].1),
      print: gray(name.hasSuffix("ink") ? .ink : name.hasSuffix("chip") ? .backwardRow : .page))
  }

  /// All tints, including those of lanes.
  package static let all: [Tint] =
    [
      .page, .panel, .ink, .muted, .line, .faint, .circle, .data, .parameter, .prediction, .loss, .plain,
      .forwardRow, .lossRow, .backwardRow, .updateRow, .forwardBadge, .lossBadge, .backwardBadge,
      .updateBadge, .dataInk, .forwardInk, .lossInk, .gradientInk, .updateInk, .answerInk, .warning, .warningRow,
      .grid(1), .grid(2), .lane,
    ]
    + (-heatLevels...heatLevels).map { .heat($0) } + (0..<bands).map { .band($0) }
    + (0..<laneTints).flatMap { [.laneInk($0), .laneChip($0), .lanePale($0)] }
}
