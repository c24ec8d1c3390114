import GradvizDrawing

/// The badge at the loss's frame.
extension StageBuilder {
  /// Adds it at a corner of the first frame where it covers nothing; after everything else of the sheet.
  mutating func addLossBadge() {
    let frames = figure.regions.filter { $0.classes.contains("loss") }.map(\.frame)
    guard stage == .loss, let frame = frames.first else { return }
    let badge = figure.chips.count
    addBadge(
      number: 2, title: context.words.lossBadge, stage: .loss, at: Point(x: 0, y: 0), size: Typography.smallest)
    let size = figure.chips[badge...].reduce(Size(width: 0, height: 0)) {
      Size(width: $0.width + $1.frame.width, height: max($0.height, $1.frame.height))
    }
    let (left, right) = (frame.x, frame.right - size.width)
    let (above, below) = (frame.y - size.height, frame.bottom + 1)
    let corners = [
      Point(x: left, y: above), Point(x: right, y: above), Point(x: left, y: below), Point(x: right, y: below),
    ]
    // Lines come down to a row across its frame; those of lanes come to its left end.
    let hangs = sheet.lanes.isEmpty && sheet.spots.contains { $0.row > 0 }
    let order = hangs ? [2, 3, 0, 1] : frames.count > 1 ? [1, 0, 3, 2] : [0, 1, 2, 3]
    let taken = covered(besides: badge)
    let sheetEnd = figure.boxes.reduce(frame.bottom) { max($0, $1.frame.bottom) }
    func isFree(_ corner: Point) -> Bool {
      let place = Rectangle(x: corner.x, y: corner.y, width: size.width, height: size.height)
      // The panel begins not far below the sheet.
      return place.bottom <= sheetEnd + Page.gap - 4 && !taken.contains { $0.intersects(place.insetBy(-1)) }
    }
    let corner = order.map { corners[$0] }.first(where: isFree) ?? corners[order[0]]
    for index in figure.chips.indices.dropFirst(badge) {
      figure.chips[index].frame.x += corner.x
      figure.chips[index].frame.y += corner.y
    }
  }

  /// What is drawn of boxes, marks and wires, these piece by piece.
  private func covered(besides badge: Int) -> [Rectangle] {
    var taken = figure.boxes.map(\.frame) + figure.chips[..<badge].map(\.frame)
    taken += figure.discs.map { Rectangle(center: $0.center, size: $0.size) }
    for arrow in figure.arrows {
      let points = arrow.path.points
      for start in stride(from: 0, to: points.count - 1, by: 3) {
        let piece = points[start...min(start + 3, points.count - 1)]
        let (xs, ys) = (piece.map(\.x), piece.map(\.y))
        let (x, y) = (xs.min() ?? 0, ys.min() ?? 0)
        taken.append(Rectangle(x: x, y: y, width: (xs.max() ?? x) - x, height: (ys.max() ?? y) - y))
      }
    }
    return taken
  }
}
