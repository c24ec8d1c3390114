import Foundation

/// Texts with a special meaning in DOT, HTML-like labels, SVG, Markdown, JSON, CSS or a terminal.
enum Hostile {
  static let texts = [
    "\"", "\"\"\"", "'", "\\", "a\\", "\\N", "\\G\\n\\l\\r\\E", "\\\"", "\\\\\"];evil[", "%", "%s%n%3",
    "<", ">", "<script>alert(1)</script>", "</title><script>alert(1)</script>", "<B>", "<TABLE>",
    "<IMG SRC=\"/etc/passwd\"/>",
    "&", "&amp;", "&lt;script&gt;", "&#60;script&#62;", "&copy;", "&bogus;", "|", "a|b", "{", "}", "{a|<p>b}",
    "]]>", "<![CDATA[", "-->", "<!--", "<?xml version=\"1.0\"?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
    "' onload='alert(1)", "\" onload=\"alert(1)", "x\" href=\"javascript:alert(1)", "javascript:alert(1)",
    "file:///etc/passwd",
    "url(http://example.org/x)", "@import 'http://example.org/x.css';", "}*{fill:url(#x)",
    "image=\"/etc/passwd\"", "shapefile",
    "subgraph", "digraph {", "node", "# comment", "// comment", "/* comment */", "; rm", "$(id)", "`id`",
    "#{x}",
    "![x](http://example.org/x.png)", "[x](javascript:alert(1))", "**bold** _it_", "| a | b |", "~~~", "```",
    "\u{0}", "a\u{0}b", "\u{1}", "\u{7}", "\u{8}", "\u{1B}[31mred", "\u{1B}]0;title\u{7}",
    "\u{1B}[2J\u{1B}[H", "\u{9B}31m", "\u{7F}", "\u{85}",
    "line\nend", "line\r\nend", "\ttab", "\u{2028}", "\u{2029}", "\u{202E}gnp.exe", "\u{2066}a\u{2069}",
    "\u{200F}", "\u{200E}", "\u{061C}",
    "\u{FEFF}", "\u{FFFE}", "\u{FFFF}", "\u{FFFD}", "\u{1FFFE}", "\u{E0041}", "\u{AD}", "\u{200B}",
    "\u{200D}",
    "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}", "\u{301}", "ŷ₁ ∂", "損失", "مرحبا", "שלום",
    "🙂", "👩‍👩‍👧‍👦", "🇫🇷",
    " ", "  two  ", "", "__proto__", "constructor", "NaN", "Infinity", "null", "w", "W1_2", "1", "-1",
    "1e999", "../../etc/passwd",
  ]

  /// Those that can name a value: part of them is visible.
  static let names = texts.filter { text in
    text.unicodeScalars.contains { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator, .unassigned: false
      default: true
      }
    }
  }

  /// The text as a figure shows it: without forbidden characters, and with line breaks as spaces.
  static func shown(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D, 0x2028, 0x2029: result.append(" ")
      case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFFE,
        0xFFFF:
        break
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Scalars that a terminal interprets, except line breaks, or that reorder text.
  static func obeyed(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter { scalar in
      scalar != "\n"
        && (scalar.properties.generalCategory == .control
          || scalar.properties.generalCategory == .lineSeparator
          || scalar.properties.generalCategory == .paragraphSeparator || scalar.properties.isBidiControl)
    }
  }

  /// A string of a `.grad` file.
  static func literal(_ text: String) -> String? {
    if text.contains(where: { $0.isNewline && $0 != "\u{2028}" && $0 != "\u{2029}" && $0 != "\u{85}" }) {
      return nil
    }
    return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  static func json(_ value: Any) throws -> String {
    String(
      decoding: try JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed]), as: UTF8.self
    )
  }

  /// A scalar graph whose values, title, caption, scopes and rule are hostile.
  static func graph(names: [String], title: String, caption: String) throws -> String {
    var nodes: [[String: Any]] = []
    for (index, name) in names.enumerated() {
      nodes.append([
        "id": "x\(index)", "name": name, "role": index % 2 == 0 ? "parameter" : "input", "value": [0.5],
        "gradient": [1], "updated": [0.4],
      ])
    }
    let leaves = nodes.count
    for (index, name) in names.enumerated() {
      nodes.append([
        "id": "y\(index)", "name": name + "′", "operation": "tanh", "operands": ["x\(index)"],
        "value": [0.46], "gradient": [1],
        "localDerivatives": [0.7], "scope": name.isEmpty ? "s" : name,
      ])
    }
    nodes.append([
      "id": "loss", "name": "L", "operation": "sum", "operands": (0..<leaves).map { "y\($0)" }, "value": [1],
      "gradient": [1],
      "localDerivatives": [Double](repeating: 1, count: leaves),
    ])
    return try json(
      [
        "version": 1, "level": "scalar", "loss": "loss", "learningRate": 0.1, "lossAfterUpdate": 0.9,
        "nodes": nodes,
        "updateRule": ["w ← w − lr·g", title.isEmpty ? "x" : String(title.prefix(20))],
        "presentation": ["title": title, "caption": caption],
      ] as [String: Any])
  }
}
