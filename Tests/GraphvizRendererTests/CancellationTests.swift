import Foundation
import Testing

@testable import GraphvizRenderer

@Suite("Cancellation")
struct CancellationTests {
  #if os(Linux) && compiler(>=6.2)
    /// The drawing thread is busy until the waiting task has ended: if cancelling did not end the wait, nothing
    /// would.
    ///
    /// In a process of its own, whose tasks no other test's drawings hold up.
    @Test(.timeLimit(.minutes(10))) func `a drawing that waits for its turn ends with its task`() async {
      await #expect(processExitsWith: .success) {
        let (isBusy, isOver) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let isWaiting = DispatchSemaphore(value: 0)
        Thread {
          try? GraphvizThread.run {
            isBusy.signal()
            isOver.wait()
          }
        }.start()
        let waiting = Task.detached {
          isBusy.wait()
          isWaiting.signal()
          return try Graphviz.svg(pinned, style: plainStyle)
        }
        Thread {
          isWaiting.wait()
          Thread.sleep(forTimeInterval: 0.05)
          waiting.cancel()
        }.start()
        guard case .failure(let error as GraphvizError) = await waiting.result, error.reason == .cancelled
        else {
          fatalError("this was drawn while another drawing was under way")
        }
        isOver.signal()
        guard try Graphviz.svg(pinned, style: plainStyle).contains("<svg") else { fatalError("no drawing") }
      }
    }
  #endif

  @Test func `nothing is drawn for a cancelled task, in any format`() async {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return [
        { _ = try Graphviz.svg(pinned, style: plainStyle) }, { _ = try Graphviz.png(pinned) },
        { _ = try Graphviz.pdf(pinned) }, { _ = try Graphviz.version() },
      ].map { (draw: () throws -> Void) -> GraphvizError.Reason? in
        do {
          try draw()
          return nil
        } catch {
          return (error as? GraphvizError)?.reason
        }
      }
    }
    #expect(await task.value == Array(repeating: .cancelled, count: 4))
  }

  @Test func `a drawing after a cancelled one is as before`() async throws {
    let before = try Graphviz.svg(pinned, style: plainStyle)
    for _ in 0..<8 {
      let task = Task.detached { try Graphviz.svg(pinned, style: plainStyle) }
      task.cancel()
      if let svg = try? await task.value { #expect(svg == before) }
    }
    #expect(try Graphviz.svg(pinned, style: plainStyle) == before)
  }
}
