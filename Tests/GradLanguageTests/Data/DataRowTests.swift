import GradvizGraph
import Testing

@testable import GradLanguage

/// `csv`: which rows are read, what is missing in them, and words in place of numbers.
extension DataFileTests {
  // MARK: What is missing

  @Test func `empty cells are named`() {
    #expect(
      read("", "x,y\n1,2\n,3\n").messages
        == [
          "2:15: `d.csv`: line 3: the cell in column `x` is empty; fill it, or use `rows: …` to skip it"
        ])
    #expect(
      read(", columns: class(x)", "x,y\na,2\n,3\n").messages
        == [
          "2:15: `d.csv`: line 3: the cell in column `x` is empty; fill it, or use `rows: …` to skip it"
        ])
    #expect(
      read("", "x,y\n1,?\n").messages.first?.contains("skip missing values") == true)
    expect(", rows: [0, 2]", "x,y\n1,2\n,3\n4,5\n", [2, 2], [1, 2, 4, 5])
    #expect(read("", "x,y\n1,2\n3\n").messages == ["2:15: `d.csv`: line 3 has 1 field, but the header has 2"])
    #expect(read("", "1,2\n3\n").messages == ["2:15: `d.csv`: line 2 has 1 field, but the first row has 2"])
  }

  // MARK: Words as classes

  @Test func `words are numbered in the order of the whole file`() throws {
    let file = "v,species\n1,setosa\n2,virginica\n3,setosa\n4,versicolor\n"
    expect(", columns: class(\"species\")", file, [4], [0, 1, 0, 2])
    expect(", columns: class(species), rows: 1:", file, [3], [1, 0, 2])
    expect(", columns: [v, class(1)]", file, [4, 2], [1, 0, 2, 1, 3, 0, 4, 2])
    // Numbers are words as well.
    expect(", columns: class(v), rows: [3, 0]", file, [2], [3, 0])
    #expect(
      read("", file).messages
        == [
          "2:15: `d.csv`: line 2: `setosa` in column `species` is not a number; "
            + "`class(\"species\")` turns the words of a column into class numbers"
        ])
  }

  @Test func `the words go with the numbers into the graph`() throws {
    let data = ["d.csv": "v,species\n1,setosa\n2,virginica\n3,setosa\n"]
    let words = ["setosa", "virginica"]
    let plain = try parse("target y = csv(\"d.csv\", columns: class(species))\n", data: data)
    #expect(plain.classes(of: "y") == words)
    #expect(plain.graph().classes == [.init(name: "y", words: words)])
    let rows = try parse(
      "s = csv(\"d.csv\", columns: class(species))\ntarget y = one_hot(s, 2)\n", data: data)
    #expect(rows.classes(of: "y") == words)
    let computed = try parse(
      "s = csv(\"d.csv\", columns: class(species))\ntarget y = 2 * s - 1\n", data: data)
    #expect(computed.classes(of: "y") == nil)
    let graph = plain.graph()
    #expect(try ComputationGraph.decodeJSON(graph.encodeJSON()) == graph)
  }

  @Test func `a value may still be called class`() throws {
    let program = try parse("target class = csv(\"d.csv\", columns: [b])\n", data: ["d.csv": "a,b\n1,2\n"])
    #expect(program.graph().nodes.first?.value == [2])
  }

  // MARK: Rows

  @Test func `rows as ranges`() {
    let file = (0..<10).map { "\($0)\n" }.joined()
    expect(", rows: 0:3", file, [3], [0, 1, 2])
    expect(", rows: 7:", file, [3], [7, 8, 9])
    expect(", rows: :2", file, [2], [0, 1])
    expect(", rows: :", file, [10], (0..<10).map(Double.init))
    expect(", rows: -2:", file, [2], [8, 9])
    expect(", rows: 2:-6", file, [2], [2, 3])
    expect(", rows: [0:2, 5, 8:]", file, [5], [0, 1, 5, 8, 9])
    expect(", rows: [1 + 1, -1]", file, [2], [2, 9])
    expect(", rows: 4", file, [1], [4])
    expect(", rows: 2 * 2:3 * 2", file, [2], [4, 5])
    for (rows, message) in [
      ("0:50", "there is no row 49; the file has rows 0 to 9"), ("3:3", "the range is empty"),
      ("5:2", "the range is empty"), ("0:8:2", "ranges take no step"),
      ("0:1.5", "a range needs two whole numbers"),
      ("10", "there is no row 10"), ("[]", "no rows are selected"), ("\"a\"", "rows must be whole numbers"),
    ] {
      let messages = read(", rows: \(rows)", file).messages
      #expect(messages.count == 1 && messages[0].contains(message), "\(rows): \(messages)")
    }
    let named = "level tensor\nr = [0, 2]\ninput x = csv(\"d.csv\", rows: r)\n"
    #expect(
      (try? parse(named, data: ["d.csv": file]))?.graph().nodes.first { $0.name == "x" }?.value == [0, 2])
  }

  @Test func `ranges stay out of everything else`() {
    for text in [
      "x = [0:3]", "x = sum(0:3)", "x = csv(\"d.csv\", 0:2)",
    ] {
      #expect(!messages(text, data: ["d.csv": "1\n2\n"]).isEmpty, "\(text)")
    }
  }
}
