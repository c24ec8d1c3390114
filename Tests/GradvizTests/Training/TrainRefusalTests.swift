import Foundation
import GradvizTestSupport
import Testing

/// What can be known before anything is trained.
extension TrainFileTests {
  @Test(
    arguments: [
      (["-o", "net.grad"], 1, "net.grad/history.csv: error: the file cannot be written (Not a directory)"),
      (["-o", "net.grad/below"], 2, "`net.grad` is a file, not a folder; correct `-o`"),
      (["--save", "net.grad/p.json"], 1, "Not a directory"),
      (["--save", "folder"], 1, "folder: error: the file cannot be written (this is a folder, not a file)"),
      (
        ["-o", "folder"], 1,
        "folder/descent.svg: error: the file cannot be written (this is a folder, not a file)"
      ),
      (["--landscape", "w,q"], 1, "net.grad: error: unknown parameter `q`; expected one of w, b"),
      (["--landscape", "w"], 1, "a landscape takes two parameters"),
      (["--landscape", "w,w"], 1, "a landscape takes two parameters"),
      (
        ["--save", "new/history.csv", "-o", "new"], 2,
        "`--save new/history.csv` is a file that the training run itself writes"
      ),
      (["--save", "new/../new/descent.svg", "-o", "new"], 2, "is a file that the training run itself writes"),
      (
        ["--figures", "0,1000000"], 2,
        "`--figures` asks for step 1000000, but the training has 1000000 steps, 0 to 999999"
      ),
      (["--load", "folder/none.json"], 1, "no such file"),
      (["--compare", "adm"], 2, "unknown optimizer `adm` in `--compare`"),
    ] as [([String], Int32, String)])
  func `what can be known is known before`(arguments: [String], status: Int32, message: String) throws {
    let folder = try folder()
    try FileManager.default.createDirectory(
      at: folder.file("folder/descent.svg"), withIntermediateDirectories: true)
    let begin = Date()
    let result = try train(folder, ["train", "net.grad", "--steps", "1000000", "--quiet"] + arguments)
    #expect(result.status == status && result.errors.contains(message), "\(result.errors)")
    // A million steps take minutes.
    #expect(Date().timeIntervalSince(begin) < 60)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    #expect(left == ["folder", "net.grad"], "\(left)")
  }

  @Test func `two names of one place are one place`() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(at: folder.file("out"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("p.json").path, withDestinationPath: "out/history.csv")
    let result = try train(folder, Self.arguments(steps: 9, save: "p.json"))
    #expect(
      result.status == 2 && result.errors.contains("a file that the training run itself writes"),
      "\(result.errors)")
  }
}
