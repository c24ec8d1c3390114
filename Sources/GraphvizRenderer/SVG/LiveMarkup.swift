import GradvizDrawing

/// What a drawing needs that is part of an HTML page, where a script hides, marks and writes its elements: their own ids,
/// colors by class alone, no style sheet and no titles.
package struct LiveMarkup: Sendable {
  /// A text that a script writes.
  package struct Text: Sendable {
    package var attributes: String
    package var isCentered: Bool

    package init(attributes: String, isCentered: Bool) {
      self.attributes = attributes
      self.isCentered = isCentered
    }
  }

  /// The attributes of the svg element.
  package var root: String
  /// Further attributes of elements, by id.
  package var attributesByID: [String: String]
  /// The last texts in an element's group, by its id.
  package var textsByID: [String: [Text]]
  /// What stands first in an element's group, by its id.
  package var contentByID: [String: String]
  /// What the elements' ids begin with in the page.
  package var prefix = ""
  /// The classes of marks that no script looks for.
  package var anonymousClasses: Set<String> = []
  /// What stands last in the svg element.
  package var end = ""

  package init(
    root: String, attributesByID: [String: String] = [:], textsByID: [String: [Text]] = [:],
    contentByID: [String: String] = [:]
  ) {
    self.root = root
    self.attributesByID = attributesByID
    self.textsByID = textsByID
    self.contentByID = contentByID
  }

  /// How many texts stand in each group with texts that change, by its id.
  func textCounts(_ events: [Drawing.Event]) -> [String: Int] {
    var counts: [String: Int] = [:]
    var open: [String] = []
    for event in events {
      switch event {
      case .begin(_, let id, _, _): open.append(id ?? "")
      case .end: _ = open.popLast()
      case .text: if let id = open.last, textsByID[id] != nil { counts[id, default: 0] += 1 }
      default: break
      }
    }
    return counts
  }
}
