import GradvizDocuments
import GradvizSystem

/// Takes programs up again when they, data files that they name, or files that are read with them are saved.
struct ProgramWatch {
  /// Each program, and what is read with it, such as the parameters of `--load`.
  let files: [(program: String, others: [String])]

  /// Between two looks, in microseconds: well below what a reader notices.
  private static let interval: UInt32 = 20_000

  /// Calls `body` with each program's place, and again after each save, until Ctrl-C; what it throws is noted.
  ///
  /// - Parameter body: what is done; its second argument is true in the first round.
  func run(_ body: (Int, Bool) throws -> Void) {
    Interruption.watch()
    var stamps: [[FileStamp]] = []
    var isFirst = true
    while !Interruption.isAsked {
      for (place, file) in files.enumerated() where !Interruption.isAsked {
        if stamps.count > place {
          guard !stamps[place].allSatisfy(\.isCurrent) else { continue }
          // An editor may still be writing: a file is read once it stays unchanged between two looks.
          let seen = stamps[place].map { FileStamp($0.path) }
          usleep(Self.interval)
          guard seen.allSatisfy(\.isCurrent) else { continue }
        }
        let before = (Self.read(by: file.program) + file.others).map { FileStamp($0) }
        do { try body(place, isFirst) } catch let failure as Failure {
          // Standard output is closed.
          if failure.message.isEmpty { return }
          Terminal.note(failure.message)
        } catch {
          Terminal.note("gradviz: error: \(error)")
        }
        if stamps.count > place { stamps[place] = before } else { stamps.append(before) }
      }
      isFirst = false
      usleep(Self.interval)
    }
  }

  /// The program and the files whose paths stand in it in quotes.
  private static func read(by program: String) -> [String] {
    guard let text = try? Files.read(program) else { return [program] }
    let quoted = text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 && $0.element.utf8.count < 1000 && !$0.element.contains("\n") }
      .map { FilePath.joined(FilePath.folder(program), String($0.element)) }
    return [program] + quoted
  }
}
