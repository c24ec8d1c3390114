import Autograd

/// What a call says besides its operands, by label or by place.
extension Call {
  // MARK: Axes

  /// `axis=1`, `axis: 1` or a second argument.
  func axis(_ operand: Int?) throws(Issue) -> Int? {
    if let operand, let label = label("axis") {
      throw Issue(
        label.span, "the axis is given twice", hint: "leave `\(scope.source.string(scope.span(operand)))` out")
    }
    guard let operand = operand ?? label("axis")?.operand else { return nil }
    guard let number = scope[operand].constant?.scalar, number == number.rounded() else {
      throw Issue(
        scope.span(operand), "an axis must be a constant whole number",
        hint: "0 runs down the rows, 1 across the columns")
    }
    return try scope.integer(operand, "an axis")
  }

  /// An axis of a value, counted from the front.
  func place(of axis: Int, _ value: Int) throws(Issue) -> Int {
    let shape = scope[value].shape
    guard let place = Shapes.normalized(axis, rank: shape.count) else {
      throw scope.noAxis(axis, value, shape, span)
    }
    return place
  }

  /// The axis of a value that a call names, counted from the front; nil for all.
  func place(_ operand: Int?, of value: Int) throws(Issue) -> Int? {
    guard let axis = try axis(operand) else { return nil }
    return try place(of: axis, value)
  }

  /// The axes of a list, counted from the front in increasing order; nil for one axis or none.
  func places(_ operand: Int?, of value: Int) throws(Issue) -> [Int]? {
    guard let list = operand ?? label("axis")?.operand, scope[list].category == .value,
      scope[value].category == .value, scope[list].shape.count == 1
    else { return nil }
    let axes = try scope.integers([list], "an axis")
    let places = try axes.map { axis throws(Issue) in try place(of: axis, value) }
    guard Set(places).count == places.count else {
      throw Issue(scope.span(list), "an axis is named twice")
    }
    return places.sorted()
  }

  // MARK: Numbers and words

  func flag(_ label: String) throws(Issue) -> Bool {
    guard let operand = self.label(label)?.operand else { return false }
    if case .text(let word) = scope.tree.nodes[operand].kind {
      if ["True", "true"].contains(word) { return true }
      if ["False", "false"].contains(word) { return false }
    }
    throw Issue(scope.span(operand), "expected `True` or `False`")
  }

  func number(_ label: String, at place: Int? = nil, _ otherwise: Double) throws(Issue) -> Double {
    let positional = place.flatMap { $0 < values.count ? values[$0] : nil }
    guard let operand = self.label(label)?.operand ?? positional else { return presets[label] ?? otherwise }
    guard let number = scope[operand].constant?.scalar, number.isFinite else {
      throw Issue(scope.span(operand), "`\(label)` must be a constant number")
    }
    return number
  }

  /// A whole number of a label, at least the least one.
  func count(_ label: String, _ otherwise: Int, least: Int = 1) throws(Issue) -> Int {
    guard let operand = self.label(label)?.operand else { return otherwise }
    let number = try scope.integer(operand, "`\(label)`")
    try scope.require(number, least...1 << 20, "`\(label)`", operand)
    return number
  }

  /// The seed that a call names.
  func seed() throws(Issue) -> Int? {
    try label("seed").map { label throws(Issue) in try scope.integer(label.operand, "the seed") }
  }

  /// Reads `scheme: kaiming_normal`; the default is uniform in ±1/√inputs.
  func scheme() throws(Issue) -> Initialization {
    guard let label = label("scheme") else { return .uniform }
    let names = Initialization.allCases.map(\.rawValue)
    guard case .text(let name) = scope.tree.nodes[label.operand].kind else {
      throw Issue(
        scope.span(label.operand), "expected the name of a scheme", hint: "one of " + names.joined(separator: ", "))
    }
    guard let scheme = Initialization(name: name) else {
      throw Issue(
        scope.span(label.operand), "unknown scheme `\(name.prefix(40))`",
        hint: Spelling.suggestion(for: name, among: names) ?? "one of " + names.joined(separator: ", "))
    }
    return scheme
  }

  /// - Parameter place: that of an activation without a label.
  func activation(at place: Int = 2) throws(Issue) -> Activation {
    let third = values.count > place ? values[place] : nil
    if third != nil, let label = label("activation") {
      throw Issue(label.span, "the activation is given twice")
    }
    guard let operand = third ?? label("activation")?.operand else { return .none }
    let names = Activation.allCases.map(\.rawValue)
    guard case .text(let word) = scope.tree.nodes[operand].kind, let activation = Activation(rawValue: word) else {
      let known = "one of " + names.joined(separator: ", ")
      guard case .text(let word) = scope.tree.nodes[operand].kind else {
        throw Issue(scope.span(operand), "expected the name of an activation", hint: known)
      }
      throw Issue(
        scope.span(operand), "unknown activation `\(word.prefix(40))`",
        hint: Spelling.suggestion(for: word, among: names) ?? known)
    }
    return activation
  }
}
