import Autograd

/// How the windows of a convolution lie.
struct ConvolutionOptions: Sendable {
  var stride: Int
  var padding: Int
  var dilation: Int
  var groups: Int

  /// - Parameter weight: of three axes for `conv1d`, of four for `conv2d`.
  func apply(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
    weight.shape.count == 3
      ? conv1d(x, weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
      : conv2d(x, weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}
