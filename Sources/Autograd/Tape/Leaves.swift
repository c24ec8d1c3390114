/// Records given numbers and arrays.
extension Tape {
  /// Records a scalar leaf.
  public func leaf(_ value: Double, role: Role, name: String? = nil) -> Value {
    let index = storage.pointee.constant(value)
    if let name {
      labels[index] = Label(name: name, role: role)
    } else if role != .constant {
      storage.pointee.newRoles.append(TapeStorage.NewRole(index: Int32(truncatingIfNeeded: index), role: role))
    }
    return Value(tape: self, index: index)
  }

  /// Records an array of any shape as a leaf.
  ///
  /// ```swift
  /// let x = try tape.leaf(numbers, shape: [numbers.count / 4, 4], role: .input, name: "x")
  /// ```
  ///
  /// - Parameters:
  ///   - values: the numbers in row-major order.
  ///   - shape: the sizes of the axes.
  ///   - role: the part the array plays.
  ///   - name: shown in figures and messages.
  /// - Throws: ``InputError`` where the shape has another number of elements.
  public func leaf(
    _ values: [Double], shape: [Int], role: Role, name: String? = nil
  ) throws(InputError) -> Tensor {
    guard let count = Shapes.count(shape) else {
      throw InputError("an array cannot have the shape \(Shapes.text(shape))")
    }
    guard count == values.count else {
      throw InputError(
        "\(name ?? "an array") of shape \(Shapes.text(shape)) takes \(count) numbers, not \(values.count)")
    }
    return array(values, shape: shape, role: role, name: name)
  }

  /// Records an array whose shape is known to fit.
  package func array(_ values: [Double], shape: [Int], role: Role, name: String? = nil) -> Tensor {
    precondition(Shapes.count(shape) == values.count, "\(values.count) numbers for the shape \(Shapes.text(shape))")
    if shape.isEmpty { return Tensor(leaf(values[0], role: role, name: name)) }
    let index = append(.arrayLeaf, .sum, ArrayNode(shape: shape))
    arrays[arrays.count - 1].setValues(values)
    if role != .constant || name != nil { labels[index] = Label(name: name, role: role) }
    return Tensor(tape: self, index: index)
  }

  /// Records a number as input of the network.
  public func input(_ value: Double, name: String? = nil) -> Value { leaf(value, role: .input, name: name) }
  /// Records a number that the prediction is compared with.
  public func target(_ value: Double, name: String? = nil) -> Value { leaf(value, role: .target, name: name) }
  /// Records a number that training changes.
  public func parameter(_ value: Double, name: String? = nil) -> Value {
    leaf(value, role: .parameter, name: name)
  }
  /// Records a number that does not change.
  public func constant(_ value: Double) -> Value { leaf(value, role: .constant) }

  /// Records a vector as input of the network.
  public func input(_ values: [Double], name: String? = nil) -> Tensor {
    array(values, shape: [values.count], role: .input, name: name)
  }
  /// Records a vector that the predictions are compared with.
  public func target(_ values: [Double], name: String? = nil) -> Tensor {
    array(values, shape: [values.count], role: .target, name: name)
  }
  /// Records a vector that training changes.
  public func parameter(_ values: [Double], name: String? = nil) -> Tensor {
    array(values, shape: [values.count], role: .parameter, name: name)
  }
  /// Records a vector that does not change.
  public func constant(_ values: [Double]) -> Tensor { array(values, shape: [values.count], role: .constant) }

  /// Records a matrix as input of the network, with one row per sample.
  ///
  /// - Precondition, for this and the other matrices: all rows have the same length. For rows from a file,
  ///   use ``leaf(_:shape:role:name:)``, which throws.
  public func input(_ rows: [[Double]], name: String? = nil) -> Tensor { matrix(rows, .input, name) }
  /// Records a matrix that the predictions are compared with.
  public func target(_ rows: [[Double]], name: String? = nil) -> Tensor { matrix(rows, .target, name) }
  /// Records a matrix that training changes.
  public func parameter(_ rows: [[Double]], name: String? = nil) -> Tensor { matrix(rows, .parameter, name) }
  /// Records a matrix that does not change.
  public func constant(_ rows: [[Double]]) -> Tensor { matrix(rows, .constant, nil) }

  private func matrix(_ rows: [[Double]], _ role: Role, _ name: String?) -> Tensor {
    let width = rows.first?.count ?? 0
    precondition(
      rows.allSatisfy { $0.count == width },
      "the rows of \(name ?? "a matrix") have different lengths; `leaf(_:shape:role:name:)` throws instead")
    return array(rows.flatMap { $0 }, shape: [rows.count, width], role: role, name: name)
  }
}
