/// Values and gradients of the nodes that read or make arrays.
extension Tape {
  private func isElementwiseBinary(_ operation: Operation) -> Bool {
    switch operation {
    case .add, .subtract, .multiply, .divide, .maximum, .minimum: true
    default: false
    }
  }

  func evaluateArray(_ index: Int) {
    let record = records[index]
    let info = arrays[Int(record.array)]
    let a = values(of: Int(record.a))
    let result: [Double]
    switch record.operation {
    case .matrixMultiply:
      result = product(a, shape(of: Int(record.a)), values(of: Int(record.b)), shape(of: Int(record.b)))
    case .transpose: result = transposed(a, shape(of: Int(record.a)))
    case .index: result = Shapes.indexMap(shape(of: Int(record.a)), info.position ?? []).map { a[$0] }
    case .sum where info.shape.isEmpty: result = [ArrayLoops.sum(a)]
    case .mean where info.shape.isEmpty: result = [ArrayLoops.sum(a) / Double(a.count)]
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      result = Shapes.groups(shape(of: Int(record.a)), axis: info.axis).map { group in
        ElementRules.value(record.operation, of: group.map { a[$0] })
      }
    case .softmax:
      var all = a
      for group in Shapes.groups(info.shape, axis: info.axis) {
        for (element, value) in zip(group, ElementRules.softmax(group.map { a[$0] })) { all[element] = value }
      }
      result = all
    default:
      if record.b >= 0 {
        let b = values(of: Int(record.b))
        if let broadcast = broadcast(record, info.shape) {
          result = ArrayLoops.values(record.operation, a, b, broadcast)
        } else {
          let (aMap, bMap) = maps(record, info.shape)
          result = aMap.indices.map { ElementRules.value(record.operation, a[aMap[$0]], b[bMap[$0]]) }
        }
      } else if record.operation == .power {
        result = ArrayLoops.powers(a, record.payload)
      } else {
        result = ArrayLoops.values(record.operation, a)
      }
    }
    if info.shape.isEmpty {
      records[index].value = result[0]
    } else {
      arrays[Int(record.array)].values = result
    }
  }

  /// How two operands meet, where that needs no map of positions.
  private func broadcast(_ record: Record, _ shape: [Int]) -> ArrayLoops.Broadcast? {
    ArrayLoops.Broadcast(self.shape(of: Int(record.a)), self.shape(of: Int(record.b)), result: shape)
  }

  private func maps(_ record: Record, _ shape: [Int]) -> ([Int], [Int]) {
    (
      Shapes.broadcastMap(from: self.shape(of: Int(record.a)), to: shape),
      Shapes.broadcastMap(from: self.shape(of: Int(record.b)), to: shape)
    )
  }

  /// Adds to the operands' gradients what node `index` passes on.
  func backwardArray(_ index: Int) {
    let record = records[index]
    let info = arrays[Int(record.array)]
    let upstream = gradient(of: index)
    let a = Int(record.a)
    let x = values(of: a)
    let y = values(of: index)
    var gradient = [Double](repeating: 0, count: x.count)
    switch record.operation {
    case .matrixMultiply:
      let b = Int(record.b)
      let (shapeA, shapeB) = (shape(of: a), shape(of: b))
      let rows = shapeA.count == 2 ? shapeA[0] : 1
      let inner = shapeB[0]
      let columns = shapeB.count == 2 ? shapeB[1] : 1
      let z = values(of: b)
      var other = [Double](repeating: 0, count: z.count)
      ArrayLoops.productGradients(
        upstream, x, z, rows: rows, inner: inner, columns: columns, left: &gradient, right: &other)
      addGradient(other, to: b)
    case .transpose: gradient = transposed(upstream, info.shape)
    case .index:
      for (element, source) in Shapes.indexMap(shape(of: a), info.position ?? []).enumerated() {
        gradient[source] += upstream[element]
      }
    case .sum where info.shape.isEmpty, .mean where info.shape.isEmpty:
      let share = record.operation == .mean ? upstream[0] * (1 / Double(x.count)) : upstream[0]
      for i in gradient.indices { gradient[i] = share }
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      for (element, group) in Shapes.groups(shape(of: a), axis: info.axis).enumerated() {
        let local = ElementRules.derivatives(
          record.operation, of: group.map { x[$0] }, result: y[element])
        for (source, derivative) in zip(group, local) { gradient[source] += upstream[element] * derivative }
      }
    case .softmax:
      for group in Shapes.groups(info.shape, axis: info.axis) {
        let total = group.reduce(0) { $0 + upstream[$1] * y[$1] }
        for element in group { gradient[element] = y[element] * (upstream[element] - total) }
      }
    default:
      if record.b >= 0 {
        let b = Int(record.b)
        let z = values(of: b)
        var other = [Double](repeating: 0, count: z.count)
        if let broadcast = broadcast(record, info.shape) {
          ArrayLoops.gradients(record.operation, upstream, x, z, y, broadcast, left: &gradient, right: &other)
          addGradient(other, to: b)
          break
        }
        let (aMap, bMap) = maps(record, info.shape)
        for element in aMap.indices {
          let (i, j) = (aMap[element], bMap[element])
          let local = ElementRules.derivatives(record.operation, x[i], z[j], result: y[element])
          gradient[i] += upstream[element] * local.0
          other[j] += upstream[element] * local.1
        }
        addGradient(other, to: b)
      } else if record.operation == .power {
        for i in x.indices {
          gradient[i] = upstream[i] * ElementRules.powerDerivative(x[i], exponent: record.payload)
        }
      } else {
        ArrayLoops.gradients(record.operation, upstream, x, y, into: &gradient)
      }
    }
    addGradient(gradient, to: a)
  }

  private func addGradient(_ gradient: [Double], to index: Int) {
    let array = Int(records[index].array)
    if isScalar(index) {
      gradients[index] += gradient[0]
    } else if arrays[array].gradient.isEmpty {
      arrays[array].gradient = gradient
    } else {
      for i in gradient.indices { arrays[array].gradient[i] += gradient[i] }
    }
  }

  private func product(_ a: [Double], _ shapeA: [Int], _ b: [Double], _ shapeB: [Int]) -> [Double] {
    let rows = shapeA.count == 2 ? shapeA[0] : 1
    let inner = shapeB[0]
    let columns = shapeB.count == 2 ? shapeB[1] : 1
    return ArrayLoops.product(a, b, rows: rows, inner: inner, columns: columns)
  }

  private func transposed(_ a: [Double], _ shape: [Int]) -> [Double] {
    guard shape.count == 2 else { return a }
    var result = a
    for i in 0..<shape[0] { for j in 0..<shape[1] { result[j * shape[0] + i] = a[i * shape[1] + j] } }
    return result
  }
}
