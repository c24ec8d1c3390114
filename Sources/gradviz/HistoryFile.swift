import Foundation
import GradvizKit

/// `history.csv`: one line a step, its number, the loss before its update and its rate, with twelve digits.
///
/// Written as the training goes, beside its place, and put there once it is whole.
final class HistoryFile {
  private let path: String
  private var buffer = Data("step,loss,rate\n".utf8)
  private var file: PendingFile?

  init(folder: String) { path = "\(folder)/history.csv" }

  private static func number(_ value: Double) -> String {
    value.isFinite ? String(format: "%.12g", value) : value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }

  func add(_ entry: ProgramTrainer.Entry) throws {
    buffer.append(Data("\(entry.step),\(Self.number(entry.loss)),\(Self.number(entry.rate))\n".utf8))
    if buffer.count > 1 << 16 { _ = try flushed() }
  }

  private func flushed() throws -> PendingFile {
    let file = try file ?? PendingFile(path)
    self.file = file
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
    return file
  }

  /// The last line has the loss after the last step.
  func finish(step: Int, loss: Double) throws {
    buffer.append(Data("\(step),\(Self.number(loss)),\n".utf8))
    try flushed().commit()
    file = nil
  }
}
