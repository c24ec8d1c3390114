import Foundation

/// What is run on the inputs.
enum Target: String, CaseIterable {
  case language, json, csv, markdown, figure

  static let chosen = ProcessInfo.processInfo.environment["FUZZ_TARGET"].flatMap(Target.init)

  /// - Returns: whether the input is worth keeping: a text that is not UTF-8 never reaches its reader.
  func run(_ input: [UInt8]) -> Bool {
    if self == .markdown {
      fuzzMarkdown(input)
      return true
    }
    guard let text = String(validating: input, as: UTF8.self) else { return false }
    switch self {
    case .language: fuzzLanguage(text)
    case .json: fuzzJSON(text)
    case .csv: fuzzCSV(text)
    case .figure: fuzzFigure(text)
    case .markdown: break
    }
    return true
  }
}

/// A claim that holds whatever the input; a fuzzer takes the trap for a finding.
func claim(_ holds: Bool, _ words: @autoclosure () -> String) {
  guard !holds else { return }
  FileHandle.standardError.write(Data("claim: \(words())\n".utf8))
  fatalError("what is claimed does not hold")
}
