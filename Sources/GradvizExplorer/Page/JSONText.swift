import GradvizDrawing
import GradvizSystem

/// A value of JSON, written on one line.
enum JSONText {
  case text(String)
  case number(Double)
  case list([JSONText])
  case object([(key: String, value: JSONText)])

  static func whole(_ number: Int) -> JSONText { .number(Double(number)) }

  var written: String {
    switch self {
    case .text(let text): Self.quoted(text)
    case .number(let number): Self.digits(number)
    case .list(let items): "[" + items.map(\.written).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0.key)):\($0.value.written)" }.joined(separator: ",") + "}"
    }
  }

  /// The shortest digits that give the number again; JSON has no NaN, and an infinity is too large a number.
  private static func digits(_ number: Double) -> String {
    if number.isNaN { return "null" }
    if number.isInfinite { return number < 0 ? "-1e999" : "1e999" }
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in XML.cleaned(text).unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n", "\r", "\t": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// As an attribute in single quotation marks, of which JSON has none of its own.
  var attribute: String {
    written.replacing("&", with: "&amp;").replacing("'", with: "&#39;").replacing("<", with: "&lt;")
  }
}
