import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GraphvizRenderer

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Text (a program, or a graph as data) → graph → figure → Graphviz → SVG.
func fuzzFigure(_ text: String) {
  let graph: ComputationGraph
  if text.first(where: { !$0.isWhitespace }) == "{" {
    guard let read = try? ComputationGraph.decodeJSON(Data(text.utf8), limits: limits) else { return }
    graph = read
  } else {
    guard let program = program(text) else { return }
    graph = program.graph()
  }
  // Many small drawings find more than few large ones.
  guard graph.nodes.count <= 60, graph.nodes.reduce(0, { $0 + $1.value.count }) <= 2000 else { return }
  let options = FigureOptions(maxBoxes: 60)
  guard let figures = try? FigureSet(graph, options: options) else { return }
  let stages = figures.stages
  guard !stages.isEmpty else { return }
  // One of them, so that executions are many; which one, the input decides.
  let stage = stages[text.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % stages.count]
  do {
    let svg = try figures.figure(stage).svg(theme: graph.presentation.theme ?? .auto)
    claim(isWellFormed(svg), "an SVG is well-formed XML")
    claim(!svg.contains("<script") && !svg.contains("href=") && !svg.contains("<image"), "an SVG is closed")
  } catch {
    claim(false, "Graphviz draws what gradviz writes: \(error)")
  }
}

private func isWellFormed(_ svg: String) -> Bool {
  let parser = XMLParser(data: Data(svg.utf8))
  parser.shouldResolveExternalEntities = false
  return parser.parse()
}
