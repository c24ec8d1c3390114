import GradvizDocuments
import GradvizSystem

/// Draws programs again when they, data files that they name, or the parameters of `--load` are saved.
struct DrawWatch {
  let command: Draw

  /// Between two looks, in microseconds: well below what a reader notices.
  private static let interval: UInt32 = 20_000

  func run() throws {
    Interruption.watch()
    var stamps: [[FileStamp]] = []
    var isFirst = true
    let jobs = try command.jobs()
    while !Interruption.isAsked {
      for (place, job) in jobs.enumerated() where !Interruption.isAsked {
        if stamps.count > place {
          guard !stamps[place].allSatisfy(\.isCurrent) else { continue }
          // An editor may still be writing: a file is drawn once it stays unchanged between two looks.
          let seen = stamps[place].map { FileStamp($0.path) }
          usleep(Self.interval)
          guard seen.allSatisfy(\.isCurrent) else { continue }
        }
        let before = (Self.read(by: job.file) + (job.load.map { [$0] } ?? [])).map { FileStamp($0) }
        draw(job, isFirst: isFirst && place == 0)
        if stamps.count > place { stamps[place] = before } else { stamps.append(before) }
      }
      isFirst = false
      usleep(Self.interval)
    }
  }

  private func draw(_ job: Draw, isFirst: Bool) {
    do {
      let written = try job.drawAll()
      if isFirst, job.show, let first = written.first { try Terminal.showFile(first) }
    } catch let failure as Failure {
      Terminal.note(failure.message)
    } catch {
      Terminal.note("gradviz: error: \(error)")
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
