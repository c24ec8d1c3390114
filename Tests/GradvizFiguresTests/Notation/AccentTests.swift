import GradvizDrawing
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// Letters with a circumflex that fonts have no sign for.
@Suite("Accents")
struct AccentTests {
  @Test(arguments: ["m\u{302}", "√v\u{302}", "w − lr·m\u{302}/(√v\u{302} + 1)", "x\u{302}"])
  func `an accent stands over the middle of its letter`(_ text: String) throws {
    for typeface in [TextMetrics.Typeface.regular, .variable] {
      let run = Figure.Run(text: text, size: 13, typeface: typeface)
      let line = TextLine([run])
      #expect(abs(line.width - TextMetrics.width(of: text, size: 13, typeface: typeface)) < 1e-9)
      let accents = line.places.indices.filter { line.places[$0].run.text == "ˆ" }
      #expect(accents.count == text.unicodeScalars.count { $0 == "\u{302}" })
      for index in accents {
        let (letters, accent) = (line.places[index - 1], line.places[index])
        let letter = try #require(letters.run.text.last)
        let end = letters.x + letters.run.width
        let middle = end - TextMetrics.width(of: String(letter), size: 13, typeface: typeface) / 2
        #expect(abs(accent.x + accent.run.width / 2 - middle) < 1e-9)
      }
      #expect(!line.labels(at: Point(x: 0, y: 0)).contains { $0.run.text.unicodeScalars.contains("\u{302}") })
    }
  }

  @Test func `they are read back as letters`() throws {
    let figure = try FigureSet(Project.graph("xor")).figure(.update)
    let texts = SVGDocument(try figure.svg()).texts.map(\.text)
    #expect(texts.contains("m\u{302}") && texts.contains("√v\u{302}"))
  }
}
