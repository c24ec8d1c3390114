import Foundation
import GradvizDOT
import Testing

@testable import GradvizFigures

@Suite("Palette")
struct PaletteTests {
  /// The contrast ratio of WCAG 2.2, section "contrast ratio".
  private func contrast(_ a: Color, _ b: Color) -> Double {
    func luminance(_ color: Color) -> Double {
      func linear(_ byte: UInt8) -> Double {
        let value = Double(byte) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    }
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  private static let pairs: [(ink: Tint, ground: Tint)] =
    [
      .page, .panel, .circle, .data, .parameter, .prediction, .loss, .plain, .forwardRow, .lossRow,
      .backwardRow,
      .updateRow, .forwardBadge, .lossBadge, .backwardBadge, .updateBadge,
    ].map { (.ink, $0) }
    + [.page, .panel, .plain, .lane, .data, .parameter, .prediction, .loss].map { (.muted, $0) }
    + [
      (.gradientInk, .backwardRow), (.gradientInk, .page), (.gradientInk, .panel), (.gradientInk, .plain),
      (.updateInk, .panel), (.updateInk, .page), (.lossInk, .panel), (.forwardInk, .panel),
      (.warning, .warningRow), (.warning, .panel), (.warning, .plain), (.dataInk, .page), (.gradientInk, .lane),
      (.ink, .lane),
    ]
    + (-Palette.heatLevelsOfNumbers...Palette.heatLevelsOfNumbers).flatMap { level -> [(Tint, Tint)] in
      [(.gradientInk, .heat(level)), (.ink, .heat(level)), (.muted, .heat(level))]
    }
    + (0..<Palette.laneTints).flatMap { lane -> [(Tint, Tint)] in
      [
        (.laneInk(lane), .lane), (.laneInk(lane), .laneChip(lane)), (.page, .laneInk(lane)),
      ]
    }

  @Test func `text has the contrast of WCAG AA, on light and dark pages and in print`() {
    for (ink, ground) in Self.pairs {
      let (text, behind) = (Palette.entry(ink), Palette.entry(ground))
      #expect(contrast(text.light, behind.light) >= 4.5, "\(text.name) on \(behind.name), light")
      #expect(contrast(text.dark, behind.dark) >= 4.5, "\(text.name) on \(behind.name), dark")
      #expect(contrast(text.print, behind.print) >= 4.5, "\(text.name) on \(behind.name), print")
    }
  }

  @Test func `a name tells its tint`() {
    let entries = Palette.all.map(Palette.entry)
    #expect(Set(entries.map(\.name)).count == entries.count)
  }
}
