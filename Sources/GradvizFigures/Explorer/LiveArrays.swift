import GradvizDrawing
import GradvizGraph

extension LiveFigure {
  /// The numbers in a box of an array: those of its value, then those of its gradient; a heat map has cells only.
  static func entries(of box: Figure.Box) -> [Text] {
    box.rows.enumerated().flatMap { row, content -> [Text] in
      guard case .matrix(let cells, let cellWidth, _, _, _) = content.content else { return [] }
      return cells.joined().compactMap { cell in
        cell.run.map { _ in Text(kind: row == 0 ? "val" : "grad", room: Double(cellWidth) - 2) }
      }
    }
  }
}
