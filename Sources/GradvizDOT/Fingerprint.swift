/// A number that stands for a content: the same in every process and on every machine, and another one as soon as
/// a byte differs (FNV-1a, 64 bits). It tells a change by accident, not by malice.
package struct Fingerprint {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  package init() {}

  package init(of bytes: some Sequence<UInt8>) { combine(bytes) }

  package mutating func combine(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { combine(byte) }
  }

  /// A text and its end, so that `ab`, `c` differs from `a`, `bc`.
  package mutating func combine(_ text: String) {
    combine(text.utf8)
    combine(0xFF as UInt8)
  }

  /// A length or a place on a sheet, as finely as files have it: the last bits of a number differ between machines.
  package mutating func combine(_ length: Double) {
    let tenths = (length * 10).rounded() + 0
    withUnsafeBytes(of: tenths.bitPattern.littleEndian) { combine($0) }
  }

  private mutating func combine(_ byte: UInt8) {
    state = (state ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  /// Hexadecimal digits, 16 at most.
  package func text(digits: Int = 16) -> String {
    let all = String(state, radix: 16)
    return String((String(repeating: "0", count: 16 - all.count) + all).suffix(digits))
  }
}
