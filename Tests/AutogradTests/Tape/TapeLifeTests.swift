import Autograd
import Testing

@Suite("How long a tape lives, and its values")
struct TapeLifeTests {
  @Test("a value is plain data of 16 bytes")
  func plainData() {
    #expect(_isPOD(Value.self))
    #expect(MemoryLayout<Value>.size == 16)
  }

  /// A value whose tape is gone when the function returns.
  @inline(never)
  private static func leftover() -> Value {
    let tape = Tape()
    return tape.parameter(1) + tape.input(2)
  }

  @Test("a value of a tape that is gone ends the program with a message")
  func goneTape() async {
    let read = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      print(TapeLifeTests.leftover().data)
    }
    expect(read, says: "a value of a tape that is gone: hold the tape as long as its values are used")
    let sum = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let old = TapeLifeTests.leftover()
      // Where the tape that is gone was.
      let tape = Tape()
      print((tape.input(1) + tape.input(2)).data, (tape.input(3) + old).data)
    }
    expect(sum, says: "a value of a tape that is gone")
    let backward = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      TapeLifeTests.leftover().backward()
    }
    expect(backward, says: "a value of a tape that is gone")
  }

  @Test("a value from before its tape was emptied ends the program, even where there is a new one in its place")
  func emptiedTape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tape = Tape()
      let old = tape.input(1)
      tape.removeAll(keepingCapacity: true)
      print(tape.input(2).data, old.data)
    }
    expect(result, says: "a value from before the tape was emptied")
  }

  @Test("values of two tapes end the program with their names")
  func twoTapes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let (one, other) = (Tape(), Tape())
      print((one.input(1, name: "a") + other.input(2, name: "b")).data)
    }
    expect(result, says: "a (a scalar) and b (a scalar) belong to different tapes")
  }

  private func expect(_ result: ExitTest.Result?, says message: String) {
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(message), "\(text)")
  }

  @Test("values are equal where they are the same node of the same recording")
  func identity() {
    let (tape, other) = (Tape(), Tape())
    let (a, b) = (tape.input(1), tape.input(1))
    #expect(a == Tensor(a).value && a.hashValue == Tensor(a).value.hashValue)
    #expect(a != b && a != other.input(1))
    #expect(Set([a, b, a, a + b]).count == 3)
    tape.removeAll()
    #expect(a != tape.input(1), "of another recording")
    // A value whose tape is gone can still be compared.
    let old = Self.leftover()
    #expect(old == old && old != Self.leftover())
  }

  @Test("a tensor, a layer and a training hold their tape")
  func holders() throws {
    func tensor() -> Tensor { Tape().input([1, 2, 3]) }
    let x = tensor()
    #expect(x.sum().value.data == 6)

    func training() -> Training {
      let tape = Tape()
      let w = tape.parameter(1, name: "w")
      return Training((w - 3) ** 2, optimizer: .sgd(rate: 0.1), steps: 50)
    }
    let run = training()
    while try run.next() != nil {}
    #expect(run.loss.data < 1e-6)

    let layer = Linear(Tape(), inputs: 2, outputs: 1, name: "l")
    #expect(layer.weight.data.count == 2)
  }

  @Test("a tape is held by its variable to the end of its scope, whatever is used last")
  func scope() {
    weak var kept: Tape?
    do {
      let tape = Tape()
      kept = tape
      let loss = tanh(tape.parameter(0.5) * tape.input(2))
      loss.backward()
      #expect(loss.data > 0.7 && loss.gradient == 1)
      withExtendedLifetime(tape) {}
    }
    #expect(kept == nil, "values hold no tape")
  }

  @Test("many tapes at once, made, used and released by many tasks")
  func parallel() async {
    func sum(_ seed: Int) -> Double {
      let tape = Tape()
      let x = tape.parameter(Double(seed))
      var total = x * 0.5
      for _ in 0..<200 { total += tanh(x * 0.01) }
      total.backward()
      return total.data + x.gradient
    }
    let expected = (0..<16).map(sum)
    await withTaskGroup(of: [Double].self) { group in
      for _ in 0..<8 {
        group.addTask {
          var found: [Double] = []
          for _ in 0..<20 { found = (0..<16).map(sum) }
          return found
        }
      }
      for await found in group { #expect(found == expected) }
    }
  }
}
