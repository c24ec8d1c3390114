import Foundation
import GradvizKit

/// `history.csv`: one line a step, its number, the loss before its update and its rate, with twelve digits.
///
/// Written as the training goes, beside its place, and put there once it is whole.
final class HistoryFile {
  private let folder: String
  private var buffer = Data("step,loss,rate\n".utf8)
  private var file: FileHandle?
  private var partial: String { "\(folder)/.history.csv.partial" }

  init(folder: String) { self.folder = folder }

  deinit { try? FileManager.default.removeItem(atPath: partial) }

  private static func number(_ value: Double) -> String {
    value.isFinite ? String(format: "%.12g", value) : "nan"
  }

  func add(_ entry: ProgramTrainer.Entry) throws {
    buffer.append(Data("\(entry.step),\(Self.number(entry.loss)),\(Self.number(entry.rate))\n".utf8))
    if buffer.count > 1 << 16 { try flush() }
  }

  private func flush() throws {
    do {
      if file == nil {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard FileManager.default.createFile(atPath: partial, contents: nil) else {
          throw CocoaError(.fileWriteUnknown)
        }
        file = try FileHandle(forWritingTo: URL(fileURLWithPath: partial))
      }
      try file?.write(contentsOf: buffer)
      buffer.removeAll(keepingCapacity: true)
    } catch {
      throw Failure.input("\(folder)/history.csv: error: the file cannot be written")
    }
  }

  /// The last line has the loss after the last step.
  func finish(step: Int, loss: Double) throws {
    buffer.append(Data("\(step),\(Self.number(loss)),\n".utf8))
    guard file != nil else { return try Files.write(Array(buffer), to: "\(folder)/history.csv") }
    try flush()
    try? file?.close()
    file = nil
    guard rename(partial, "\(folder)/history.csv") == 0 else {
      throw Failure.input(
        "\(folder)/history.csv: error: the file cannot be written (\(String(cString: strerror(errno))))")
    }
  }
}
