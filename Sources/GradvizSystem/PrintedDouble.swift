/// Decimal formatting with the rounding of C's `printf`: once, and correctly, to any number of digits.
extension Double {
  /// One digit before the decimal point, like `%.3e`: `4.210e-02`.
  package func scientific(decimals: Int) -> String { printed("%.*e", decimals) }

  /// A number of significant digits, without trailing zeros, like `%.6g`: `0.0421`, `1e+20`.
  package func general(digits: Int) -> String { printed("%.*g", digits) }

  private func printed(_ format: String, _ digits: Int) -> String {
    withVaList([Int32(digits), self]) { arguments in
      // A sign, a digit, the decimal point and `e-308` around the digits.
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: digits + 32) { buffer in
        let count = Int(vsnprintf(buffer.baseAddress, buffer.count, format, arguments))
        let bytes = UnsafeRawBufferPointer(buffer)[..<min(count, buffer.count - 1)]
        let text = String(decoding: bytes, as: UTF8.self)
        // A program that uses the library may have set a locale with a decimal comma.
        let point = String(cString: localeconv().pointee.decimal_point)
        return point == "." ? text : text.replacing(point, with: ".")
      }
    }
  }
}
