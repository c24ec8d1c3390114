/// Takes a folder of inputs and a workload: `engine INPUTS WORKLOAD`.
@main
struct Engine {
  static func main() throws {
    let arguments = CommandLine.arguments
    let folder = arguments[1]
    switch arguments[2] {
    case "dag1e6": try measureDag(path: folder + "/dag.bin")
    case let name where name.hasPrefix("dag"): try measureDag(path: "\(folder)/\(name).bin")
    case "plot": try drawGrowth(path: folder)
    case "export": try measureExport(path: folder + "/dag.bin")
    case "moons337": try measureScalarMoons(folder: folder)
    case "gpt": try measureScalarGPT(folder: folder)
    case let name:
      guard let workload = TensorWorkload.all.first(where: { $0.name == name }) else {
        fatalError("no workload \(name)")
      }
      try workload.measure(folder: folder)
    }
  }
}
