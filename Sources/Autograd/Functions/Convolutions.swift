/// Convolutions and pooling, composed of selections, shapes and a product of matrices; `torch.nn.functional` has the
/// same names, shapes and defaults.

/// How a window moves over an axis.
package struct WindowPlan: Sendable, Equatable {
  package var size: Int
  package var stride: Int
  package var padding: Int
  package var dilation: Int

  package init(size: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1) {
    self.size = size
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// The number of windows on an axis; nil if not one fits, or if a number is out of range.
  package func count(on axis: Int) -> Int? {
    let most = 1 << 30
    guard (1...most).contains(size), (1...most).contains(stride), (0...most).contains(padding),
      (1...most).contains(dilation), axis <= most, size - 1 <= most / dilation
    else { return nil }
    let room = axis + 2 * padding - ((size - 1) * dilation + 1)
    return room < 0 ? nil : room / stride + 1
  }

  /// The positions of all windows, one after another.
  func positions(_ count: Int) -> [Int] {
    (0..<count).flatMap { window in (0..<size).map { window * stride + $0 * dilation } }
  }
}

extension Tensor {
  /// The windows of the last two axes: samples × channels × rows × columns × height × width.
  fileprivate func windows(_ rows: WindowPlan, _ columns: WindowPlan, padding: Double = 0) -> Tensor {
    guard let down = rows.count(on: shape[2]), let across = columns.count(on: shape[3]) else {
      preconditionFailure("no window fits into \(tape.description(of: index))")
    }
    let wide = padded(
      [(0, 0), (0, 0), (rows.padding, rows.padding), (columns.padding, columns.padding)], with: padding)
    let taken = wide.entries([
      .all, .all, .positions(rows.positions(down)), .positions(columns.positions(across)),
    ])
    return taken.reshaped(to: [shape[0], shape[1], down, rows.size, across, columns.size])
      .transposed(axes: [0, 1, 2, 4, 3, 5])
  }
}

/// The convolution of images, `F.conv2d`: x is samples × channels × rows × columns, the weight outputs × channels ×
/// height × width, the result samples × outputs × rows × columns.
///
/// - Parameters:
///   - x: the images.
///   - weight: the windows' factors.
///   - bias: a number for each output; nil for none.
///   - stride: the distance of windows.
///   - padding: zeros on each side.
///   - dilation: the distance of the places that a window takes.
///   - groups: of how many parts of the channels each has its own outputs.
/// - Precondition: shapes that fit, and windows that fit into the padded image.
/// - Complexity: O(entries of the result · channels / groups · height · width)
public func conv2d(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
  groups: Int = 1
) -> Tensor {
  let (outputs, channels) = (weight.shape[0], weight.shape[1])
  precondition(
    x.shape.count == 4 && weight.shape.count == 4 && x.shape[1] == channels * groups && outputs % groups == 0,
    "conv2d: \(Shapes.text(x.shape)) and a weight of \(Shapes.text(weight.shape)) do not fit")
  let plans = weight.shape[2...].map { WindowPlan(size: $0, stride: stride, padding: padding, dilation: dilation) }
  // samples × rows × columns × channels × height × width
  let windows = x.windows(plans[0], plans[1]).transposed(axes: [0, 2, 3, 1, 4, 5])
  let (samples, rows, columns) = (windows.shape[0], windows.shape[1], windows.shape[2])
  let width = channels * weight.shape[2] * weight.shape[3]
  let flat = windows.reshaped(to: [samples * rows * columns, groups * width])
  let kernels = weight.reshaped(to: [outputs, width])
  let size = outputs / groups
  let parts = (0..<groups).map { group -> Tensor in
    if groups == 1 { return matmul(flat, kernels.transposed) }
    return matmul(
      flat.entries([.all, .range(from: group * width, to: (group + 1) * width)]),
      kernels.entries([.range(from: group * size, to: (group + 1) * size)]).transposed)
  }
  var result = concat(parts, axis: 1)
  if let bias { result = result + bias }
  return result.reshaped(to: [samples, rows, columns, outputs]).transposed(axes: [0, 3, 1, 2])
}

/// The convolution of sequences, `F.conv1d`: x is samples × channels × length, the weight outputs × channels × width.
///
/// - Precondition: as for ``conv2d(_:_:bias:stride:padding:dilation:groups:)``.
public func conv1d(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
  groups: Int = 1
) -> Tensor {
  // Padded before, since the axis that is added has none.
  let wide = padding == 0 ? x : x.padded([(0, 0), (0, 0), (padding, padding)])
  let result = conv2d(
    wide.expanded(axis: 2), weight.expanded(axis: 2), bias: bias, stride: stride, dilation: dilation, groups: groups)
  return result.reshaped(to: [result.shape[0], result.shape[1], result.shape[3]])
}

/// The largest number of each window, `F.max_pool2d`; of equal ones, the first takes the gradient.
///
/// - Parameters:
///   - x: the images.
///   - size: of a window, in rows and columns.
///   - stride: the distance of windows; nil for their size.
/// - Precondition: samples × channels × rows × columns, and a window that fits.
public func maxPool(_ x: Tensor, size: Int, stride: Int? = nil) -> Tensor {
  let plan = WindowPlan(size: size, stride: stride ?? size)
  let windows = x.windows(plan, plan)
  let flat = windows.reshaped(to: Array(windows.shape[..<4]) + [size * size])
  let places = (0..<size * size).map { flat.entries([.all, .all, .all, .all, .position($0)]) }
  return places.dropFirst().reduce(places[0]) { best, other in choose(other .> best, other, best) }
}

/// The mean of each window, `F.avg_pool2d`.
///
/// - Parameters:
///   - x: the images.
///   - size: of a window, in rows and columns.
///   - stride: the distance of windows; nil for their size.
/// - Precondition: samples × channels × rows × columns, and a window that fits.
public func averagePool(_ x: Tensor, size: Int, stride: Int? = nil) -> Tensor {
  let plan = WindowPlan(size: size, stride: stride ?? size)
  let windows = x.windows(plan, plan)
  return windows.reshaped(to: Array(windows.shape[..<4]) + [size * size]).mean(axis: 4)
}
