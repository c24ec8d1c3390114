import Autograd
import GradvizKit
import Testing

/// The Swift programs of README.md and of the documentation, word for word, so that they are compiled and run; that
/// none is missing or differs, ``DocumentedSwiftTests`` sees.
@Suite("The Swift programs of the documentation run")
struct SwiftExamples {
  @Test func `ten lines of Swift`() throws {
    let tape = Tape()
    let x = tape.input([0, -2], name: "x")
    let w = tape.parameter([4, 2], name: "w")
    let b = tape.parameter(3, name: "b")
    let loss = tanh(matmul(x, w) + b).label("L", role: .loss).value
    loss.backward()
    print(loss, w.gradient, b.gradient)  // L = -0.761594 [0.0, -0.8399…] 0.4199…
    print(try loss.figure(.backward).svg())  // the figure, as an SVG file
  }

  @Test func `a training`() throws {
    let tape = Tape()
    let x = tape.input([[0, 0], [0, 1], [1, 0], [1, 1]], name: "x")
    let y = tape.target([-1, 1, 1, -1], name: "y")
    let network = MLP(tape, sizes: [2, 16, 16, 1], activation: .relu)
    let loss = hinge(network(x)[..., 0], y).value
    let training = Training(loss, optimizer: .adam(rate: 0.01), steps: 200)
    while let step = try training.next() {
      if step.step % 50 == 0 { print(step) }  // such as `step 50: loss 0.0712, rate 0.01`
    }
  }
}
