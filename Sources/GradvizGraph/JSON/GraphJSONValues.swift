import Autograd

/// The values of a graph's members: choices, texts within limits, numbers in lists and lists of lists.
extension GraphJSONReader {
  static func choice<Choice: RawRepresentable<String> & CaseIterable>(_ reader: inout JSONReader)
    throws(GraphFormatError) -> Choice
  {
    let start = reader.start()
    let word = try reader.text()
    guard let choice = Choice(rawValue: word) else {
      let known = Choice.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
      throw reader.fail("\(quoted(word)) is not one of \(known)", at: start)
    }
    return choice
  }

  static func text(_ reader: inout JSONReader, maxBytes: Int) throws(GraphFormatError) -> String {
    let start = reader.start()
    let text = try reader.text()
    guard text.utf8.count <= maxBytes else { throw reader.fail("expected at most \(maxBytes) bytes", at: start) }
    return text
  }

  static func integer(_ reader: inout JSONReader, in range: ClosedRange<Int>) throws(GraphFormatError) -> Int {
    let start = reader.start()
    let number = try reader.integer()
    guard range.contains(number) else {
      throw reader.fail("expected a whole number from \(range.lowerBound) to \(range.upperBound)", at: start)
    }
    return number
  }

  static func number(
    _ reader: inout JSONReader, in range: ClosedRange<Double>
  ) throws(GraphFormatError) -> Double {
    let start = reader.start()
    let number = try reader.number()
    guard range.contains(number) else {
      let least = range.lowerBound < 1 ? "\(range.lowerBound)" : "\(Int(range.lowerBound))"
      throw reader.fail("expected a number from \(least) to \(Int(range.upperBound))", at: start)
    }
    return number
  }

  static func texts(_ reader: inout JSONReader) throws(GraphFormatError) -> [String] {
    try reader.items { reader throws(GraphFormatError) in try reader.text() }
  }

  static func integers(_ reader: inout JSONReader) throws(GraphFormatError) -> [Int] {
    try reader.items { reader throws(GraphFormatError) in try reader.integer() }
  }

  static func flatNumbers(_ reader: inout JSONReader) throws(GraphFormatError) -> [Double] {
    try reader.items { reader throws(GraphFormatError) in try reader.number() }
  }

  static func position(_ reader: inout JSONReader) throws(GraphFormatError) -> [AxisIndex] {
    try reader.items { reader throws(GraphFormatError) in
      if reader.takeNull() { return .all }
      guard reader.begins(with: "[") else { return .position(try reader.integer()) }
      let start = reader.start()
      var (bounds, places) = ([Int](), [Int]?.none)
      try reader.list { reader, _ throws(GraphFormatError) in
        if reader.begins(with: "[") { places = try integers(&reader) } else { bounds.append(try reader.integer()) }
      }
      if let places, bounds.isEmpty { return .positions(places) }
      if bounds.count == 3, places == nil { return .stride(from: bounds[0], count: bounds[1], step: bounds[2]) }
      guard bounds.count == 2, places == nil else {
        throw reader.fail("a range is two positions, such as [0, 2]: from the first to before the second", at: start)
      }
      return .range(from: bounds[0], to: bounds[1])
    }
  }

  /// Decodes numbers row by row, or in nested lists as Python's `tolist()` writes them, which have a shape.
  static func numbers(_ reader: inout JSONReader) throws(GraphFormatError) -> ([Double], shape: [Int]?) {
    var numbers: [Double] = []
    func read(_ reader: inout JSONReader, depth: Int) throws(GraphFormatError) -> [Int] {
      guard reader.begins(with: "[") else {
        numbers.append(try reader.number())
        return []
      }
      let start = reader.start()
      guard depth < 8 else { throw reader.fail("an array has at most 8 axes", at: start) }
      var inner: [Int]?
      var count = 0
      try reader.list { reader, index throws(GraphFormatError) in
        let start = reader.start()
        let shape = try read(&reader, depth: depth + 1)
        guard inner ?? shape == shape else { throw reader.fail("the rows differ in their length", at: start) }
        inner = shape
        count = index + 1
      }
      return [count] + (inner ?? [])
    }
    let shape = try read(&reader, depth: 0)
    return (numbers, shape.count > 1 ? shape : nil)
  }
}
