/// One number of a parameter or an input, to read and change it from outside the tape.
public struct ParameterElement {
  /// As the language writes it: `w[1]`, `W[0, 1]`; the name of the leaf where that is one number.
  public var name: String { EntryName.text(parameter, tensor.shape, position) }
  /// Its id in a graph of numbers: `W1_2`.
  let word: String
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
  /// The names of the labelled arrays, by those of their numbers: `W1` for `W1[1]`.
  package var arrayNames: [String: String] {
    var arrays: [String: String] = [:]
    for index in labels.keys.sorted() {
      let shape = shape(of: index)
      guard let name = labels[index]?.name, !shape.isEmpty else { continue }
      for position in 0..<shape.reduce(1, *) { arrays[EntryName.text(name, shape, position)] = name }
    }
    return arrays
  }

  /// Every number of every leaf with the given roles, named as in a scalar graph: `w[1]`, `W[0, 1]`.
  public func elements(of roles: Set<Role>) -> [ParameterElement] {
    let words = ElementWords(self)
    return labels.filter { roles.contains($0.value.role) && isLeaf($0.key) }.keys.sorted()
      .flatMap {
        index in
        let tensor = Tensor(tape: self, index: index)
        let name = labels[index]?.name ?? "parameter\(index + 1)"
        return tensor.data.indices.map { position in
          ParameterElement(
            word: words.word(index, name, tensor.shape, position), parameter: name, tensor: tensor, position: position)
        }
      }
  }
}
