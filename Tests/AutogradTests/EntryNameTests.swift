import Autograd
import Testing

/// `W[0, 1]` is one notation of an entry, written and read alike.
@Suite("Names of entries")
struct EntryNameTests {
  @Test(arguments: [[], [3], [2, 3], [2, 1, 4], [2, 2, 2, 2]])
  func `what is written is read`(shape: [Int]) {
    let count = shape.reduce(1, *)
    var seen: Set<String> = []
    for position in 0..<count {
      let text = EntryName.text("W", shape, position)
      seen.insert(text)
      guard !shape.isEmpty else {
        #expect(text == "W")
        continue
      }
      let entry = EntryName.parse(text)
      #expect(entry?.array == "W")
      var at = 0
      for (index, size) in zip(entry?.indices ?? [], shape) { at = at * size + index }
      #expect(at == position)
    }
    #expect(seen.count == count)
  }

  @Test func `spaces do not matter, and other text is not read`() {
    #expect(EntryName.text("h.w", [2, 3], 4) == "h.w[1, 1]")
    #expect(EntryName.parse("W[0,1]")?.indices == [0, 1])
    #expect(EntryName.parse("W [ 0 , 1 ]")?.array == "W")
    for text in ["W", "W[]", "W[a]", "[0]", "W[0", "W[-1]", "W[0,]", "W1_2"] {
      #expect(EntryName.parse(text) == nil, "\(text)")
    }
  }
}
