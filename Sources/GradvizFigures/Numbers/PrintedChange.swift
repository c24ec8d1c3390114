import GradvizSystem

/// A number before and after a step, with enough digits to show the change.
struct PrintedChange {
  let before: String
  let after: String
  /// The format of both numbers, with at least the digits of the requested one.
  let format: NumberFormat
  /// Whether the numbers are equal.
  let isUnchanged: Bool

  init(_ before: Double, _ after: Double, _ format: NumberFormat) {
    isUnchanged = before == after || before.isNaN && after.isNaN
    /// Zeros behind the point, as in 20164.0, show no change.
    func looksUnchanged(_ format: NumberFormat) -> Bool {
      let (old, new) = (format.printed(before), format.printed(after))
      return old.text == new.text
        || old.value.isFinite && (new.value - old.value).high.magnitude <= 1e-20 * old.value.high.magnitude
    }
    var fine = format
    while !isUnchanged, looksUnchanged(fine), fine.precision < NumberFormat.maxDigits { fine = fine.finer }
    if !isUnchanged, looksUnchanged(fine) {
      // The change is beyond the last digit.
      let step = after - before
      self.before = format.text(before)
      self.after = "\(self.before) \(step < 0 ? "−" : "+") \(format.text(abs(step)))"
      self.format = format
    } else {
      self.before = fine.text(before)
      self.after = fine.text(after)
      self.format = fine
    }
  }

  /// How far the numbers are from each other, with the digits in which the printed ones agree with the real ones: from 1.434
  /// to 0.00028, which are 1.43371 and 0.00028, it is 1.43.
  func amount(_ before: Double, _ after: Double) -> String {
    let (old, new) = (format.printed(before), format.printed(after))
    let printed = (new.value - old.value).magnitude.high
    guard printed > 0 else { return format.full.text((after - before).magnitude) }
    func place(_ number: Double) -> Int { Int((log10(number) + 1e-9).rounded(.down)) }
    let digits = place(printed) - place(2 * max(old.tolerance.high, new.tolerance.high)) + 1
    let real = (after - before).magnitude
    let own = stride(from: digits, through: 1, by: -1).lazy.map { format.with($0) }
      .first { ($0.printed(printed).value - $0.printed(real).value).high.magnitude <= 1e-12 * real }
    // Where not even one digit agrees, the real change: from 2.2 to 2.1, which are 2.171 and 2.103, it is 0.068.
    return (own ?? format).text(real)
  }

  /// `0.6 → 0.60005`, or `0.6 (unchanged)`.
  func text(_ words: Words) -> String { isUnchanged ? "\(before) (\(words.unchanged))" : "\(before) → \(after)" }
}
