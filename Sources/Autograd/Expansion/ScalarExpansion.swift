/// Lowers a tape of arrays to a tape of scalars with the same names and roles.
///
/// Every element becomes a scalar node: a dot product its products and their sum, a reduction one
/// operation of many operands, a transpose or an index nothing at all. Gradients of both tapes agree.
package struct ScalarExpansion {
  let source: Tape
  package private(set) var tape = Tape()
  /// The scalar nodes of each node of the source, row-major.
  package private(set) var elements: [[Int]] = []
  /// The sample of each scalar node; nil where it belongs to none or to several.
  package private(set) var lanes: [Int?] = []
  package private(set) var laneCount = 0
  /// Words for the numbers of arrays, which their ids are made of, by their scalar nodes.
  package private(set) var entryWords: [Int: String] = [:]

  package init(_ source: Tape) {
    self.source = source
    elements.reserveCapacity(source.count)
    var isNamed: [Bool] = []
    for index in 0..<source.count {
      tape.enterScope(source.scope(of: index))
      elements.append(expand(index))
      isNamed.append(contentsOf: repeatElement(false, count: tape.count - isNamed.count))
      separateSecondNames(index, &isNamed)
      guard let text = source.sources[index] else { continue }
      for element in elements[index] { tape.sources[element] = text }
    }
    findLanes()
    nameElements()
    tape.learningRate = source.learningRate
    tape.optimizer = source.optimizer
    // The elements of the parameters have the same order here.
    let parts = source.parameters.map(source.elementCount)
    tape.parameterParts = parts
    tape.optimizerState = source.optimizerState.divided(parts)
  }

  /// Gives a second name for the same number, such as `first = w[0]`, its own node, which later operations
  /// use.
  private mutating func separateSecondNames(_ index: Int, _ isNamed: inout [Bool]) {
    guard source.labels[index]?.name != nil else { return }
    for position in elements[index].indices {
      let element = elements[index][position]
      if isNamed[element], !source.isLeaf(index) {
        elements[index][position] = tape.list(.sum, [element])
        isNamed.append(true)
      } else {
        isNamed[element] = true
      }
    }
  }

  // MARK: Operations

  private func operand(_ index: Int) -> [Int] { elements[index] }

  private func expand(_ index: Int) -> [Int] {
    let record = source.record(index)
    switch record.kind {
    case .leaf, .arrayLeaf:
      return source.values(of: index).map { tape.leaf($0, role: source.role(of: index)).index }
    case .unary: return [tape.unary(record.operation, operand(Int(record.a))[0])]
    case .power:
      return [tape.power(operand(Int(record.a))[0], exponent: source.exponents[Int(record.b)])]
    case .arithmetic, .product, .productSum, .binary:
      return [tape.binary(record.operation, operand(Int(record.a))[0], operand(Int(record.b))[0])]
    case .list: return [tape.list(record.operation, source.operands(of: index).map { elements[$0][0] })]
    case .reduction, .array: return source.arrayNode(index).map(expandArray) ?? []
    }
  }

  private func expandArray(_ node: ArrayNode) -> [Int] {
    let a = operand(node.a)
    let shapeA = source.shape(of: node.a)
    switch node.operation {
    case .matrixMultiply: return product(a, shapeA, operand(node.b), source.shape(of: node.b))
    case .transpose: return Shapes.transposeMap(shapeA, node.order).map { a[$0] }
    case .reshape: return a
    case .concat:
      let parts = node.parts.map(operand)
      let map = Shapes.concatMap(node.parts.map(source.shape(of:)), axis: node.axis ?? 0)
      return map.map { parts[$0.part][$0.element] }
    case .index: return Shapes.indexMap(shapeA, node.position ?? []).map { a[$0] }
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      return Shapes.groups(shapeA, axis: node.axis).map { group in
        tape.list(node.operation, group.map { a[$0] })
      }
    case .softmax:
      var result = a
      for group in Shapes.groups(node.shape, axis: node.axis) {
        let greatest = tape.list(.maximumReduction, group.map { a[$0] })
        let powers = group.map { tape.unary(.exp, tape.binary(.subtract, a[$0], greatest)) }
        let total = tape.list(.sum, powers)
        for (element, power) in zip(group, powers) { result[element] = tape.binary(.divide, power, total) }
      }
      return result
    default:
      guard node.b >= 0 else {
        return a.map {
          node.operation == .power
            ? tape.power($0, exponent: node.exponent ?? 1) : tape.unary(node.operation, $0)
        }
      }
      let b = operand(node.b)
      let aMap = Shapes.broadcastMap(from: shapeA, to: node.shape)
      let bMap = Shapes.broadcastMap(from: source.shape(of: node.b), to: node.shape)
      return zip(aMap, bMap).map { tape.binary(node.operation, a[$0], b[$1]) }
    }
  }

  private func product(_ a: [Int], _ shapeA: [Int], _ b: [Int], _ shapeB: [Int]) -> [Int] {
    let size = MatrixSizes(shapeA, shapeB)
    var result: [Int] = []
    for batch in size.batches {
      for i in 0..<size.rows {
        for j in 0..<size.columns {
          let terms = (0..<size.inner).map { k in
            tape.binary(
              .multiply, a[batch.left + i * size.inner + k], b[batch.right + k * size.columns + j])
          }
          result.append(total(terms))
        }
      }
    }
    return result
  }

  /// Two terms read best as a sum of two, as in a neuron with two inputs.
  private func total(_ terms: [Int]) -> Int {
    switch terms.count {
    case 0: tape.constant(0).index
    case 1: terms[0]
    case 2: tape.binary(.add, terms[0], terms[1])
    default: tape.list(.sum, terms)
    }
  }

  // MARK: Lanes

  private mutating func findLanes() {
    lanes = [Int?](repeating: nil, count: tape.count)
    guard let (count, leaves) = source.sampleLeaves() else { return }
    var found = lanes
    for leaf in leaves {
      let perSample = elements[leaf].count / count
      guard perSample > 0 else { return }
      for (position, element) in elements[leaf].enumerated() { found[element] = position / perSample }
    }
    // A value computed from several samples belongs to none, and neither do its users.
    var isMixed = [Bool](repeating: false, count: tape.count)
    for index in 0..<tape.count where !tape.isLeaf(index) {
      var lane: Int?
      for operand in tape.operands(of: index) {
        if isMixed[operand] { isMixed[index] = true }
        guard let other = found[operand] else { continue }
        if let lane, lane != other { isMixed[index] = true }
        lane = other
      }
      found[index] = isMixed[index] ? nil : lane
    }
    for (node, label) in source.labels where label.role == .prediction {
      let perSample = elements[node].count / count
      guard elements[node].count % count == 0, perSample > 0 else { return }
      for (position, element) in elements[node].enumerated() where found[element] != position / perSample {
        return
      }
    }
    if !source.labels.contains(where: { $0.value.role == .prediction }) {
      guard found.contains(where: { $0 != nil }) else { return }
    }
    lanes = found
    laneCount = count
  }

  // MARK: Names

  private mutating func nameElements() {
    let own = ElementWords(source)
    var names = UniqueNames()
    for label in source.labels.values { if let name = label.name { names.reserve(name) } }
    for node in source.labels.keys.sorted() {
      guard let label = source.labels[node] else { continue }
      let shape = source.shape(of: node)
      let isScalar = shape.isEmpty
      for position in elements[node].indices {
        let element = elements[node][position]
        if tape.labels[element]?.name != nil { continue }
        guard let name = label.name else {
          tape.labels[element] = Tape.Label(name: nil, role: label.role)
          continue
        }
        let unique = isScalar ? name : names.unique(EntryName.text(name, shape, position))
        tape.labels[element] = Tape.Label(name: unique, role: label.role)
        if !isScalar { entryWords[element] = own.word(node, name, shape, position) }
      }
    }
  }
}
