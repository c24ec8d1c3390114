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
///
/// A value is plain data of 16 bytes. It does not keep its tape: the caller that made the tape does, see ``Tape``. A value of a
/// tape that is gone is still equal to its copies; anything else done with it stops the program with a message.
public struct Value: Hashable {
  private let storage: UnsafeMutablePointer<TapeStorage>
  /// The number of the recording; see ``TapeStorage/number``.
  private let number: UInt32
  private let place: Int32

  @inline(__always)
  private init(_ storage: UnsafeMutablePointer<TapeStorage>, _ number: UInt32, _ index: Int) {
    self.storage = storage
    self.number = number
    place = Int32(truncatingIfNeeded: index)
  }

  package init(tape: Tape, index: Int) { self.init(tape.storage, tape.storage.pointee.number, index) }

  /// A node that was just recorded on the same tape.
  @inline(__always)
  func beside(_ index: Int) -> Value { Value(storage, number, index) }

  @inline(__always)
  package var index: Int { Int(place) }

  /// What its tape has recorded.
  @inline(__always)
  var recording: UnsafeMutablePointer<TapeStorage> {
    if storage.pointee.number != number { stop() }
    return storage
  }

  @inline(never)
  private func stop() -> Never {
    // A mistake of the Swift program, which no file can make; a precondition has no message in release.
    fatalError(
      storage.pointee.wasEmptied(since: number)
        ? "a value from before the tape was emptied"
        : "a value of a tape that is gone: hold the tape as long as its values are used")
  }

  /// Whether the other value is of the same recording, and that is there.
  @inline(__always)
  func meets(_ other: Value) -> Bool {
    storage == other.storage && number == other.number && storage.pointee.number == number
  }

  /// Why two values do not meet.
  @inline(never)
  func refuse(_ other: Value) -> Never {
    // Another mistake of the Swift program only, as in `stop()`.
    let (a, b) = (tape.description(of: index), other.tape.description(of: other.index))
    fatalError("\(a) and \(b) belong to different tapes")
  }

  /// The tape on which the value is recorded.
  public var tape: Tape {
    guard let tape = recording.pointee.tape else { stop() }
    return tape.takeUnretainedValue()
  }

  /// The number; after setting it, ``Tape/replay()`` recomputes dependent values.
  ///
  /// - Precondition: set only for a leaf.
  public var data: Double {
    get { recording.pointee.values[index] }
    nonmutating set { tape.setValues([newValue], of: index) }
  }

  /// ∂loss/∂value, from the last backward pass; 0 before one.
  public var gradient: Double { recording.pointee.gradient(index) }

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
