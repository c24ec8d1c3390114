import Autograd
import GradvizKit
import GradvizSystem

/// Writes `history.csv`: one line per step with its number, the loss before the update and the learning rate,
/// with twelve digits.
///
/// Written during training beside its destination, and moved into place with the other files of the run.
final class HistoryFile {
  private var buffer = Array("step,loss,rate\n".utf8)
  private let file: PendingFile
  private let group: FileGroup

  /// - Throws: before training, if it cannot be written.
  init(folder: String, in group: FileGroup) throws {
    self.group = group
    file = try PendingFile("\(folder)/history.csv", in: group)
  }

  /// Its destination.
  var place: String { file.place }

  private static func number(_ value: Double) -> String {
    value.isFinite ? value.general(digits: 12) : value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }

  func add(_ entry: TrainingStep) throws {
    buffer += "\(entry.step),\(Self.number(entry.loss)),\(Self.number(entry.rate))\n".utf8
    if buffer.count > 1 << 16 { try flush() }
  }

  private func flush() throws {
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Adds a last line with the loss after the last step.
  func finish(step: Int, loss: Double) throws {
    buffer += "\(step),\(Self.number(loss)),\n".utf8
    try flush()
    try group.add(file)
  }
}
