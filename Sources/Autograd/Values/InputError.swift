/// Why data from outside cannot be used: numbers that do not fit a shape, a file that is not drawn, a name that a
/// program does not have. One or several lines for a reader.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, and what would be right.
  public var description: String

  /// An error with its text.
  public init(_ description: String) { self.description = description }
}
