/// A 64-bit hash of some content (FNV-1a), the same in every process and on every machine.
///
/// It detects accidental changes, not malicious ones.
package struct Fingerprint {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  package init() {}

  package init(of bytes: some Sequence<UInt8>) { combine(bytes) }

  package mutating func combine(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { combine(byte) }
  }

  /// Adds a text and a terminator, so that `ab`, `c` differs from `a`, `bc`.
  package mutating func combine(_ text: String) {
    combine(text.utf8)
    combine(0xFF as UInt8)
  }

  /// Adds a length or a coordinate at the precision of files, since the last bits of a number differ between
  /// machines.
  package mutating func combine(_ length: Double) {
    let tenths = (length * 10).rounded() + 0
    withUnsafeBytes(of: tenths.bitPattern.littleEndian) { combine($0) }
  }

  private mutating func combine(_ byte: UInt8) {
    state = (state ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  /// Up to 16 hexadecimal digits.
  package func text(digits: Int = 16) -> String {
    let all = String(state, radix: 16)
    return String((String(repeating: "0", count: 16 - all.count) + all).suffix(digits))
  }
}
