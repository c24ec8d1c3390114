import GradvizDrawing

/// How the page of a graph is divided, the same in all its stages and frames: its size, where the sheet stands and
/// where the panel.
struct Page {
  /// A README's column, and the most that is still legible in one.
  static let narrow = 830.0
  static let wide = 1140.0

  var width: Double
  /// The top left of the sheet.
  var sheet: Point
  /// Where the panel begins and how wide it is; at least so high.
  var panel: Rectangle
  /// Whether the panel is to the right of the sheet, not under it.
  var isBeside: Bool
  /// The least height: of the highest stage.
  var height = 0.0
  /// How many lines of the legend stand above the sheet, of the stage with most.
  var legendLines: Int

  /// Between the sheet and the panel.
  static let gap = 22.0
  /// How much of the margins on both sides a sheet may take before it is too wide.
  static let marginToSpare = 10.0
  /// A panel beside the sheet is not narrower.
  private static let minPanel = 350.0

  /// - Parameters:
  ///   - bounds: of the sheet, badges and frames included; `top`: where it begins.
  ///   - mayBeBeside: whether the panel may be to the right of the sheet.
  init(width: Double, bounds: Size, top: Double, legendLines: Int = 0, mayBeBeside: Bool = true) {
    self.legendLines = legendLines
    let margin = Measure.sheetMargin
    self.width = max(width, bounds.width + 2 * margin - Self.marginToSpare)
    let rest = self.width - bounds.width - 2 * margin
    isBeside = mayBeBeside && rest - Self.gap >= Self.minPanel
    if isBeside {
      sheet = Point(x: margin, y: top)
      let left = margin + bounds.width + Self.gap
      panel = Rectangle(x: left, y: top, width: self.width - left - margin, height: bounds.height)
    } else {
      sheet = Point(x: margin + (rest / 2).rounded(.down), y: top)
      panel = Rectangle(x: margin, y: top + bounds.height + Self.gap, width: self.width - 2 * margin, height: 0)
    }
  }
}
