/// Numbers as bytes, the least significant first: those of a list in base64, and of NumPy's `.npy` files.
enum NumberBytes {
  struct Fault: Error {
    let message: String
    init(_ message: String) { self.message = message }
  }

  struct Array {
    var numbers: [Double]
    var shape: [Int]
  }

  /// Decodes numbers of a type of NumPy.
  static func numbers(_ bytes: [UInt8], type: String) throws(Fault) -> [Double] {
    switch type {
    case "float32", "f4": try each(bytes, 4) { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) }
    case "float64", "f8": try each(bytes, 8) { Double(bitPattern: $0) }
    case "float16", "f2": try each(bytes, 2) { half(UInt16(truncatingIfNeeded: $0)) }
    case "bfloat16": try each(bytes, 2) { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0) << 16)) }
    case "int64", "i8": try each(bytes, 8) { Double(Int64(bitPattern: $0)) }
    case "int32", "i4": try each(bytes, 4) { Double(Int32(bitPattern: UInt32(truncatingIfNeeded: $0))) }
    case "uint8", "u1", "bool", "b1": bytes.map(Double.init)
    default: throw Fault("\(quoted(type)) is not one of float64, float32, float16, bfloat16, int64, int32, uint8, bool")
    }
  }

  private static func each(
    _ bytes: [UInt8], _ size: Int, _ number: (UInt64) -> Double
  ) throws(Fault) -> [Double] {
    guard bytes.count % size == 0 else { throw Fault("\(bytes.count) bytes are not numbers of \(size) bytes each") }
    return stride(from: 0, to: bytes.count, by: size).map { start in
      number((0..<size).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) })
    }
  }

  /// A number of 16 bits; the type `Float16` is not there on every machine.
  private static func half(_ bits: UInt16) -> Double {
    let sign = bits >> 15 == 0 ? 1.0 : -1.0
    let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction / 1024) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }

  /// Decodes a file of `numpy.save`.
  static func npy(_ bytes: [UInt8]) throws(Fault) -> Array {
    let magic: [UInt8] = [0x93] + Swift.Array("NUMPY".utf8)
    guard bytes.starts(with: magic), bytes.count >= 12 else { throw Fault("this is not a file of `numpy.save`") }
    let isOld = bytes[6] == 1
    let size = isOld ? Int(bytes[8]) | Int(bytes[9]) << 8 : (0..<4).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    let start = (isOld ? 10 : 12) + size
    guard start <= bytes.count else { throw Fault("the file ends in its header") }
    let header = String(decoding: bytes[(isOld ? 10 : 12)..<start], as: UTF8.self)
    guard let type = text(in: header, after: "'descr':"), let list = list(in: header) else {
      throw Fault("the header has no `descr` and `shape`")
    }
    guard !header.contains("'fortran_order': True") else { throw Fault("expected an array in C order") }
    guard !type.hasPrefix(">") else { throw Fault("expected the least significant byte first") }
    let numbers = try numbers(Swift.Array(bytes[start...]), type: String(type.drop { "<|=".contains($0) }))
    return Array(numbers: numbers, shape: list)
  }

  /// The text in quotes after a key.
  private static func text(in header: String, after key: String) -> String? {
    let parts = header.split(separator: "'", omittingEmptySubsequences: false)
    let name = key.filter { $0 != "'" && $0 != ":" }
    guard let at = parts.firstIndex(where: { $0 == name }), at + 2 < parts.count else { return nil }
    return String(parts[at + 2])
  }

  /// The sizes in round brackets.
  private static func list(in header: String) -> [Int]? {
    guard let open = header.firstIndex(of: "("), let close = header[open...].firstIndex(of: ")") else { return nil }
    let items = header[header.index(after: open)..<close].split(separator: ",").map { $0.filter { $0 != " " } }
    let sizes = items.filter { !$0.isEmpty }.compactMap { Int($0) }
    return sizes.count == items.filter { !$0.isEmpty }.count ? sizes : nil
  }
}
