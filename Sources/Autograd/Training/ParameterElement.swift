/// One number of a parameter or an input, to read and change it from outside the tape.
public struct ParameterElement {
  public let name: String
  public let tensor: Tensor
  /// Row-major.
  public let position: Int

  public var value: Double {
    get { tensor.data[position] }
    nonmutating set {
      var data = tensor.data
      data[position] = newValue
      tensor.data = data
    }
  }

  public var gradient: Double { tensor.gradient[position] }
}

extension Tape {
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
            name: names.name(index, name, tensor.shape, position), tensor: tensor, position: position)
        }
      }
  }
}
