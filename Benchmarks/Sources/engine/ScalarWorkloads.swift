import Autograd
import CAllocations

/// Records the graph; all nodes of it in order.
private func record(_ dag: Dag, on tape: Tape, into nodes: UnsafeMutableBufferPointer<Node>) {
  for place in dag.leaves.indices { nodes[place] = tape.constant(dag.leaves[place]).node }
  let names: [Tape.Operation] = [.add, .multiply, .tanh, .exp]
  dag.operations.withUnsafeBufferPointer { operations in
    var next = dag.leaves.count
    for place in stride(from: 0, to: operations.count, by: 3) {
      let (operation, a) = (Int(operations[place]), nodes[Int(operations[place + 1])])
      nodes[next] =
        operation < 2
        ? tape.record(names[operation], a, nodes[Int(operations[place + 2])])
        : tape.record(names[operation], a)
      next += 1
    }
  }
}

/// The same with values and operators.
private func record(_ dag: Dag, on tape: Tape, into values: UnsafeMutableBufferPointer<Value>) {
  for place in dag.leaves.indices { values[place] = tape.constant(dag.leaves[place]) }
  dag.operations.withUnsafeBufferPointer { operations in
    var next = dag.leaves.count
    for place in stride(from: 0, to: operations.count, by: 3) {
      let a = values[Int(operations[place + 1])]
      switch operations[place] {
      case 0: values[next] = a + values[Int(operations[place + 2])]
      case 1: values[next] = a * values[Int(operations[place + 2])]
      case 2: values[next] = tanh(a)
      default: values[next] = exp(a)
      }
      next += 1
    }
  }
}

func measureDag(path: String) throws {
  let dag = try Dag(path: path)
  let perOperation = 1e9 / Double(dag.count)
  let tape = Tape()
  let nodes = UnsafeMutableBufferPointer<Node>.allocate(capacity: dag.leaves.count + dag.count)
  defer { nodes.deallocate() }
  let before = residentMemory()
  record(dag, on: tape, into: nodes)
  tape.value(nodes[nodes.count - 1]).backward()
  let handles = Double(MemoryLayout<Node>.stride * nodes.count)
  report("memory", (residentMemory() - before - handles) / Double(dag.count), "B/op")
  var (recording, sweep, total): ([Double], [Double], [Double]) = ([], [], [])
  for _ in 0..<11 {
    let start = cpuTime()
    tape.removeAll(keepingCapacity: true)
    record(dag, on: tape, into: nodes)
    let recorded = cpuTime()
    tape.value(nodes[nodes.count - 1]).backward()
    let end = cpuTime()
    recording.append((recorded - start) * perOperation)
    sweep.append((end - recorded) * perOperation)
    total.append((end - start) * perOperation)
  }
  report("operations", Double(dag.count), "")
  report("record", recording.median, "ns/op")
  report("backward", sweep.median, "ns/op")
  report("total", total.median, "ns/op")
  let loss = tape.value(nodes[nodes.count - 1])
  let leaves = nodes[..<dag.leaves.count].map(tape.value)
  report("check", leaves.reduce(0) { $0 + abs($1.gradient) }, "Σ|gradient|")
  var sign = 1.0
  let again = time(span: 0.005) {
    sign = -sign
    for place in dag.leaves.indices { leaves[place].data = dag.leaves[place] * (1 + sign * 1e-9) }
    tape.replay()
    loss.backward()
  }
  report("memory-replayed", (residentMemory() - before - handles) / Double(dag.count), "B/op")
  report("replay+backward", again * perOperation, "ns/op")
  let values = UnsafeMutableBufferPointer<Value>.allocate(capacity: nodes.count)
  defer { values.deallocate() }
  let comfortable = time {
    tape.removeAll(keepingCapacity: true)
    record(dag, on: tape, into: values)
    values[values.count - 1].backward()
  }
  report("values", comfortable * perOperation, "ns/op")
}

/// The scalar network of the moons: 2-16-16-1 with relu, 100 samples, max-margin loss and L2.
func measureScalarMoons(folder: String) throws {
  let samples = try numbers(path: folder + "/moons.txt")
  let start = try numbers(path: folder + "/mlp337.txt").map { $0[0] }
  let tape = Tape()
  let parameters = start.enumerated().map { tape.parameter($1, name: "p\($0)") }
  var total: Value?
  for sample in samples {
    let inputs = [tape.constant(sample[0]), tape.constant(sample[1])]
    var place = 0
    func neuron(_ inputs: [Value]) -> Value {
      defer { place += inputs.count + 1 }
      return inputs.indices.reduce(parameters[place + inputs.count]) {
        $0 + parameters[place + $1] * inputs[$1]
      }
    }
    let first = (0..<16).map { _ in relu(neuron(inputs)) }
    let second = (0..<16).map { _ in relu(neuron(first)) }
    let margin = relu(1 - neuron(second) * sample[2])
    total = total.map { $0 + margin } ?? margin
  }
  let squares = parameters.dropFirst().reduce(parameters[0] * parameters[0]) { $0 + $1 * $1 }
  guard let total else { return }
  let loss = total * (1 / Double(samples.count)) + squares * 1e-4
  let training = Training(loss, optimizer: .sgd(rate: 0.1))
  for step in 0..<20 {
    guard let result = try training.next() else { return }
    if step == 19 { report("check", result.loss, "loss at step 20") }
  }
  report("operations", Double(tape.count), "nodes")
  report("step", time(runs: 101, span: 0.01) { _ = try? training.next() } * 1e6, "us")
  report("allocations", Double(allocations(training)), "in 1000 steps")
}

/// How often memory was asked for in a thousand steps.
func allocations(_ training: Training) -> Int {
  let before = allocation_count()
  for _ in 0..<1000 { _ = try? training.next() }
  return allocation_count() - before
}
