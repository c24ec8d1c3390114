import Autograd
import Foundation
import GradvizTestSupport
import Testing

@testable import GradLanguage

@Suite("Losses and what their targets may be")
struct LossCodingTests {
  private let head =
    "input x = [[1, 0], [0, 1], [1, 1]]\nparam W = [[1, 2, 3], [0, 1, -1]]\nparam w = [1, -1]\n"

  /// The diagnostics for a loss of three samples; `y` are 0 and 1, `s` are −1 and 1, `c` classes from 1.
  private func said(_ loss: String) -> [String] {
    messages(
      head + "target y = [0, 1, 1]\ntarget s = [-1, 1, 1]\ntarget c = [1, 3, 2]\nloss L = \(loss)"
    ).map { String($0.drop { $0 != " " }.dropFirst()) }
  }

  @Test(arguments: [
    ("bce(sigmoid(x @ w), y)", nil),
    ("bce(sigmoid(x @ w), (s + 1) / 2)", nil),
    ("bce(sigmoid(x @ w), 0.25)", nil),
    ("bce_with_logits(x @ w, 1 - y)", nil),
    ("hinge(x @ w, s)", nil),
    ("hinge(x @ w, 2 * y - 1)", nil),
    ("cross_entropy(x @ W, c - 1)", nil),
    ("cross_entropy(x @ W, +y)", nil),
    ("cross_entropy(x @ W, max(y, 0))", nil),
    (
      "bce(sigmoid(x @ w), s)",
      "`bce` takes targets from 0 to 1, not −1; `(s + 1) / 2` turns −1 and 1 into 0 and 1; `hinge` takes −1 and 1"
    ),
    ("bce(sigmoid(x @ w), c)", "`bce` takes targets from 0 to 1, not 3"),
    (
      "bce_with_logits(x @ w, s)",
      "`bce_with_logits` takes targets from 0 to 1, not −1; `(s + 1) / 2` turns −1 and 1 into 0 and 1; `hinge` takes −1 and 1"
    ),
    ("focal(x @ w, c)", "`focal` takes targets from 0 to 1, not 3"),
    (
      "focal(x @ w, s)",
      "`focal` takes targets from 0 to 1, not −1; `(s + 1) / 2` turns −1 and 1 into 0 and 1; `hinge` takes −1 and 1"
    ),
    ("focal(x @ w, y)", nil),
    ("kl_div(log(sigmoid(x @ w)), c / 3)", nil),
    ("kl_div(log(sigmoid(x @ w)), s)", "`kl_div` takes probabilities as its targets, at least 0, not −1"),
    ("cross_entropy(x @ W, +y, label_smoothing: 1)", nil),
    ("cross_entropy(x @ W, +y, label_smoothing: 1.5)", "`label_smoothing` is from 0 to 1, not 1.5"),
    (
      "bce(c, y)",
      "`bce` takes probabilities from 0 to 1, not 3; use `bce_with_logits` for scores before the sigmoid"
    ),
    (
      "hinge(x @ w, y)",
      "`hinge` takes targets −1 and 1, not 0; `2 * y - 1` turns 0 and 1 into −1 and 1; `bce` takes 0 and 1"
    ),
    ("hinge(x @ w, c / 2)", "`hinge` takes targets −1 and 1, not 0.5"),
    (
      "hinge(x @ w, 0)",
      "`hinge` takes targets −1 and 1, not 0"
    ),
    (
      "cross_entropy(x @ W, c)",
      "3 is not one of the classes 0 to 2; if classes count from 1, write `c - 1`"
    ),
    ("cross_entropy(x @ W, y / 2)", "0.5 is not one of the classes 0 to 2"),
    ("cross_entropy(x @ W, s)", "-1 is not one of the classes 0 to 2"),
    ("cross_entropy(x @ W, y * w[0])", "the classes are a `target` of whole numbers, or rows of `one_hot`"),
  ])
  func `targets of the wrong coding are errors that say the right one`(_ loss: String, _ message: String?) {
    // `c - 1` is one, too: 3 is the first that is not 0, 1 or 2.
    #expect(said(loss) == [message].compactMap { $0 })
  }

  @Test func `what an earlier line makes of data is looked at as well`() {
    let names = head + "target y = [0, 1, 1]\ndef signed(a) = 2 * a - 1\ns = signed(y)\nt = s * 2\n"
    #expect(messages(names + "loss L = hinge(x @ w, s) + 0 * sum(t)").isEmpty)
    #expect(messages(names + "loss L = hinge(x @ w, t)") == ["8:23: `hinge` takes targets −1 and 1, not −2"])
    #expect(messages(names + "u = t * w[0]\nloss L = hinge(x @ w, u)").isEmpty)
  }

  @Test(arguments: [
    ("accuracy(x @ W, c - 1)", nil), ("accuracy(x @ w, y)", nil), ("accuracy(x @ w, s)", nil),
    ("accuracy(x @ W, one_hot([0, 1, 2], 3))", nil),
    (
      "accuracy(x @ W, c)",
      "3 is not one of the classes 0 to 2; if classes count from 1, write `c - 1`"
    ),
    (
      "accuracy(x @ w, c)",
      "`accuracy` with one score per sample takes targets 0 and 1 or −1 and 1, not 3; rows of scores take class numbers"
    ),
  ])
  func `metrics look at their targets, too`(_ metric: String, _ message: String?) {
    let program =
      head
      + "target y = [0, 1, 1]\ntarget s = [-1, 1, 1]\ntarget c = [1, 3, 2]\nloss L = sum(w**2)\nmetric a = \(metric)"
    #expect(
      messages(program).map { String($0.drop { $0 != " " }.dropFirst()) } == [message].compactMap { $0 })
  }

  @Test func `shapes of scores and targets that do not belong together`() {
    let names = head + "target y = [[0], [1], [2]]\ntarget o = one_hot([0, 1, 2], 3)\nloss L = sum(w**2)\n"
    #expect(
      messages(names + "k = cross_entropy(x @ W, y)") == [
        "7:5: `cross_entropy(x @ W, y)`: x @ W is 3×3, y is 3×1: a loss compares entry by entry; `y[:, 0]` is a vector"
      ])
    #expect(
      messages(names + "metric a = accuracy((x @ W)[:, 0], o)") == [
        "7:12: `accuracy((x @ W)[:, 0], o)`: (x @ W)[:, 0] has 3 entries, o is 3×3: every sample needs scores and a target"
      ])
    // A column of scores against one-hot rows used to be compared entry by entry.
    #expect(messages(names + "metric a = accuracy(x @ [[1], [1]], o)").count == 1)
  }

  @Test func `one sample has one class`() throws {
    let one = try parse("param z = [1, -2, 0.5]\ntarget y = 1\nloss L = cross_entropy(z, y)").record()
    // PyTorch's F.cross_entropy(torch.tensor([1, -2, 0.5]), torch.tensor(1)).
    #expect(abs((one.loss?.data ?? 0) - 3.5045969023422834) < 1e-14)
    #expect(
      messages("param z = [1, -2, 0.5]\ntarget y = 3\nloss L = cross_entropy(z, y)") == [
        "3:27: 3 is not one of the classes 0 to 2"
      ])
  }

  @Test func `scores in bce are warned of`() throws {
    let program = try parse("input x = [3, 4]\ntarget y = [0, 1]\nparam w = 1\nloss L = bce(x * w, y)")
    let warning = try #require(program.record().warnings.first)
    #expect(warning.message == "`bce(x * w, y)` is NaN, not a finite number")
    #expect(
      warning.hint
        == "`bce` takes probabilities from 0 to 1; use `bce_with_logits` for scores before the sigmoid")
  }
}

@Suite("Cross-entropy of random rows is that of the textbook")
struct CrossEntropyLaw {
  @Test(arguments: 0..<Seeds.count(default: 60))
  func `cross-entropy is minus the weighted logarithms of the softmax, for any rows`(_ seed: Int) throws {
    var numbers = SeededNumbers(seed: seed)
    let (rows, classes) = (1 + numbers.drawOrder(of: 4)[0], 2 + numbers.drawOrder(of: 3)[0])
    func matrix(_ entry: () -> Double) -> [[Double]] {
      (0..<rows).map { _ in (0..<classes).map { _ in entry() } }
    }
    let scores = matrix { numbers.drawNormal() * 3 }
    let kind = seed % 4
    // Weights, several classes or none, distributions, and a single class.
    let weights = matrix { kind == 0 ? numbers.drawNormal() : numbers.drawUniform() < 0.5 ? 0 : 1 }
      .map { row -> [Double] in
        let total = row.reduce(0, +)
        if kind == 2, total != 0 { return row.map { $0 / total } }
        return kind == 3 ? row.indices.map { $0 == 0 ? 1 : 0 } : row
      }
    let expected =
      zip(scores, weights).map { z, y -> Double in
        let total = z.reduce(0) { $0 + exp($1) }
        return zip(z, y).reduce(0) { $0 - $1.1 * log(exp($1.0) / total) }
      }.reduce(0, +) / Double(rows)
    let program = try parse("param z = \(scores)\ntarget y = \(weights)\nloss L = cross_entropy(z, y)")
    let recording = program.record()
    let loss = try #require(recording.loss)
    #expect(abs(loss.data - expected) <= 1e-12 * max(1, abs(expected)), "\(loss.data), \(expected)")
    // The mean is over the samples, and its gradient is y·Σ − …, as finite differences show.
    #expect(recording.tape.check(loss).allSatisfy { $0.verdict == .agrees || $0.passes })
  }
}
