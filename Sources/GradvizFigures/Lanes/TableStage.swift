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
                text.notation.name(
                  head.node, size: Measure.derivativeSize, tint: isCalm ? .muted : .ink, ofEverySample: true)),
              height: Int(head.frame.height) - 2, fill: isCalm ? .plain : graph.nodes[head.node].role.tint)
          ], lineTint: .faint))
    }
  }
}
