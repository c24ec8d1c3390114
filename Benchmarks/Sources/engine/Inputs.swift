import Foundation

/// A random graph of numbers, read from the file that every peer reads.
struct Dag {
  let leaves: [Double]
  /// operation (0 a + b, 1 a · b, 2 tanh a, 3 exp a), a, b; three entries for each operation.
  let operations: [Int32]

  var count: Int { operations.count / 3 }

  init(path: String) throws {
    let data = try Data(contentsOf: URL(filePath: path))
    let head = data.withUnsafeBytes {
      ($0.loadUnaligned(as: Int32.self), $0.loadUnaligned(fromByteOffset: 4, as: Int32.self))
    }
    let size = 12 * Int(head.1)
    operations = data.withUnsafeBytes { bytes in
      (0..<3 * Int(head.1)).map { bytes.loadUnaligned(fromByteOffset: 8 + 4 * $0, as: Int32.self) }
    }
    leaves = data.withUnsafeBytes { bytes in
      (0..<Int(head.0)).map { bytes.loadUnaligned(fromByteOffset: 8 + size + 8 * $0, as: Double.self) }
    }
  }
}

/// Lines of numbers.
func numbers(path: String) throws -> [[Double]] {
  try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
    $0.split(separator: " ").compactMap { Double($0) }
  }
}
