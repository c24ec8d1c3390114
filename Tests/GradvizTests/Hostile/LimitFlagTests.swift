import Foundation
import GradvizTestSupport
import Testing

/// Each limit has a flag.
extension LimitTests {
  @Test func `every flag raises its limit, and lowers it`() throws {
    let folder = try TemporaryFolder()
    let net = "param a = [1, 2, 3]\nb = (((a + 1)))\nloss L = sum(a @ a * b)\nrate 0.1\nsteps 5\n"
    let file = try folder.write(net, to: "net.grad")
    for (flag, low, sentence) in [
      ("nesting", 2, "this is nested more than 2 levels deep"),
      ("values", 12, "more than 12 names, numbers and operations"),
      ("entries", 7, "more than 7 entries in total"),
      ("operations", 9, "a forward pass takes more than 9 operations"),
      ("steps", 4, "from 1 to 4; `--max-steps` raises the limit"),
      ("boxes", 1, "`--max-boxes 6` draws it anyway"),
      ("arrows", 1, "`--max-arrows 7` draws it anyway"),
    ] {
      let refused = try gradviz(
        ["draw", file, "--level", "tensor", "--collapse", "none", "--max-\(flag)", "\(low)"], in: folder)
      #expect(
        refused.status == 1 && refused.errors.contains(sentence) && refused.errors.contains("--max-\(flag)"),
        "\(flag): \(refused.errors)")
    }
    let graph = try gradviz(["draw", file, "-T", "json", "-o", "net.json"], in: folder)
    #expect(graph.status == 0)
    let few = try gradviz(["draw", "net.json", "--max-operands", "3", "-o", "out/"], in: folder)
    #expect(
      few.status == 1 && few.errors.contains("more than 3 operands; `--max-operands` raises the limit"),
      "\(few.errors)")
    let raised = try gradviz(
      [
        "draw",
        folder.write(
          "param w = 1\nloss L = " + times("(", 300) + "w * w" + times(")", 300) + "\nsteps 2000000\n",
          to: "deep.grad"), "--max-nesting", "400", "--max-steps", "3000000", "--stage", "loss",
      ],
      in: folder)
    #expect(raised.status == 0 && raised.errors.isEmpty, "\(raised.errors)")
    let large = try gradviz(
      [
        "draw",
        folder.write(
          "param w = zeros(10500000)\nx = 1" + "\n# " + times("-", 17 << 20) + "\n", to: "large.grad"),
        "--max-entries", "20000000", "--max-size", "20", "--stage", "forward",
      ],
      in: folder)
    #expect(large.status == 0, "\(large.errors)")
    for (arguments, sentence) in [
      (["draw", file, "--max-values", "0"], "`--max-values` takes 1 to"),
      (["draw", file, "--max-size", "-1"], "--max-size"),
      (
        ["train", file, "--steps", "1000001"],
        "`--steps` takes 1 to 1000000, not 1000001; `--max-steps` raises the limit"
      ),
    ] {
      let result = try gradviz(arguments, in: folder)
      #expect(result.status == 2 && result.errors.contains(sentence), "\(result.errors)")
    }
  }
}
