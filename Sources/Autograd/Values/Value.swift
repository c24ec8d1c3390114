/// A recorded number: a handle to one scalar node of a ``Tape``.
///
/// ```swift
/// let tape = Tape()
/// let a = tape.input(2, name: "a"), b = tape.parameter(-3, name: "b")
/// let loss = tanh(a * b)
/// loss.backward()
/// print(loss)           // −0.999988
/// print(b.gradient)     // 4.9153…e-05
/// ```
///
/// Two values are equal where they are the same node of the same tape, whatever their numbers; those are compared
/// by ``data``.
public struct Value: Hashable {
  /// The tape on which the value is recorded.
  public let tape: Tape
  package let index: Int

  package init(tape: Tape, index: Int) {
    self.tape = tape
    self.index = index
  }

  /// The number; after setting it, ``Tape/replay()`` recomputes dependent values.
  ///
  /// - Precondition: set only for a leaf.
  public var data: Double {
    get { tape.number(index) }
    nonmutating set { tape.setValues([newValue], of: index) }
  }

  /// ∂loss/∂value, from the last backward pass; 0 before one.
  public var gradient: Double { tape.gradientNumber(index) }

  /// Computes the gradient of this value with respect to every value it depends on.
  public func backward() { tape.backward(from: self) }

  /// The name in figures and messages; nil for none.
  public var name: String? { tape.name(of: index) }

  /// The role of the value in the network.
  public var role: Role { tape.role(of: index) }

  /// Gives the value a name on its tape, and a role where one is said; figures and messages show both.
  ///
  /// ```swift
  /// let loss = tanh(a * b).label("L", role: .loss)
  /// ```
  ///
  /// - Returns: the same value, now with its name.
  @discardableResult
  public func label(_ name: String, role: Role? = nil) -> Value {
    tape.label(index, name, role)
    return self
  }
}
