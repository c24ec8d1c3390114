import Foundation

/// Prints the figure that the build has drawn from `neuron.grad`.
@main
struct Lesson {
  static func main() throws {
    guard let figure = Bundle.module.url(forResource: "neuron", withExtension: "svg") else {
      throw CocoaError(.fileNoSuchFile)
    }
    print(try String(contentsOf: figure, encoding: .utf8))
  }
}
