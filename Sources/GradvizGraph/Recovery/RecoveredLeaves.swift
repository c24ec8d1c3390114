import Autograd

/// The arrays that the leaves of recovered parts are numbers of: matrices, biases, and vectors by where they are used.
struct RecoveredLeaves {
  struct Group {
    /// Where it is, without its own name.
    var path: String
    /// Its own name; nil for a number after ``stem``.
    var name: String?
    var stem = ""
    var rows: [[Int]]
  }

  private(set) var groups: [Group] = []
  private let finder: PartFinder
  private let classOf: [Int]
  private var isTaken: [Bool]
  private var placeOfArray: [String: Int] = [:]

  init(_ finder: PartFinder, classOf: [Int]) {
    self.finder = finder
    self.classOf = classOf
    isTaken = [Bool](repeating: false, count: finder.tape.count)
  }

  mutating func collect(_ classes: [PartClass], _ matrixNames: [String], _ paths: [String]) {
    for (number, own) in classes.enumerated() {
      guard case .linear(let place) = own.kind else { continue }
      let matrix = finder.matrices[place]
      let path = paths[number].split(separator: ".").first.map(String.init) ?? ""
      add(Group(path: path, name: matrixNames[place], rows: matrix.rows))
      let biases = matrix.biases.compactMap { $0 }
      let name = biases.first.flatMap { finder.tape.arrays[$0] }.map(RecoveredNames.plain)
      add(Group(path: path, name: name ?? bias(of: matrixNames[place]), rows: [biases]))
    }
    for own in classes { addVectors(own) }
  }

  private func bias(of matrix: String) -> String { matrix.hasPrefix("W") ? "b" + matrix.dropFirst() : "\(matrix) b" }

  /// Leaves that are the operands of a part, by their places.
  private mutating func addVectors(_ own: PartClass) {
    let tape = finder.tape
    var isProduct = false
    if case .linear = own.kind { isProduct = true }
    let count = own.rows.map { finder.parts[$0].inputs.count }.min() ?? 0
    for place in 0..<count {
      for role in Role.allCases where role != .constant || isProduct {
        let rows = own.rows.map { part in
          finder.parts[part].inputs[place].filter { tape.isLeaf($0) && tape.roles[$0] == role }
        }
        let leaves = rows.flatMap { $0 }
        guard let first = leaves.first else { continue }
        let array = tape.arrays[first]
        let isArray = leaves.allSatisfy { tape.arrays[$0] == array }
        let name = isArray ? array.map(RecoveredNames.plain) : nil
        add(Group(path: "", name: name, stem: role == .parameter ? "θ" : "x", rows: rows))
      }
    }
  }

  /// Takes what no other group has, into the array of that name if there is one.
  private mutating func add(_ group: Group) {
    var group = group
    group.rows = group.rows.map { row in
      row.filter { node in
        if isTaken[node] { return false }
        isTaken[node] = true
        return true
      }
    }.filter { !$0.isEmpty }
    guard !group.rows.isEmpty else { return }
    if let name = group.name {
      if let place = placeOfArray[name] {
        groups[place].rows += group.rows
        return
      }
      placeOfArray[name] = groups.count
    }
    groups.append(group)
  }
}
