import Autograd

/// The weights of sums that are taken of the same values: a matrix, each row with the places of its columns.
struct RecoveredMatrix {
  /// The weights by row.
  var rows: [[Int]]
  var biases: [Int?]
  /// What its results are in an attention.
  var role: PartFinder.AttentionRole?
}

/// A sum of weighted values.
private struct LinearRow {
  var root: Int
  /// In the order of their values.
  var weights: [Int]
  var values: [Int]
  /// What the values are told apart by: themselves, or numbers of the program that each row has of its own.
  var keys: [Int]
  var bias: Int?
  var nodes: [Int]
  /// The weights, wherever they are used.
  var number = 0
}

extension PartFinder {
  /// Finds the matrices: sums of weighted values over the same values are the rows of one product.
  mutating func findMatrices() {
    var constants: [ConstantKey: Int] = [:]
    var rows = chains.filter { $0.kind == .weighted }.compactMap { row($0, &constants) }
    number(&rows)
    let products = groups(of: rows).flatMap { split($0.map { rows[$0] }) }
    // Rows that are together somewhere are of one matrix everywhere.
    var joined = DisjointSets(count: (rows.map(\.number).max() ?? -1) + 1)
    for product in products { for row in product { joined.join(product[0].number, row.number) } }
    var matrixOf: [Int: Int] = [:]
    for product in products {
      let root = joined.root(product[0].number)
      if matrixOf[root] == nil {
        matrixOf[root] = matrices.count
        matrices.append(RecoveredMatrix(rows: [], biases: [], role: attention[product[0].root]))
      }
    }
    var rowPlace: [Int: Int] = [:]
    for product in products {
      guard let matrix = matrixOf[joined.root(product[0].number)] else { continue }
      addProduct(product, matrix, &rowPlace)
    }
  }

  private mutating func addProduct(_ product: [LinearRow], _ matrix: Int, _ rowPlace: inout [Int: Int]) {
    // The columns stand in the order of the first row's weights.
    let sorted = product.sorted { tape.precedes(first($0), first($1)) }
    // Numbers that each row has of its own are one vector: the first row's stand for it.
    let copies = sorted.dropFirst().flatMap { row in
      zip(row.values, row.keys).filter { $1 < 0 }.map(\.0)
    }
    let order = sorted[0].weights.indices.sorted { tape.precedes(sorted[0].weights[$0], sorted[0].weights[$1]) }
    for row in sorted where rowPlace[row.number] == nil {
      rowPlace[row.number] = matrices[matrix].rows.count
      matrices[matrix].rows.append(order.map { row.weights[$0] })
      matrices[matrix].biases.append(row.bias)
    }
    add(
      RecoveredPart(
        kind: .linear(matrix: matrix), nodes: sorted.flatMap(\.nodes) + copies,
        inputs: [order.map { sorted[0].values[$0] }], outputs: sorted.map(\.root)))
  }

  private func first(_ row: LinearRow) -> Int {
    row.weights.dropFirst().reduce(row.weights[0]) { tape.precedes($1, $0) ? $1 : $0 }
  }

  /// The weights and values of a sum; nil if a value occurs twice, or there are several biases.
  private func row(_ chain: SumChain, _ constants: inout [ConstantKey: Int]) -> LinearRow? {
    guard chain.biases.count < 2, owner[chain.root] < 0, chain.root != tape.loss else { return nil }
    var pairs = chain.terms.map { product -> (weight: Int, value: Int, key: Int) in
      let (a, b) = (tape.operands[product][0], tape.operands[product][1])
      return tape.isParameter(a) ? (a, b, b) : (b, a, a)
    }
    pairs.sort { tape.precedes($0.weight, $1.weight) }
    var seen: [Double: Int] = [:]
    for place in pairs.indices where tape.isConstant(pairs[place].value) && tape.onlyUser(pairs[place].value) != nil {
      let number = tape.number(pairs[place].value)
      let key = ConstantKey(number: number, occurrence: seen[number, default: 0])
      seen[number, default: 0] += 1
      let known = constants[key] ?? -1 - constants.count
      constants[key] = known
      pairs[place].key = known
    }
    pairs.sort { ($0.key, $0.weight) < ($1.key, $1.weight) }
    guard zip(pairs, pairs.dropFirst()).allSatisfy({ $0.key != $1.key }) else { return nil }
    return LinearRow(
      root: chain.root, weights: pairs.map(\.weight), values: pairs.map(\.value), keys: pairs.map(\.key),
      bias: chain.biases.first, nodes: chain.nodes + chain.terms)
  }

  /// A number of the program, and whether the row has it for the first time.
  private struct ConstantKey: Hashable {
    var number: Double
    var occurrence: Int
  }

  /// Gives rows with the same weights the same number.
  private func number(_ rows: inout [LinearRow]) {
    var numbers: [[Int]: Int] = [:]
    for place in rows.indices {
      let key = rows[place].weights.sorted()
      rows[place].number = numbers[key] ?? numbers.count
      if numbers[key] == nil { numbers[key] = numbers.count }
    }
  }

  /// The rows by the values that they weight.
  private func groups(of rows: [LinearRow]) -> [[Int]] {
    var places: [[Int]: Int] = [:]
    var groups: [[Int]] = []
    for (number, row) in rows.enumerated() {
      if let place = places[row.keys] {
        groups[place].append(number)
      } else {
        places[row.keys] = groups.count
        groups.append([number])
      }
    }
    return groups
  }

  /// What a row's result is for: rows that differ in it belong to different matrices.
  private struct Purpose: Hashable {
    var array: String?
    var role: AttentionRole?
    var uses: [String]
  }

  /// Queries, keys and values are of the same vector, but of different matrices.
  private func split(_ rows: [LinearRow]) -> [[LinearRow]] {
    func groups(_ purpose: (LinearRow) -> Purpose) -> [[LinearRow]] {
      var places: [Purpose: Int] = [:]
      var groups: [[LinearRow]] = []
      for row in rows {
        let own = purpose(row)
        if let place = places[own] {
          groups[place].append(row)
        } else {
          places[own] = groups.count
          groups.append([row])
        }
      }
      return groups
    }
    func plain(_ row: LinearRow) -> Purpose {
      // Rows that are lists of their own, W1, W2, …, are of one matrix.
      Purpose(array: array(of: row), role: attention[row.root], uses: [])
    }
    let byUse = groups { row in
      var own = plain(row)
      if own.role == nil, own.array == nil {
        own.uses = Set(tape.users(row.root).map { tape.operations[$0]?.rawValue ?? "" }).sorted()
      }
      return own
    }
    return byUse.allSatisfy { $0.count > 1 } ? byUse : groups(plain)
  }

  private func array(of row: LinearRow) -> String? {
    let array = tape.arrays[row.weights[0]]
    return row.weights.allSatisfy { tape.arrays[$0] == array } ? array : nil
  }
}

/// Numbers in sets that are joined one after the other.
struct DisjointSets {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func root(_ number: Int) -> Int {
    var root = number
    while parents[root] != root {
      parents[root] = parents[parents[root]]
      root = parents[root]
    }
    return root
  }

  /// The least number of a set stands for it.
  mutating func join(_ a: Int, _ b: Int) {
    let (first, second) = (root(a), root(b))
    parents[max(first, second)] = min(first, second)
  }
}
