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
  /// The names of the labelled arrays, by the names that their numbers have in a scalar graph: `W1` for `W1_2`.
  package var arrayNames: [String: String] {
    let names = ElementNames(self)
    var arrays: [String: String] = [:]
    for index in labels.keys.sorted() {
      let shape = shape(of: index)
      guard let name = labels[index]?.name, !shape.isEmpty else { continue }
      for position in 0..<shape.reduce(1, *) { arrays[names.name(index, name, shape, position)] = name }
    }
    return arrays
  }

  /// Every number of every leaf with the given roles, named as in a scalar graph: `w2`, `W1_2`.
  public func elements(of roles: Set<Role>) -> [ParameterElement] {
    let names = ElementNames(self)
    return labels.filter { roles.contains($0.value.role) && isLeaf($0.key) }.keys.sorted()
      .flatMap {
        index in
        let tensor = Tensor(tape: self, index: index)
        let name = labels[index]?.name ?? "parameter\(index + 1)"
        return tensor.data.indices.map { position in
          ParameterElement(
            name: names.name(index, name, tensor.shape, position), parameter: name, tensor: tensor, position: position)
        }
      }
  }
}
