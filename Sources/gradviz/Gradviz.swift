import ArgumentParser

@main
struct Gradviz: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "gradviz", abstract: "See how a neural network learns.")
}
