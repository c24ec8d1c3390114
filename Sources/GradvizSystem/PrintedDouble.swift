/// Decimals as C's `printf` rounds them: once, and correctly, to any number of digits.
extension Double {
  /// One digit before the point, as `%.3e` prints it: `4.210e-02`.
  package func scientific(decimals: Int) -> String { printed("%.*e", decimals) }

  /// So many significant digits, without zeros at the end, as `%.6g` prints it: `0.0421`, `1e+20`.
  package func general(digits: Int) -> String { printed("%.*g", digits) }

  private func printed(_ format: String, _ digits: Int) -> String {
    withVaList([Int32(digits), self]) { arguments in
      // A sign, a digit, the point and `e-308` around the digits.
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: digits + 32) { buffer in
        let count = Int(vsnprintf(buffer.baseAddress, buffer.count, format, arguments))
        let bytes = UnsafeRawBufferPointer(buffer)[..<min(count, buffer.count - 1)]
        let text = String(decoding: bytes, as: UTF8.self)
        // A program that uses the library may have chosen a locale that has a comma there.
        let point = String(cString: localeconv().pointee.decimal_point)
        return point == "." ? text : text.replacing(point, with: ".")
      }
    }
  }
}
