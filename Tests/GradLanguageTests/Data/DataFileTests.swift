import Autograd
import GradvizTestSupport
import Testing

@testable import GradLanguage

/// `csv`: tables as they occur in practice.
@Suite("Data files")
struct DataFileTests {
  /// The numbers of `x`, or the messages if there are any.
  func read(_ options: String, _ file: String) -> (
    shape: [Int], numbers: [Double], messages: [String]
  ) {
    let text = "level tensor\ninput x = csv(\"d.csv\"\(options))\nparam w = 1\nloss L = sum(x * w)\n"
    guard let program = try? parse(text, data: ["d.csv": file]) else {
      return ([], [], messages(text, data: ["d.csv": file]))
    }
    let node = program.graph().nodes.first { $0.name == "x" }
    return (node?.shape ?? [], node?.value ?? [], [])
  }

  func expect(
    _ options: String, _ file: String, _ shape: [Int], _ numbers: [Double],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let (its, values, messages) = read(options, file)
    #expect(messages.isEmpty, sourceLocation: sourceLocation)
    #expect(its == shape && values == numbers, "\(its) \(values)", sourceLocation: sourceLocation)
  }

  // MARK: Headers

  @Test func `a first row of numbers is data`() {
    expect("", "1,2\n3,4\n", [2, 2], [1, 2, 3, 4])
    expect(", header: true", "1,2\n3,4\n", [1, 2], [3, 4])
    expect(", columns: [\"2\"], header: true", "1,2\n3,4\n", [1], [4])
    // Files of the UCI repository: numbers, with a word at the end.
    let uci = "5.1,3.5,Iris-setosa\n4.9,3.0,Iris-setosa\n6.2,2.9,Iris-versicolor\n"
    expect(", columns: [0, 1]", uci, [3, 2], [5.1, 3.5, 4.9, 3, 6.2, 2.9])
    expect(", columns: [0, class(2)]", uci, [3, 2], [5.1, 0, 4.9, 0, 6.2, 1])
    // Neither are numbers that are refused.
    for field in ["−1", "0x10", "1 000", "1%", "1,5", "2024-05-01"] {
      let found = read("", "\(field.contains(",") ? "\"\(field)\"" : field),2\n3,4\n").messages
      #expect(found.count == 1 && found[0].contains("line 1: `\(field)` in column 0 is not a number"), "\(found)")
    }
    // A missing value is not a name.
    #expect(
      read("", "NA,2\n3,4\n").messages
        == [
          "2:15: `d.csv`: line 1: `NA` in column 0 is not a number; use `rows: …` to "
            + "skip missing values"
        ])
  }

  @Test func `words in the first row name the columns`() {
    expect("", "a,b\n1,2\n", [1, 2], [1, 2])
    // A year as a column's name: there is a word above a number.
    expect(", columns: [\"2019\"]", "id,2019,2020\n1,5,6\n2,7,8\n", [2], [5, 7])
    // Only words.
    expect(", columns: class(species)", "species\nsetosa\nvirginica\nsetosa\n", [3], [0, 1, 0])
    expect(", columns: class(0), header: false", "setosa\nvirginica\nsetosa\n", [3], [0, 1, 0])
    expect(", columns: 0, header: false", "1,a\n2,b\n", [2], [1, 2])
  }

  @Test func `columns by position, from the end, and as a range`() {
    let file = "a,b,c,d\n1,2,3,4\n5,6,7,8\n"
    expect(", columns: [0, 3]", file, [2, 2], [1, 4, 5, 8])
    expect(", columns: [3, a]", file, [2, 2], [4, 1, 8, 5])
    expect(", columns: 1:3", file, [2, 2], [2, 3, 6, 7])
    expect(", columns: [:2, -1]", file, [2, 3], [1, 2, 4, 5, 6, 8])
    expect(", columns: -1", file, [2], [4, 8])
    #expect(
      read(", columns: 4", file).messages == ["2:33: there is no column 4; the file has columns 0 to 3"])
    #expect(
      read(", columns: [a]", "1,2\n3,4\n").messages
        == [
          "2:34: `d.csv` has no header, so there is no column `a`; select by position, such as `columns: [0, 3]`; "
            + "`header: true` reads the first row as names"
        ])
    #expect(read(", header: maybe", file).messages.first?.contains("write `true` or `false`") == true)
  }

  @Test func `no column twice`() {
    #expect(read(", columns: [a, a]", "a,b\n1,2\n").messages == ["2:37: the column `a` is selected twice"])
    #expect(read(", columns: [a, 0]", "a,b\n1,2\n").messages == ["2:37: the column `a` is selected twice"])
    #expect(read(", columns: [-1, 0:2]", "1,2\n3,4\n").messages == ["2:38: the column 1 is selected twice"])
    #expect(
      read(", columns: [a]", "a,a\n1,2\n").messages
        == ["2:34: `d.csv` has two columns `a`; select by position: 0 or 1"])
    #expect(
      read("", "a,a\n1,2\n").messages
        == ["2:15: `d.csv` has two columns `a`; select by position, such as `columns: [0, 1]`"])
    // Unused columns may share a name, or have none.
    expect(", columns: b", "a,a,b,,\n1,2,3,,\n", [1], [3])
  }

  // MARK: Separators and numbers

  @Test(arguments: [";", "\t", "|", ",", " ; "])
  func `the separator is found`(separator: String) {
    let rows = [["x", "y", "z"], ["1", "2", "3"], ["4", "5", "6"]]
    let file = rows.map { $0.joined(separator: separator) }.joined(separator: "\n")
    expect("", file, [2, 3], [1, 2, 3, 4, 5, 6])
    expect(
      "", rows.dropFirst().map { $0.joined(separator: separator) }.joined(separator: "\r\n"), [2, 3],
      [1, 2, 3, 4, 5, 6])
  }

  @Test func `a separator inside quotes is ignored, and one that fits no row is not chosen`() {
    expect(", columns: [1]", "\"a;b\",c\n\"x;y\",2\n", [1], [2])
    expect(", columns: [1]", "a|b,c\n7,2\n", [1], [2])
    expect("", "5\n6\n", [2], [5, 6])
  }

  @Test func `decimal commas`() {
    expect(", decimal: \",\"", "a;b\n1,5;-2,25\n3;4e-1\n", [2, 2], [1.5, -2.25, 3, 0.4])
    // With one column, a comma is not a separator.
    expect(", decimal: \",\"", "1,5\n2,5\n", [2], [1.5, 2.5])
    expect(", decimal: \",\"", "1,5\t2\n2,5\t3\n", [2, 2], [1.5, 2, 2.5, 3])
    #expect(
      read("", "a;b\n1,5;2\n").messages
        == ["2:15: `d.csv`: line 2: `1,5` in column `a` is not a number; `decimal: \",\"` reads it"])
    #expect(
      read(", decimal: \",\"", "a;b\n1.5;2\n").messages
        == [
          "2:15: `d.csv`: line 2: `1.5` in column `a` is not a number; with `decimal: \",\"` it is written `1,5`"
        ])
    #expect(read(", decimal: \";\"", "a\n1\n").messages.first?.contains("write `\",\"` or `\".\"`") == true)
  }

  @Test(arguments: [
    "0x10", "0x1p3", "inf", "-Infinity", "nan", "NaN", "1_000", "1 2", "--1", "e", "1,5", "①",
  ])
  func `only decimal numbers are accepted`(field: String) {
    let messages = read("", "a,b\n\"\(field)\",2\n").messages
    #expect(
      messages.count == 1 && messages[0].contains("line 2: `\(field)` in column `a` is not a number"),
      "\(messages)")
  }

  @Test(arguments: ["1e999", "-1e999", "1E+400", "2e308"])
  func `a number that is too large is named, and is not a header`(field: String) {
    let problem = "`\(field)` in column `a` is too large; the largest number is about 1.8e308"
    #expect(read("", "a,b\n\(field),2\n").messages == ["2:15: `d.csv`: line 2: \(problem)"])
    let first = read("", "\(field),2\n3,4\n").messages
    #expect(first.count == 1 && first[0].contains("line 1: `\(field)` in column 0 is too large"), "\(first)")
  }

  @Test(arguments: [
    ("1", 1.0), ("+1.5", 1.5), ("-.5", -0.5), ("5.", 5), ("1e3", 1000), ("2E-2", 0.02), ("007", 7),
  ])
  func `decimal numbers in all their spellings`(field: String, number: Double) {
    expect("", "a,b\n\(field),2\n", [1, 2], [number, 2])
  }

  // MARK: Quotes

  @Test func `quoted fields hold line ends, separators and quotes`() {
    expect(", columns: [\"a\\nb\"]", "\"a\r\nb\",c\n1,2\n".replacing("\r\n", with: "\n"), [1], [1])
    expect(", columns: [1]", "\"note\n, of two lines\",y\n\"1\n\n2\",7\n\"say \"\"no\"\"\",8\n", [2], [7, 8])
    // Lines are counted inside quotes.
    #expect(
      read(", columns: [1]", "n,y\n\"1\n2\n3\",4\nx,z\n").messages
        == [
          "2:15: `d.csv`: line 5: `z` in column `y` is not a number; `class(\"y\")` turns the words of a column into class numbers"
        ])
    expect("", "a,b\n\"1\", \"2\" \n", [1, 2], [1, 2])
    // A quote in the middle of a field is literal.
    expect(", columns: [1]", "size,b\n5\" pipe,2\n", [1], [2])
    #expect(
      read("", "a,b\n1,2\n\"3,4\n5,6\n").messages == ["2:15: `d.csv`: line 3: a quoted field is not closed"])
    #expect(
      read("", "a,b\n\"1\"2,3\n").messages
        == [
          "2:15: `d.csv`: line 2: text follows a closing quote; a quote inside a quoted field is doubled: \"\""
        ])
  }

  /// Random tables, written by the rules of RFC 4180 and read back.
  @Test(arguments: 0..<Seeds.count(default: 40))
  func `what is written by RFC 4180 is read back`(seed: Int) {
    var generator = SeededNumbers(seed: seed)
    func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }
    let separator = [",", ";", "\t", "|"][below(4)]
    let end = ["\n", "\r\n", "\r"][below(3)]
    let pieces = ["a", "é", "\"", ",", ";", "|", "\t", "\n", "\r\n", " ", "1", "−", "'"]
    let (width, height) = (2 + below(4), 3 + below(20))
    var words: [[String]] = []
    for row in 0..<height {
      // A leading letter distinguishes the words from numbers, and from each other without regard to spaces.
      words.append(
        (0..<(width - 1)).map { column in
          "w\(row)\(column)" + (0..<below(6)).map { _ in pieces[below(pieces.count)] }.joined()
        })
    }
    let numbers = (0..<height).map { _ in Double(below(2000) - 1000) / 8 }
    func field(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
    let file =
      zip(words, numbers).map { (words, number) in
        (words.map(field) + ["\(number)"]).joined(separator: separator)
      }.joined(separator: end) + (below(2) == 0 ? end : "")
    let shown = file.debugDescription
    let (shape, values, messages) = read(", columns: -1", file)
    #expect(messages == [] && shape == [height] && values == numbers, "\(shown)")
    let table = try? DataTable(file)
    #expect(table?.hasHeader == false, "\(shown)")
    for column in 0..<(width - 1) {
      let read = try? table?.words(.init(index: column, isClass: true))
      #expect(read == words.map { $0[column] }, "\(shown)")
    }
  }
}
