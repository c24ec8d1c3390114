extension StringProtocol {
  /// The text without leading and trailing whitespace.
  package var trimmed: String {
    let rest = drop(while: \.isWhitespace)
    return String(rest[..<(rest.lastIndex { !$0.isWhitespace }.map(rest.index(after:)) ?? rest.startIndex)])
  }

  /// The last occurrence of a text.
  ///
  /// - Complexity: O(length).
  package func lastRange(of text: String) -> Range<Index>? { ranges(of: text).last }
}
