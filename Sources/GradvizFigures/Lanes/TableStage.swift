import GradvizDrawing
import GradvizGraph

/// The samples' table in a stage.
extension StageBuilder {
  /// The names of the columns, in the tints of their roles.
  mutating func addTableHeads() {
    for (number, head) in sheet.heads.enumerated() {
      let emphasis = emphasis(head.node)
      let isCalm = emphasis == .receded || emphasis == .pending
      figure.boxes.append(
        Figure.Box(
          id: "column-\(number + 1)", classes: ["column"], tooltip: "", frame: head.frame, name: [], nameWidth: 0,
          nameFill: .plain,
          rows: [
            .init(
              content: .text(
                text.notation.columnName(head.node, size: Measure.derivativeSize + 1, tint: isCalm ? .muted : .ink)),
              height: Int(head.frame.height) - 2, fill: isCalm ? .plain : roleTint(graph.nodes[head.node]))
          ], lineTint: .faint))
    }
  }
}

extension Notation {
  /// A value's name without its sample's number.
  func columnName(_ node: Int, size: Double, tint: Tint) -> [Figure.Run] {
    let value = graph.nodes[node]
    guard let lane = value.lane else { return name(node, size: size, tint: tint, isBold: true) }
    let name = TypesetName(value.name)
    var indices = name.indices.split(separator: ",").map(String.init)
    if let place = indices.lastIndex(of: String(lane + 1)) { indices.remove(at: place) }
    return Self.runs(name.base + (indices.isEmpty ? "" : "_" + indices.joined(separator: "_")), size: size, tint: tint, isBold: true)
  }
}
