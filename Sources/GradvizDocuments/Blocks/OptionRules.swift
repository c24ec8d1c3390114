import GradvizFigures

/// Which options of a block go together.
extension BlockOptions {
  /// - Throws: the first option that does not belong to the others.
  func check() throws(Fault) {
    let pictures = pictures ?? []
    if let place = places[.of] {
      let isOfOne = pictures.contains { $0.stage?.hasOwnSheet ?? false }
      guard isOfOne || pictures.contains(where: { $0 == .plot(.derivative) || $0 == .plot(.landscape) }) else {
        throw Fault(
          place: place,
          message: "`of` belongs to `stage=derivative`, `forward-mode`, `second-order` and `landscape`")
      }
      if isOfOne, of.count != 1 {
        throw Fault(
          place: place, message: "`stage=forward-mode` and `stage=second-order` take one value", hint: "as in `of=w1`")
      }
      if pictures.contains(.plot(.derivative)), of.count != 1 {
        throw Fault(place: place, message: "`stage=derivative` takes one value", hint: "as in `of=w1`")
      }
      if pictures.contains(.plot(.landscape)), !pictures.contains(.plot(.derivative)), of.count != 2 {
        throw Fault(place: place, message: "a landscape takes two parameters", hint: "as in `of=w1,b`")
      }
    } else if pictures.contains(.plot(.derivative)), let place = places[.stage] {
      throw Fault(
        place: place, message: "`stage=derivative` needs `of`", hint: "as in `of=w1`")
    }
    if let place = places[.compare], !pictures.contains(where: { $0 == .plot(.descent) || $0 == .plot(.landscape) }) {
      throw Fault(place: place, message: "`compare` belongs to `stage=descent` and `stage=landscape`")
    }
    if let place = places[.steps], self.pictures?.contains(.stage(.backward)) == false {
      throw Fault(place: place, message: "`steps` belongs to `stage=backward`")
    }
    if let place = places[.animate] {
      let still = pictures.first { picture in !(picture.stage.map(FigureSet.replayed.contains) ?? false) }
      if hasSteps {
        throw Fault(place: place, message: "`animate` replays the steps, and `steps` draws each; choose one")
      }
      if let still {
        throw Fault(
          place: place, message: "`animate` replays forward, backward and update, not \(still.name)",
          hint: "write the other figures in a block of their own")
      }
    }
    if let place = places[.alt], hasSteps || pictures.count > 1 {
      throw Fault(
        place: place, message: "`alt` describes one figure, and the block has several",
        hint: "without it, each figure is described by what it shows")
    }
    for key in [Key.caption, .hide] {
      if let place = places[key], pictures.contains(where: { $0.stage == nil }) {
        throw Fault(place: place, message: "`\(key.rawValue)` is for figures of stages, not for plots")
      }
    }
  }
}
