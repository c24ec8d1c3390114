import Autograd
import GradvizKit
import GradvizSystem

/// `history.csv`: one line a step, its number, the loss before its update and its rate, with twelve digits.
///
/// Written as the training goes, beside its place, and put there with the other files of the run.
final class HistoryFile {
  private var buffer = Array("step,loss,rate\n".utf8)
  private let file: PendingFile
  private let group: FileGroup

  /// - Throws: where it cannot be written, before anything is trained.
  init(folder: String, in group: FileGroup) throws {
    self.group = group
    file = try PendingFile("\(folder)/history.csv", in: group)
  }

  /// Where it will stand.
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

  /// The last line has the loss after the last step.
  func finish(step: Int, loss: Double) throws {
    buffer += "\(step),\(Self.number(loss)),\n".utf8
    try flush()
    try group.add(file)
  }
}
