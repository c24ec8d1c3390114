import Autograd
import GradvizGraph
import GradvizKit

/// A million nodes, written as JSON and as DOT.
func measureExport(path: String) throws {
  let dag = try Dag(path: path)
  let tape = Tape()
  var values = dag.leaves.map { tape.parameter($0, name: nil) }
  for place in stride(from: 0, to: dag.operations.count, by: 3) {
    let a = values[Int(dag.operations[place + 1])]
    switch dag.operations[place] {
    case 0: values.append(a + values[Int(dag.operations[place + 2])])
    case 1: values.append(a * values[Int(dag.operations[place + 2])])
    case 2: values.append(tanh(a))
    default: values.append(exp(a))
    }
  }
  let graph = tape.graph(loss: values[values.count - 1], level: .scalar)
  let count = Double(graph.nodes.count)
  for (name, write) in [("json", { graph.encodeJSON().count }), ("dot", { graph.encodeDOT().count })] {
    let size = write()
    let seconds = time(runs: 5) { _ = write() }
    report(name, seconds * 1e9 / count, "ns/node")
    report(name + "-size", Double(size) / count, "B/node")
  }
}
