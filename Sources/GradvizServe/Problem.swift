import GradvizSystem

/// One message about a program, with its place in the text where it has one.
struct Problem: Encodable, Equatable {
  /// From 1; nil for a message about the whole program.
  var line: Int?
  /// The first character, from 1, and how many.
  var column: Int?
  var length: Int?
  var text: String
  var isError: Bool

  /// The same as a remark: what is missing is shown in another way.
  var softened: Problem {
    var copy = self
    copy.isError = false
    return copy
  }

  /// The messages that `gradviz` wrote about a file: lines that begin with its name, each with the line of the program
  /// and its marks below.
  static func list(_ errors: String, of name: String) -> [Problem] {
    var problems: [Problem] = []
    for line in errors.split(separator: "\n") {
      if line.hasPrefix(name + ":") {
        problems.append(message(line.dropFirst(name.count + 1)))
      } else if let marks = line.firstMatch(of: /^ +\| *(\^~*)$/)?.output.1, let last = problems.indices.last {
        problems[last].length = problems[last].length ?? marks.count
      } else if line.firstMatch(of: /^ *[0-9]* \|/) == nil {
        problems.append(message(line.replacing("gradviz: ", with: "", maxReplacements: 1)[...]))
      }
    }
    return problems
  }

  /// `3:5: error: …`, or without a place.
  private static func message(_ line: Substring) -> Problem {
    if let match = line.wholeMatch(of: /([0-9]+):([0-9]+): (\S+)\h*: (.*)/) {
      return Problem(
        line: Int(match.output.1), column: Int(match.output.2), text: String(match.output.4),
        isError: isError(match.output.3))
    }
    if let match = line.wholeMatch(of: /\h*(\p{L}+)\h*: (.*)/) {
      return Problem(text: String(match.output.2), isError: isError(match.output.1))
    }
    return Problem(text: line.trimmed, isError: false)
  }

  private static func isError(_ label: Substring) -> Bool { ["error", "erreur"].contains(label) }
}
