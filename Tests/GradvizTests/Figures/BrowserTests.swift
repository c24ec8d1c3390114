import Foundation
import GradvizFigures
import GradvizKit
import GradvizTestSupport
import Testing

/// How a browser renders the figures.
@Suite("Headless Chromium", .enabled(if: Project.browser != nil, "Chromium is not installed"), .serialized)
struct BrowserTests {
  static let figures: [(sample: String, stage: Stage)] = [
    ("minibatch", .backward), ("gradient-descent", .overview), ("attention", .forward), ("neuron", .update),
  ]

  private func run(_ arguments: [String]) throws -> ProcessResult {
    let profile = try TemporaryFolder()
    return try ProcessResult(
      try #require(Project.browser),
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
        "--user-data-dir=\(profile.url.path)",
      ] + arguments)
  }

  @Test(arguments: figures)
  func `a figure is a picture in light and in dark`(sample: String, stage: GradvizKit.Stage) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Project.drawn(sample, stage), to: "figure.svg")
    var pictures: [Data] = []
    for scheme in [1, 0] {
      let picture = folder.file("\(scheme).png")
      _ = try run([
        "--blink-settings=preferredColorScheme=\(scheme)", "--window-size=1000,700",
        "--screenshot=\(picture.path)", "file://\(file)",
      ])
      pictures.append(try Data(contentsOf: picture))
    }
    for picture in pictures {
      #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      // A page of one color compresses to less than a tenth of this.
      #expect(picture.count > 20_000)
    }
    #expect(pictures[0] != pictures[1])
  }

  @Test func `a dark page has the palette's dark colors`() throws {
    let svg = try Project.drawn("minibatch", .backward)
    let page = """
      <!DOCTYPE html><meta charset="utf-8">\(svg)<pre></pre><script>
      const of = c => getComputedStyle(document.querySelector(c)).fill
      document.querySelector("pre").textContent = [of("rect.f-page"), of("rect.f-parameter"), of("text")].join(";")
      </script>
      """
    let folder = try TemporaryFolder()
    let path = try folder.write(page, to: "page.html")
    for (scheme, colors) in [
      (1, [Tint.page, .parameter, .ink].map { Palette.entry($0).light }),
      (0, [Tint.page, .parameter, .ink].map { Palette.entry($0).dark }),
    ] {
      let result = try run([
        "--blink-settings=preferredColorScheme=\(scheme)", "--dump-dom", "file://\(path)",
      ])
      let expected = colors.map { "rgb(\($0.red), \($0.green), \($0.blue))" }.joined(separator: ";")
      #expect(result.text.contains("<pre>\(expected)</pre>"))
    }
  }

  /// With any of the usual substitute fonts, text stays in its box and on the sheet.
  @Test func `text keeps inside its box in every usual font`() throws {
    let fonts = ["DejaVu Sans", "Arial", "Helvetica", "Liberation Sans", "Noto Sans"]
    let figures =
      Self.figures + ["gradient-descent", "chain", "softmax", "mlp"].map { ($0, .backward) }
    var page = "<!DOCTYPE html><meta charset=\"utf-8\"><body>"
    for font in fonts {
      for (sample, stage) in figures {
        let svg = try Project.drawn(sample, stage)
        page +=
          "<div data-name=\"\(sample) \(stage), \(font)\" style=\"font-family:'\(font)'\">"
          + svg.replacing("font-family=\"", with: "data-family=\"") + "</div>"
      }
    }
    page += """
      <pre></pre><script>
      const bad = []; let count = 0
      for (const figure of document.querySelectorAll("div")) {
        const svg = figure.querySelector("svg"), sheet = svg.viewBox.baseVal
        for (const text of figure.querySelectorAll("text")) {
          const box = text.getBBox(); count++
          const group = text.closest("g.node")
          if (box.x < -1 || box.x + box.width > sheet.width + 1) bad.push(figure.dataset.name + ": off the sheet: " + text.textContent)
          if (!group) continue
          let left = 1e9, right = -1e9
          for (const rect of group.querySelectorAll("rect")) {
            const r = rect.getBBox(); left = Math.min(left, r.x); right = Math.max(right, r.x + r.width)
          }
          if (box.x < left - 1 || box.x + box.width > right + 1) bad.push(figure.dataset.name + ": out of its box: " + text.textContent)
        }
      }
      document.querySelector("pre").textContent = count + " texts; " + (bad.join("; ") || "all inside")
      </script>
      """
    let folder = try TemporaryFolder()
    let result = try run(["--dump-dom", "file://\(try folder.write(page, to: "page.html"))"])
    let verdict = try #require(
      result.text.components(separatedBy: "<pre>").last?.components(separatedBy: "</pre>").first)
    #expect(verdict.hasSuffix("all inside"), "\(verdict.prefix(2000))")
    #expect((Int(verdict.prefix { $0.isNumber }) ?? 0) > 3000)
  }
}
