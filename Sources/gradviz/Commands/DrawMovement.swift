import ArgumentParser
import GradvizFigures
import GradvizSystem

/// Which flags about movement and steps go together.
extension Draw {
  /// `--of` with the stages that are about one parameter or input.
  func checkOf() throws {
    if stages.contains(.derivative), of == nil || stages.count > 1 {
      throw ValidationError("`--stage derivative` and `--of NAME` must be used together, without other stages")
    }
    if stages.contains(.depth), stages.count > 1 {
      throw ValidationError("`--stage depth` trains the program; draw it without other stages")
    }
    let areOfOne = !stages.isEmpty && stages.allSatisfy { $0 == .derivative || $0.stage?.hasOwnSheet ?? false }
    if of != nil, !areOfOne {
      throw ValidationError("`--of NAME` belongs to `--stage derivative`, `forward-mode` and `second-order`")
    }
  }

  /// Refuses `--animate` where nothing moves, `--steps` where no frame would be drawn, and `--no-positions` where no DOT is written.
  func checkSteps() throws {
    let asked = formats.isEmpty ? output.flatMap { Format(ending: FilePath.ending($0)) }.map { [$0] } ?? [] : formats
    if let moving = asked.first(where: \.moves) {
      let other = stages.first { $0 != .all && $0 != .stage(.backward) }
      guard steps, other == nil else {
        throw ValidationError(
          "an animated \(moving == .gif ? "GIF" : "PNG") has the steps of the backward pass as its frames; "
            + (other.map { "leave out `--stage \($0.name)`" } ?? "add `--steps`"))
      }
    }
    if steps, let format = asked.first(where: { $0.ofFigure == nil && !$0.moves }) {
      let what = format == .html ? "a page that steps through the backward pass by itself" : "the graph as data"
      let place = formats.isEmpty ? "`-o \(Terminal.line(output ?? ""))`" : "`-T \(format.rawValue)`"
      throw ValidationError(
        "`--steps` draws a picture for each step, but \(place) is \(what); leave out `--steps`, "
          + "or write the pictures into a folder, as in `--steps -o frames/`")
    }
    if steps, let output, namesOneFile(output), !(asked.first.map { $0 == .pdf || $0.moves } ?? false) {
      let stem = Terminal.line(FilePath.stem(output))
      throw ValidationError(
        "`--steps` draws a picture for each step, and `-o \(Terminal.line(output))` names one file; name a folder, "
          + "as in `-o \(stem)/`, or one picture that moves, as in `-o \(stem).gif`")
    }
    if steps, !stages.isEmpty, !stages.contains(.all), !stages.contains(.stage(.backward)) {
      throw ValidationError("`--steps` draws the steps of the backward pass; add `--stage backward`")
    }
    if animate {
      if steps {
        throw ValidationError("`--animate` replays the steps in one figure, `--steps` draws each; choose one")
      }
      if let format = asked.first(where: { $0 != .svg }) {
        throw ValidationError("`--animate` moves in an SVG only, not as \(format.rawValue); leave it out, or write svg")
      }
      let names = FigureSet.replayed.map(\.rawValue)
      guard !stages.isEmpty, stages.allSatisfy({ names.contains($0.name) }) else {
        let other = stages.first { !names.contains($0.name) }.map { ", not \($0.name)" } ?? ""
        throw ValidationError(
          "`--animate` replays forward, backward and update\(other); choose them, as in `--stage backward`")
      }
    }
    if noPositions, !asked.contains(.dot) {
      throw ValidationError("`--no-positions` is for DOT; add `-T dot`")
    }
  }

  /// Whether the interactive page is all that is asked for.
  var asksForPageOnly: Bool {
    formats.isEmpty ? output.map { FilePath.ending($0).lowercased() == "html" } ?? false : formats == [.html]
  }
}
