import Autograd
import GradvizSystem

/// Measures a JSON text before decoding it: a decoder takes many times the memory of the text, and its stack
/// is as deep as the text nests.
package enum JSONSize {
  /// A graph nests five levels deep; a text that nests deeper than this is not a graph.
  private static let nesting = 32

  /// - Throws: ``GraphFormatError`` if the text exceeds the allowed number of bytes, objects or numbers.
  /// - Complexity: O(bytes), without additional memory.
  package static func check(_ data: Data, _ limits: Limits) throws(GraphFormatError) {
    guard data.count <= limits.dataBytes else {
      throw refusal("the file has more than \(limits.dataBytes >> 20) MiB", .size, limits)
    }
    var depth = 0
    var deepest = 0
    var (objects, items) = (0, 0)
    var isText = false
    var isEscaped = false
    data.withUnsafeBytes { bytes in
      for byte in bytes {
        if isText {
          if isEscaped {
            isEscaped = false
          } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
          } else if byte == UInt8(ascii: "\"") {
            isText = false
          }
          continue
        }
        switch byte {
        case UInt8(ascii: "\""): isText = true
        case UInt8(ascii: "["), UInt8(ascii: "{"):
          depth += 1
          deepest = max(deepest, depth)
          if byte == UInt8(ascii: "{") { objects += 1 } else { items += 1 }
        case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
        case UInt8(ascii: ","): items += 1
        default: break
        }
      }
    }
    guard deepest <= nesting else {
      throw GraphFormatError(path: "", message: "the file nests more than \(nesting) levels deep")
    }
    guard objects <= limits.values else {
      throw refusal("the file has more than \(limits.values) values", .values, limits)
    }
    guard items <= limits.entries else {
      throw refusal("the file has more than \(limits.entries) entries", .entries, limits)
    }
  }

  private static func refusal(_ text: String, _ limit: Limits.Name, _ limits: Limits) -> GraphFormatError {
    GraphFormatError(path: "", message: limits.message(text, limit))
  }
}
