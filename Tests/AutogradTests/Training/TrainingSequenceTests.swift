import Autograd
import Testing

@Suite("A training as a sequence of steps")
struct TrainingSequenceTests {
  private func problem() -> (tape: Tape, w: Value, loss: Value) {
    let tape = Tape()
    let w = tape.parameter(1, name: "w")
    return (tape, w, (w - 3) ** 2)
  }

  @Test func `nothing changes on the tape before the first step is asked for`() throws {
    let (tape, w, loss) = problem()
    tape.optimizer = .sgd(rate: 0.5)
    let count = tape.count
    let training = Training(loss, optimizer: .adam(rate: 0.1), steps: 2)
    _ = training.makeAsyncIterator()
    #expect(tape.optimizer == .sgd(rate: 0.5) && w.data == 1 && tape.count == count && training.step == 0)
    _ = try training.next()
    #expect(tape.optimizer == .adam(rate: 0.1) && w.data != 1 && tape.count == count && training.step == 1)
  }

  @Test func `its steps end, and ending is not an error`() throws {
    let given = problem()
    let training = Training(given.loss, optimizer: .sgd(rate: 0.1), steps: 3)
    var steps: [Int] = []
    while let step = try training.next() { steps.append(step.step) }
    #expect(steps == [0, 1, 2])
    #expect(try training.next() == nil)
  }

  @Test func `a second loop says that there is one only`() async throws {
    let given = problem()
    let training = Training(given.loss, optimizer: .sgd(rate: 0.1), steps: 5)
    for try await step in training where step.step == 1 { break }
    do {
      for try await _ in training { Issue.record("a second loop") }
      Issue.record("the second loop ended without a word")
    } catch {
      #expect(error.reason == .iteratedTwice && error.description.contains("iterated once"))
    }
    // The remaining steps can still be performed.
    #expect(try training.next()?.step == 2)
  }

  @Test func `the asynchronous form lets other tasks run`() async throws {
    // Both run on the main actor: the other task runs only where training suspends.
    let seen = try await Self.interleaved()
    #expect(seen > 0)
  }

  @MainActor private static func interleaved() async throws -> Int {
    let tape = Tape()
    let w = tape.parameter(1, name: "w")
    var isDone = false
    var turns = 0
    let other = Task { @MainActor in
      while !isDone {
        turns += 1
        await Task.yield()
      }
    }
    for try await _ in Training((w - 3) ** 2, optimizer: .sgd(rate: 0.1), steps: 50) {}
    isDone = true
    let seen = turns
    await other.value
    return seen
  }

  @Test func `both forms end where the task is cancelled, and leave the parameters alone`() async {
    for isAsync in [false, true] {
      let task = Task { () -> (steps: Int, reason: TrainingError.Reason?, isSame: Bool) in
        let given = problem()
        let (w, loss) = (given.w, given.loss)
        let training = Training(loss, optimizer: .sgd(rate: 0.1))
        var last = w.data
        func note() {
          last = w.data
          if training.step == 5 { withUnsafeCurrentTask { $0?.cancel() } }
        }
        do throws(TrainingError) {
          if isAsync {
            for try await _ in training { note() }
          } else {
            while try training.next() != nil { note() }
          }
        } catch {
          return (training.step, error.reason, w.data == last)
        }
        return (training.step, nil, false)
      }
      let result = await task.value
      #expect(result.steps == 5 && result.reason == .cancelled && result.isSame)
    }
  }

  @Test func `mini-batches are set before each step`() throws {
    let tape = Tape()
    let x = tape.input([0.0], name: "x")
    let w = tape.parameter(1, name: "w")
    let loss = (x * w).sum().value
    let training = Training(loss, optimizer: .sgd(rate: 0), steps: 3) { x.data = [Double($0)] }
    var losses: [Double] = []
    while let step = try training.next() { losses.append(step.loss) }
    #expect(losses == [0, 1, 2])
  }
}
