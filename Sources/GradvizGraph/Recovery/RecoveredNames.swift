import Autograd

/// Gives what was found its names, and the leaves their arrays.
struct RecoveredNames {
  private let finder: PartFinder
  private let classes: [PartClass]
  private var recovery: Recovery
  private var classOf: [Int]
  private var numbers = Numbers()
  /// By matrix the name of its weights.
  private var matrixNames: [String] = []
  /// By class where it is, without its own name; and its own name.
  private var groups: [String]
  private var names: [String]

  init(_ finder: PartFinder, _ classes: [PartClass]) {
    self.finder = finder
    self.classes = classes.sorted {
      (finder.parts[$0.rows[0]].outputs.min() ?? 0) < (finder.parts[$1.rows[0]].outputs.min() ?? 0)
    }
    let count = finder.tape.count
    recovery = Recovery(
      boxOf: [Int](repeating: -1, count: count),
      places: [(row: Int32, column: Int32)](repeating: (-1, -1), count: count))
    classOf = [Int](repeating: -1, count: finder.parts.count)
    for (number, own) in self.classes.enumerated() { for part in own.rows { classOf[part] = number } }
    groups = [String](repeating: "", count: classes.count)
    names = groups
    nameMatrices()
    nameAttention()
    nameOthers()
  }

  /// The boxes of all parts and of their leaves.
  func finished() -> Recovery {
    var result = self
    for number in classes.indices { result.addBox(number) }
    var leaves = RecoveredLeaves(finder, classOf: classOf)
    leaves.collect(classes, matrixNames, groups)
    for group in leaves.groups { result.addLeaves(group) }
    result.addConstants()
    return result.recovery
  }

  // MARK: Names

  private mutating func nameMatrices() {
    for matrix in finder.matrices {
      matrixNames.append(finder.tape.arrays[matrix.rows[0][0]].map(Self.plain) ?? numbers.next("W", always: true))
    }
  }

  /// A dot leads from a group to its parts.
  static func plain(_ name: String) -> String { name.replacing(".", with: " ") }

  /// The matrices of queries, keys and values, the heads, and the product with all of their results.
  private mutating func nameAttention() {
    var attentions: [Int: Int] = [:]
    var heads: [Int: Int] = [:]
    let scores = classes.indices.filter { classes[$0].kind == .scores }
    func origin(_ number: Int) -> Int {
      let query = finder.parts[classes[number].rows[0]].inputs[0][0]
      return finder.owner[query] < 0 ? -1 : classOf[finder.owner[query]]
    }
    for number in scores where attentions[origin(number)] == nil { attentions[origin(number)] = attentions.count }
    for number in scores {
      guard let place = attentions[origin(number)], let head = finder.parts[classes[number].rows[0]].head else {
        continue
      }
      let group = attentions.count > 1 ? "attention \(place + 1)" : "attention"
      heads[place, default: 0] += 1
      let name = "head \(heads[place] ?? 1)"
      for part in finder.parts.indices where finder.parts[part].head == head && classOf[part] >= 0 {
        groups[classOf[part]] = "\(group).\(name)"
        names[classOf[part]] = "\(name) \(Self.word(finder.parts[part].kind))"
        for input in finder.parts[part].inputs { nameSource(input, group) }
        if finder.parts[part].kind == .weighted { nameUsers(finder.parts[part], group) }
      }
    }
  }

  /// The product that queries, keys or values are the results of.
  private mutating func nameSource(_ vector: [Int], _ group: String) {
    guard let first = vector.first, let role = finder.attention[first], finder.owner[first] >= 0 else { return }
    let number = classOf[finder.owner[first]]
    guard number >= 0, names[number].isEmpty, case .linear = classes[number].kind else { return }
    groups[number] = group
    names[number] = [.query: "q", .key: "k", .value: "v"][role] ?? ""
  }

  /// The product of all heads' results.
  private mutating func nameUsers(_ part: RecoveredPart, _ group: String) {
    guard let first = part.outputs.first, let user = finder.tape.users(first).first, finder.owner[user] >= 0 else {
      return
    }
    let number = classOf[finder.owner[user]]
    guard number >= 0, names[number].isEmpty, case .linear(let matrix) = classes[number].kind else { return }
    groups[number] = group
    names[number] = "\(matrixNames[matrix]) @ heads"
  }

  private mutating func nameOthers() {
    for number in classes.indices where names[number].isEmpty {
      if case .linear(let matrix) = classes[number].kind {
        let hasBias = finder.matrices[matrix].biases.contains { $0 != nil }
        names[number] = "\(matrixNames[matrix]) @ x\(hasBias ? " + b" : "")"
      } else {
        numbers.count(Self.word(classes[number].kind))
      }
    }
    for number in classes.indices where names[number].isEmpty {
      names[number] = numbers.next(Self.word(classes[number].kind))
    }
  }

  static func word(_ kind: RecoveredPart.Kind) -> String {
    switch kind {
    case .linear: "linear"
    case .scores: "scores"
    case .softmax: "softmax"
    case .weighted: "values"
    case .crossEntropy: "cross entropy"
    case .logSumExp: "log sum exp"
    case .rmsNorm: "rmsnorm"
    case .sum: "sum"
    case .map(.power, 2): "square"
    case .map(let operation, _): operation.rawValue
    }
  }

  private static func operation(_ kind: RecoveredPart.Kind) -> String {
    switch kind {
    case .linear: "linear"
    case .scores: "q·k"
    case .softmax: "softmax"
    case .weighted: "Σ p·v"
    case .crossEntropy: "cross_entropy"
    case .logSumExp: Tape.Operation.logSumExp.rawValue
    case .rmsNorm: "rms_norm"
    case .sum: Tape.Operation.sum.rawValue
    case .map(let operation, _): operation.rawValue
    }
  }

  // MARK: Boxes

  private mutating func addBox(_ number: Int) {
    let own = classes[number]
    let path = (groups[number].isEmpty ? "" : groups[number] + ".") + names[number]
    var exponent: Double?
    if case .map(_, let own) = own.kind { exponent = own }
    add(
      .init(
        path: path, operation: Self.operation(own.kind), exponent: exponent,
        rows: own.rows.map { finder.parts[$0].outputs }, nodes: own.rows.flatMap { finder.parts[$0].nodes }))
  }

  private mutating func addLeaves(_ group: RecoveredLeaves.Group) {
    let path = (group.path.isEmpty ? "" : group.path + ".") + (group.name ?? numbers.next(group.stem, always: true))
    add(.init(path: path, operation: nil, rows: group.rows, nodes: group.rows.flatMap { $0 }))
  }

  private mutating func add(_ box: Recovery.Box) {
    for member in box.nodes { recovery.boxOf[member] = recovery.boxes.count }
    for (row, list) in box.rows.enumerated() {
      for (column, node) in list.enumerated() { recovery.places[node] = (Int32(row), Int32(column)) }
    }
    recovery.boxes.append(box)
  }

  /// Numbers of the program go into the box of what uses them.
  private mutating func addConstants() {
    let tape = finder.tape
    for node in 0..<tape.count where tape.isConstant(node) && recovery.boxOf[node] < 0 {
      let boxes = tape.users(node).map { recovery.boxOf[$0] }
      guard let box = boxes.first, box >= 0, boxes.allSatisfy({ $0 == box }) else { continue }
      recovery.boxOf[node] = box
      recovery.boxes[box].nodes.append(node)
    }
  }

  /// Numbers for names that several have.
  private struct Numbers {
    private var totals: [String: Int] = [:]
    private var given: [String: Int] = [:]

    mutating func count(_ word: String) { totals[word, default: 0] += 1 }

    mutating func next(_ word: String, always: Bool = false) -> String {
      guard always || totals[word, default: 0] > 1 else { return word }
      given[word, default: 0] += 1
      return always ? "\(word)\(given[word] ?? 1)" : "\(word) \(given[word] ?? 1)"
    }
  }
}
