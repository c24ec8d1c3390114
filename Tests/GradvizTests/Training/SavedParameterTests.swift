import Foundation
import GradvizKit
import GradvizTestSupport
import Testing

/// What a training ends with: its last loss, and its parameters, saved and read again.
extension TrainFileTests {
  @Test func `a loss that is not finite after the last step is an error`() throws {
    let folder = try folder()
    for text in [
      "param w = 1\nloss L = log(w)\noptimizer sgd(rate: 1)\nsteps 1\n",
      "param w = 1\nloss L = log(w) + w\noptimizer sgd(rate: 2)\nsteps 1\n",
    ] {
      _ = try folder.write(text, to: "end.grad")
      let result = try train(folder, ["train", "end.grad", "-o", "end", "--save", "p.json"])
      #expect(result.status == 1 && result.errors.contains("in step 1, forward pass: "), "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("p.json").path))
      let history = try String(contentsOf: folder.file("end/history.csv"), encoding: .utf8)
      #expect(history.split(separator: "\n").count == 3)
      #expect(FileManager.default.fileExists(atPath: folder.file("end/descent.svg").path))
    }
  }

  @Test func `saved parameters on standard output`() throws {
    let folder = try folder()
    let result = try train(folder, Self.arguments(steps: 9, save: "-"))
    #expect(result.status == 0)
    #expect(try TrainedParameters.decodeJSON(result.output).parameters.map(\.name) == ["w", "b"])
  }

  @Test(arguments: [
    (
      #"{"version":1,"parameters":[{"name":"w","shape":[],"values":[1]},{"name":"w","shape":[],"values":[2]},{"name":"b","values":3}]}"#,
      "parameters[1]: the parameter `w` is given twice"
    ),
    (
      #"{"version":1,"parameters":[{"name":"w","name":"b","values":1}]}"#,
      "parameters[0].name: it is given twice"
    ),
    (#"{"version":1,"version":1,"parameters":[]}"#, "version: it is given twice"),
    (
      #"{"version":1,"parameters":[{"name":"w","values":NaN}]}"#,
      "parameters[0].values: a parameter must be a finite number"
    ),
    (
      #"{"version":1,"parameters":[{"name":"w","shape":[2],"values":[1]}]}"#,
      "the shape 2 does not have 1 number\n"
    ),
    (#"{"version":1,"parameters":[{"name":"w","values":[1]"#, "p.json:1:52: error: expected `,` or"),
    (#"{"version":2,"parameters":[]}"#, "unsupported version 2; expected 1"),
    ("[1]", "p.json:1:1: error: these are not saved parameters"),
    (
      #"{"version":1,"parameters":[{"name":"w","values":1}]}"#,
      "p.json: error: the saved parameters have no `b`; the program has `w`, `b`\n"
    ),
    (
      #"{"version":1,"parameters":[{"name":"w","values":1},{"name":"b","values":1},{"name":"c","values":1}]}"#,
      "p.json: error: the program has no parameter `c`; it has `w`, `b`\n"
    ),
  ])
  func `saved parameters that are not the program's`(text: String, message: String) throws {
    let folder = try folder()
    _ = try folder.write(text, to: "p.json")
    let result = try train(folder, ["train", "net.grad", "--load", "p.json", "--steps", "1", "-o", "x"])
    #expect(result.status == 1 && result.errors.contains(message), "\(result.errors)")
  }
}
