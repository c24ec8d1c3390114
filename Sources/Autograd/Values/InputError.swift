/// An error in data from outside: numbers that do not fit a shape, a file that cannot be drawn, an unknown name.
///
/// The description has one or several lines.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, and what would be right.
  public var description: String

  /// Creates an error with a description.
  public init(_ description: String) { self.description = description }
}
