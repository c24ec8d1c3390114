/// What stands in the text of a drawing, found by a scan: a law reads thousands of them, and regular expressions take longer
/// than drawing does.
package enum MarkupScan {
  /// Every value of an attribute, in order: `a` and `b` of `<g id="a"><path id="b"/></g>`.
  package static func values(of attribute: String, in text: String) -> [String] {
    let bytes = Array(text.utf8)
    let begin = Array(" \(attribute)=\"".utf8)
    var found: [String] = []
    var place = 0
    while place + begin.count <= bytes.count {
      guard bytes[place] == begin[0], bytes[place..<place + begin.count].elementsEqual(begin) else {
        place += 1
        continue
      }
      let start = place + begin.count
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\"")) ?? bytes.count
      found.append(String(decoding: bytes[start..<end], as: UTF8.self))
      place = end
    }
    return found
  }

  /// Every text between two tags, in order; none that is empty.
  package static func texts(in text: String) -> [String] {
    let bytes = Array(text.utf8)
    var found: [String] = []
    var start: Int?
    for (place, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: ">") {
        start = place + 1
      } else if byte == UInt8(ascii: "<"), let begin = start {
        if begin < place { found.append(String(decoding: bytes[begin..<place], as: UTF8.self)) }
        start = nil
      }
    }
    return found
  }

  /// Every number, as long as it goes on: `−0.42`, `3,5`; of `1.2.3` `1.2` and `3`.
  package static func numbers(in text: String) -> [String] {
    let scalars = Array(text.unicodeScalars)
    func isDigit(_ place: Int) -> Bool { place < scalars.count && ("0"..."9").contains(scalars[place]) }
    var found: [String] = []
    var place = 0
    while place < scalars.count {
      guard isDigit(place) else {
        place += 1
        continue
      }
      let start = place > 0 && scalars[place - 1] == "−" ? place - 1 : place
      while isDigit(place) { place += 1 }
      if place < scalars.count, scalars[place] == "." || scalars[place] == ",", isDigit(place + 1) {
        place += 1
        while isDigit(place) { place += 1 }
      }
      var number = String.UnicodeScalarView()
      number.append(contentsOf: scalars[start..<place])
      found.append(String(number))
    }
    return found
  }

  /// Whether a text is a word that XML and CSS take as an id: a letter or `_`, then letters, digits, `_`, `.` and `-`.
  package static func isID(_ text: String) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }
    guard let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.allSatisfy { byte in
      isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: "-")
    }
  }
}
