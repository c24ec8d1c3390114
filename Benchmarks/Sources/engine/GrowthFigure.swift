import Foundation
import GradvizKit

/// Draws `series size seconds` lines from standard input as a figure of growth.
func drawGrowth(path: String) throws {
  var names: [String] = []
  var points: [String: [(size: Double, value: Double)]] = [:]
  while let line = readLine() {
    let words = line.split(separator: " ")
    guard words.count == 3, let size = Double(words[1]), let value = Double(words[2]) else { continue }
    let name = String(words[0])
    if points[name] == nil { names.append(name) }
    points[name, default: []].append((size, value))
  }
  let plot = Plot.growth(
    names.map { GrowthSeries(name: $0, points: points[$0] ?? []) }, xName: "operations or boxes",
    yName: "seconds",
    options: PlotOptions(title: "Time against size", id: "growth", precision: 3))
  try Data(plot.svg().utf8).write(to: URL(fileURLWithPath: path))
}
