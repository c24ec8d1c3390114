import Autograd

extension TensorWorkload {
  static let all = [
    dense("moons", [2, 16, 16, 1], batch: 100, rate: 0.1),
    dense("digits", [64, 128, 10], batch: 64, rate: 0.1),
    dense("784-256-128-10", [784, 256, 128, 10], batch: 128, rate: 0.05),
    conv, embedding, transformer,
  ]

  /// Layers with relu between them.
  private static func dense(_ name: String, _ sizes: [Int], batch: Int, rate: Double) -> TensorWorkload {
    let shapes = zip(sizes, sizes.dropFirst()).flatMap { [[$0, $1], [$1]] }
    return TensorWorkload(
      name: name, batch: batch, rate: rate, classes: sizes[sizes.count - 1], shapes: shapes
    ) { x, p in
      stride(from: 0, to: p.count, by: 2).reduce(x) { layer, place in
        matmul(place == 0 ? layer : relu(layer), p[place]) + p[place + 1]
      }
    }
  }

  /// 16 filters of 3×3 with padding, relu, the largest of 2×2, a dense layer.
  private static let conv = TensorWorkload(
    name: "conv", batch: 64, rate: 0.1, classes: 10, shapes: [[16, 1, 3, 3], [16], [256, 10], [10]]
  ) { x, p in
    let maps = relu(conv2d(x.reshaped(-1, 1, 8, 8), p[0], bias: p[1], padding: 1))
    return matmul(maxPool(maps, size: 2).reshaped(-1, 256), p[2]) + p[3]
  }

  /// As in makemore: a vector of 10 for each of 27 characters; three characters, 200 hidden, tanh.
  private static let embedding = TensorWorkload(
    name: "embedding", batch: 32, rate: 0.1, symbols: 27, classes: 27,
    shapes: [[27, 10], [30, 200], [200], [200, 27], [27]]
  ) { x, p in
    matmul(tanh(matmul(matmul(x, p[0]).reshaped(-1, 30), p[1]) + p[2]), p[3]) + p[4]
  }

  /// A vector for each of 16 symbols and each of 16 places; a block of layer norm, causal attention with two heads, layer
  /// norm and gelu; a score for each symbol.
  private static let transformer: TensorWorkload = {
    let square = [[32, 32], [32]]
    let shapes = [[16, 32], [16, 32], [32], [32]] + square + square + square + square
    let rest = [[32], [32], [32, 64], [64], [64, 32], [32], [32, 16], [16]]
    return TensorWorkload(
      name: "transformer", batch: 16, rate: 0.1, symbols: 16, labels: 16, classes: 16, shapes: shapes + rest
    ) { x, p in
      func layer(_ x: Tensor, _ place: Int) -> Tensor { matmul(x, p[place]) + p[place + 1] }
      let start = matmul(x, p[0]).reshaped(-1, 16, 32) + p[1]
      let u = layerNorm(start, scale: p[2], shift: p[3])
      let o = attention(layer(u, 4), layer(u, 6), layer(u, 8), isCausal: true, heads: 2)
      let h = start + layer(o, 10)
      let wide = gelu(layer(layerNorm(h, scale: p[12], shift: p[13]), 14))
      return layer(h + layer(wide, 16), 18).reshaped(-1, 16)
    }
  }()
}
