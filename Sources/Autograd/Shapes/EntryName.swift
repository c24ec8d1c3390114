/// The notation of an entry of an array, `W[0, 1]`: that of the language, on the command line, in tables, messages and
/// tooltips.
///
/// Figures typeset it as a subscript, W₁,₂, which counts from 1 as in a matrix.
public enum EntryName {
  /// Writes an entry.
  ///
  /// - Parameters:
  ///   - name: the array's name.
  ///   - shape: its shape; the entry of a number is the number.
  ///   - position: the row-major position of the entry.
  public static func text(_ name: String, _ shape: [Int], _ position: Int) -> String {
    shape.isEmpty ? name : "\(name)[\(indices(shape, position).map(String.init).joined(separator: ", "))]"
  }

  /// The position on each axis.
  ///
  /// - Parameters:
  ///   - shape: the shape of the array.
  ///   - position: the row-major position of the entry.
  public static func indices(_ shape: [Int], _ position: Int) -> [Int] { Shapes.indices(of: position, in: shape) }

  /// Reads `W[0, 1]`, with any spaces; nil for other text.
  public static func parse(_ text: String) -> (array: String, indices: [Int])? {
    guard text.last == "]", let open = text.lastIndex(of: "["), open > text.startIndex else { return nil }
    let parts = text[text.index(after: open)...].dropLast().split(separator: ",", omittingEmptySubsequences: false)
    let indices = parts.compactMap { part in Int(part.filter { $0 != " " }) }
    guard indices.count == parts.count, indices.allSatisfy({ $0 >= 0 }) else { return nil }
    return (String(text[..<open]).filter { $0 != " " }, indices)
  }
}

extension ParameterElement {
  /// Whether it is called so, as the language writes it, with any spaces, or as its id in a graph of numbers: `W1_2`.
  package func isCalled(_ text: String) -> Bool {
    if name == text || word == text { return true }
    guard let entry = EntryName.parse(text) else { return false }
    return entry.array == parameter && entry.indices == EntryName.indices(tensor.shape, position)
  }
}
