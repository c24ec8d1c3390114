/// One number of a parameter or an input, to read and change it from outside the tape.
public struct ParameterElement {
  /// The name of the number, such as `w2` or `W1_2`.
  public let name: String
  /// The name of the leaf that it is a number of.
  public let parameter: String
  /// The array that it belongs to.
  public let tensor: Tensor
  /// Row-major.
  public let position: Int

  /// The number itself; a new one takes effect in the next replay.
  public var value: Double {
    get { tensor.data[position] }
    nonmutating set {
      var data = tensor.data
      data[position] = newValue
      tensor.data = data
    }
  }

  /// Its gradient, after a backward pass.
  public var gradient: Double { tensor.gradient[position] }
}

extension Tape {
  /// Every number of every leaf with the given roles, named as in a scalar graph: `w2`, `W1_2`.
  public func elements(of roles: Set<Role>) -> [ParameterElement] {
    labels.filter { roles.contains($0.value.role) && isLeaf($0.key) }.keys.sorted()
      .flatMap {
        index in
        let tensor = Tensor(tape: self, index: index)
        let name = labels[index]?.name ?? "parameter\(index + 1)"
        return tensor.data.indices.map { position in
          ParameterElement(
            name: Self.elementName(name, tensor.shape, position), parameter: name, tensor: tensor, position: position)
        }
      }
  }

  /// `w2`, `W1_2`; in a batch, `y3` and `x3_1`, feature 1 of sample 3: indices as in the matrix.
  ///
  /// A digit at the end of the name would merge with the index and is separated.
  static func elementName(_ name: String, _ shape: [Int], _ position: Int) -> String {
    guard !shape.isEmpty else { return name }
    var indices: [Int] = []
    var rest = position
    for size in shape.reversed() {
      indices.insert(rest % size + 1, at: 0)
      rest /= size
    }
    return name + (name.last?.isNumber == true ? "_" : "") + indices.map(String.init).joined(separator: "_")
  }
}
