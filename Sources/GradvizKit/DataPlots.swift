import Autograd
import GradLanguage
import GradvizFigures
import GradvizPlots

/// Plots of a network over its data: what it decides, what it fits.
extension ProgramTraining {
  /// A recording of all samples, including held-out ones, with the current parameters.
  private var wholeRecording: Recording {
    guard plan.sampleCount > 0,
      program.hasPhases || recording.inputs.first?.tensor.shape.first != plan.sampleCount,
      let whole = try? program.record(rows: Array(0..<plan.sampleCount))
    else { return recording }
    for (own, its) in zip(recording.tape.parameterTensors, whole.tape.parameterTensors) {
      its.tensor.data = own.tensor.data
    }
    whole.take(statisticsOf: recording)
    whole.tape.replay()
    return whole
  }

  /// The only input, if its samples have `features` numbers each, the only target, and its prediction: of
  /// several, the last one with `outputs` numbers per sample, or with any number if that is nil.
  private func data(_ recording: Recording, features: Int, outputs: (Tensor) -> Int?) -> (
    input: (name: String, tensor: Tensor), target: Tensor, prediction: (name: String, tensor: Tensor)
  )? {
    guard recording.inputs.count == 1, recording.targets.count == 1, let input = recording.inputs.first,
      let target = recording.targets.first?.tensor
    else { return nil }
    let shape = input.tensor.shape
    let own = shape.count == 1 ? 1 : shape.count == 2 ? shape[1] : 0
    guard own == features, let samples = shape.first, samples > 0, target.shape.first == samples else {
      return nil
    }
    let wanted = outputs(target)
    let prediction = recording.predictions.last { _, tensor in
      guard tensor.shape.first == samples, (1...2).contains(tensor.shape.count) else { return false }
      return wanted == nil || wanted == tensor.data.count / samples
    }
    guard let prediction, isOfEachSample(prediction.tensor, input.tensor) else { return nil }
    return (input, target, prediction)
  }

  /// Whether the prediction for a sample depends only on that sample: with attention, it also depends on the
  /// others, and a point alone has no prediction.
  private func isOfEachSample(_ prediction: Tensor, _ input: Tensor) -> Bool {
    let samples = input.shape[0]
    guard samples > 1 else { return true }
    let rows = input.data.chunked(input.data.count / samples)
    let before = predictions(rows, input, prediction)
    // Every sample in place of the next one.
    let turned = predictions(Array(rows.dropFirst() + rows.prefix(1)), input, prediction)
    let expected = Array(before.dropFirst() + before.prefix(1))
    let single = predictions([[Double]](repeating: rows[0], count: samples), input, prediction)
    func agree(_ a: [Double], _ b: [Double]) -> Bool {
      zip(a, b).allSatisfy { abs($0 - $1) <= 1e-9 * max(1, abs($0)) || $0.isNaN && $1.isNaN }
    }
    return zip(turned, expected).allSatisfy(agree) && single.allSatisfy { agree($0, before[0]) }
  }

  /// Predictions for points that are not samples, one batch at a time; the recording does not change.
  private func predictions(_ points: [[Double]], _ input: Tensor, _ prediction: Tensor) -> [[Double]] {
    let before = input.data
    let samples = input.shape[0]
    let features = before.count / samples
    let outputs = prediction.data.count / samples
    var result: [[Double]] = []
    for start in stride(from: 0, to: points.count, by: samples) {
      var numbers = before
      let chunk = points[start..<min(start + samples, points.count)]
      for (offset, point) in chunk.enumerated() {
        for feature in 0..<features { numbers[offset * features + feature] = point[feature] }
      }
      input.data = numbers
      input.tape.replay()
      let data = prediction.data
      for offset in 0..<chunk.count {
        result.append(Array(data[(offset * outputs)..<((offset + 1) * outputs)]))
      }
    }
    input.data = before
    input.tape.replay()
    return result
  }

  /// The class of each sample, starting at 0, from its target; nil if the targets are not classes for which
  /// the prediction has outputs.
  ///
  /// - Precondition: one target, or one row of targets, for each sample.
  private func classes(_ target: Tensor, outputs: Int) -> (classes: [Int], count: Int, threshold: Double)? {
    let samples = target.shape[0]
    let width = target.data.count / samples
    if width > 1 {
      guard width == outputs else { return nil }
      let rows = target.data.chunked(width)
      // A one-hot row: a single 1, and 0 elsewhere.
      guard rows.allSatisfy({ row in row.allSatisfy { $0 == 0 || $0 == 1 } && row.count { $0 == 1 } == 1 })
      else {
        return nil
      }
      return (rows.map { $0.firstIndex(of: 1) ?? 0 }, width, 0)
    }
    let numbers = target.data
    if outputs > 1 {
      let whole = numbers.compactMap { Int(exactly: $0) }
      guard whole.count == numbers.count, whole.allSatisfy({ (0..<outputs).contains($0) }) else { return nil }
      return (whole, outputs, 0)
    }
    let kinds = Set(numbers)
    guard kinds.isSubset(of: [0, 1]) || kinds.isSubset(of: [-1, 1]) else { return nil }
    return (numbers.map { $0 > 0 ? 1 : 0 }, 2, kinds.contains(-1) ? 0 : 0.5)
  }

  /// Plots the decision regions of a classifier with two features; returns nil for other programs.
  public func decisionPlot(options: PlotOptions) -> Plot? {
    recording.tape.replay()
    let recording = wholeRecording
    let found = data(recording, features: 2) { target in
      // One-hot rows need an output for each class; class numbers go with scores or with a single output.
      let width = target.data.count / target.shape[0]
      return width > 1 ? width : nil
    }
    guard let (input, target, (_, prediction)) = found else { return nil }
    let samples = input.tensor.shape[0]
    let outputs = prediction.data.count / samples
    guard let (classes, count, threshold) = classes(target, outputs: outputs), count <= 4 else { return nil }
    let numbers = input.tensor.data
    let targetName = NumberFormat.name(recording.targets.first?.name ?? "y")
    let words = recording.targets.first.flatMap { program.classes(of: $0.name) }.flatMap { $0.count < count ? nil : $0 }
    let points = (0..<samples).map { (numbers[$0 * 2], numbers[$0 * 2 + 1]) }
    let horizontal = Self.range(points.map(\.0))
    let vertical = Self.range(points.map(\.1))
    let (columns, rows) = (120, 80)
    let corners = (0...rows).flatMap { row in
      (0...columns).map { column in
        [
          horizontal.lowerBound + (horizontal.upperBound - horizontal.lowerBound) * Double(column)
            / Double(columns),
          vertical.lowerBound + (vertical.upperBound - vertical.lowerBound) * Double(row) / Double(rows),
        ]
      }
    }
    let scored = predictions(corners, input.tensor, prediction)
    let scores = (0..<count).map { own in
      Field(
        columns: columns, rows: rows,
        values: scored.map { outputs > 1 ? $0[own] : own == 1 ? $0[0] - threshold : threshold - $0[0] })
    }
    let present = prediction.data
    let marked = (0..<samples).map { sample -> ClassifiedPoint in
      let own = Array(present[(sample * outputs)..<((sample + 1) * outputs)])
      let predicted = outputs > 1 ? own.indices.max { own[$0] < own[$1] } ?? 0 : own[0] > threshold ? 1 : 0
      return ClassifiedPoint(
        x: points[sample].0, y: points[sample].1, classIndex: classes[sample], predicted: predicted)
    }
    let confidence: Plot.Confidence? =
      outputs > 1
      ? (Self.areProbabilities(scored) ? .probabilities : nil) : .distance(ofTargets: threshold == 0 ? 1 : 0.5)
    let feature = input.name + (input.name.last?.isNumber == true ? "_" : "")
    return .decisionRegion(
      marked, scores: scores, confidence: confidence, horizontal: horizontal, vertical: vertical,
      names: (feature + "1", feature + "2"),
      classNames: words.map { Array($0.prefix(count)) }
        ?? (threshold == 0 && outputs == 1
          ? ["−1", "1"].map { "\(targetName) = \($0)" } : (0..<count).map { "\(targetName) = \($0)" }),
      options: options)
  }

  private static func areProbabilities(_ rows: [[Double]]) -> Bool {
    rows.allSatisfy { row in
      row.allSatisfy { $0 >= 0 } && abs(row.reduce(0, +) - 1) < 1e-9
    }
  }

  /// Plots the fitted curve of a regression with one feature; returns nil for other programs.
  public func fitPlot(options: PlotOptions) -> Plot? {
    recording.tape.replay()
    let recording = wholeRecording
    guard let (input, target, (name, prediction)) = data(recording, features: 1, outputs: { _ in 1 }),
      target.data.count == input.tensor.shape[0]
    else { return nil }
    guard classes(target, outputs: 1) == nil else { return nil }
    let range = Self.range(input.tensor.data)
    let places = (0...200).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / 200 }
    let curve = zip(places, predictions(places.map { [$0] }, input.tensor, prediction)).map {
      (x: $0, y: $1[0])
    }
    let points = zip(input.tensor.data, target.data).map { (x: $0, y: $1) }
    return .fittedCurve(
      points, curve: curve,
      names: (input.name, recording.targets.first?.name ?? "y", name),
      options: options)
  }

  private static func range(_ values: [Double]) -> ClosedRange<Double> {
    let finite = values.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    let room = high > low ? (high - low) * 0.08 : max(abs(high) * 0.5, 0.5)
    return (low - room)...(high + room)
  }
}

extension [Double] {
  /// Splits the array into chunks of `size` numbers.
  fileprivate func chunked(_ size: Int) -> [[Double]] {
    stride(from: 0, to: count, by: Swift.max(size, 1)).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
