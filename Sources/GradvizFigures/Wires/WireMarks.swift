import GradvizDrawing

/// Where local derivatives and shares stand on the gradients' wires.
extension WireRouting {
  func setMarks(
    _ link: Int, _ tabs: [Rectangle], _ result: inout WiredPlacement
  ) {
    let (from, to) = (graph.links[link].from, graph.links[link].to)
    let (mark, share) = (graph.links[link].mark, graph.links[link].share)
    guard mark + share > 0 else { return }
    if goesUnder(link) {
      setUnder(link, tabs, &result)
      return
    }
    if standsOnVertical(link) {
      result.wires[link].mark = onVertical(result.wires[link].gradient)
      return
    }
    if standsBefore(link) {
      result.wires[link].mark = at(right[columnOf[from]] - 11, gradient(from))
      return
    }
    if standsUnder(link), share == 0 {
      let port = tabs[to].x + ports[link].gradient.at
      result.wires[link].mark = at(port + max(mark / 2 - 14, 0), gradient(source(link)))
      return
    }
    if isShared(link), !hasBus(to) {
      let y = arrival(link, ports[link].gradient, gradient(source(link)))
      let end = left[columnOf[to]] - graph.head
      result.wires[link].mark = at(end - mark / 2, y)
      result.wires[link].share = at(end - (mark > 0 ? mark + 6 : 0) - share / 2, y)
    } else {
      let y = gradient(from)
      let column = columnOf[from]
      let start = right[column] + graph.head
      // In the middle of a level wire, else before it turns.
      let gap = gaps[column]
      let room = gap.count == 0 ? left[column + 1] - graph.head - start : gap.before
      let begin = start + (room - mark - share - (mark > 0 && share > 0 ? 6 : 0)) / 2
      result.wires[link].mark = at(begin + share + (share > 0 ? 6 : 0) + mark / 2, y)
      result.wires[link].share = at(begin + share / 2, y)
    }
  }

  /// The way of a gradient under the boxes, with its mark.
  func setUnder(_ link: Int, _ tabs: [Rectangle], _ result: inout WiredPlacement) {
    let (from, to) = (graph.links[link].from, graph.links[link].to)
    let mark = graph.links[link].mark
    let tab = tabs[to]
    let out = tab.x + tab.width / 2
    let source = result.boxes[from]
    let into = max(min(out - mark + 17, source.right - 12), source.x + 10)
    let floor = max(tab.bottom, source.bottom)
    let y = floor + Wire.under
    result.wires[link].gradient = [
      at(out, tab.bottom), at(out, y), at(into, y), at(into, source.bottom),
    ]
    // Not beyond the left edge of the first column, nor on a tab that reaches down beside the box.
    let edge = tabs[from].bottom > y - graph.markHeight / 2 - 2 ? source.x + 4 : source.x - 2
    result.wires[link].mark = at(max((out + into) / 2, edge + mark / 2), y)
  }

  /// The middle of the first vertical that has room for a dot.
  func onVertical(_ points: [Point]) -> Point {
    for (a, b) in zip(points, points.dropFirst()) where abs(a.x - b.x) < 0.01 && abs(a.y - b.y) >= 10 {
      return at(a.x, (a.y + b.y) / 2)
    }
    return points.first ?? at(0, 0)
  }
}
