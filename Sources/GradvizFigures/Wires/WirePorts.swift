import GradvizDrawing

/// Where the wires of an operation arrive at its tab: never two at one place.
///
/// The gradient of an operand above leaves below its value's wire, that of an operand below as well: so the two wires
/// of a pair never cross.
struct WirePorts {
  enum Side { case left, top, bottom }

  struct Port {
    var side: Side
    /// Down the left edge, or along the top or bottom edge, both from the tab's left and middle.
    var at: Double
  }

  /// An operand's wires as they come in from the column before.
  struct Arrival {
    var value: Double
    var gradient: Double
    var flows: Bool
    var isLevel: Bool
    /// Whether its wires can come in under the tab or over it: they carry nothing else, and nothing is in the way.
    var isThrough: Bool
    var middle: Double { (value + gradient) / 2 }
  }

  /// The ports of value and gradient, by operand.
  private(set) var ports: [(value: Port, gradient: Port)]

  /// The tab's place: how far it reaches above and below its middle, and how wide it is.
  struct Tab {
    var middle, up, down, width: Double
  }

  /// - Parameters:
  ///   - arrivals: the operands' wires.
  ///   - tab: where they arrive.
  ///   - rise: how far a wire alone stands from the middle.
  ///   - port: the room between two ports.
  ///   - hasBus: whether all come in on one bus.
  ///   - isPaired: whether the second operand comes in from below.
  init(_ arrivals: [Arrival], tab: Tab, rise: Double, port: Double, hasBus: Bool, isPaired: Bool) {
    let (middle, up, down, width) = (tab.middle, tab.up, tab.down, tab.width)
    let none = Port(side: .left, at: middle)
    ports = [(value: Port, gradient: Port)](repeating: (none, none), count: arrivals.count)
    let left = Self.left
    if up + down == 0 {
      for one in arrivals.indices { ports[one] = (left(arrivals[one].value), left(arrivals[one].gradient)) }
      return
    }
    if isPaired {
      ports[0] = (left(arrivals[0].value), left(arrivals[0].gradient))
      ports[1] = (left(arrivals[1].value), Port(side: .bottom, at: width / 2))
      return
    }
    if arrivals.count == 1, !arrivals[0].isLevel || abs(arrivals[0].value - middle) > min(up, down) - 2 {
      ports[0] = (left(middle - rise), left(middle + rise))
      return
    }
    if hasBus {
      for one in arrivals.indices { ports[one] = (left(middle - rise), left(middle + rise)) }
      return
    }
    let inset = min(width * 0.28, 7.0)
    let (near, far) = (inset, inset + max(8, min(10, width - 2 * inset)))
    let order = arrivals.indices.sorted { (arrivals[$0].middle, $0) < (arrivals[$1].middle, $1) }
    if let place = order.firstIndex(where: { arrivals[$0].isLevel }), order.count(where: { arrivals[$0].isLevel }) == 1
    {
      setAround(order, place, arrivals, port, near: near, far: far)
      return
    }
    if arrivals.count == 2, arrivals[order[0]].middle < middle, arrivals[order[1]].middle > middle,
      arrivals[order[1]].isThrough
    {
      ports[order[0]] = (left(middle - up / 2), left(middle))
      ports[order[1]] = (left(middle + down / 2), Port(side: .bottom, at: (near + far) / 2))
      return
    }
    let pitch = (up + down) / Double(2 * arrivals.count)
    for (position, one) in order.enumerated() {
      let first = middle - up + pitch * (Double(2 * position) + 0.5)
      ports[one] = (
        left(Self.straight(first, from: arrivals[one].value)),
        left(Self.straight(first + pitch, from: arrivals[one].gradient))
      )
    }
  }

  /// A bend of a point or two looks like a mistake: such a wire's port moves instead.
  private static func straight(_ port: Double, from arrival: Double) -> Double {
    abs(port - arrival) <= 2 ? arrival : port
  }

  /// Ports above and below the one operand whose wire is level with the tab.
  private mutating func setAround(
    _ order: [Int], _ place: Int, _ arrivals: [Arrival], _ port: Double, near: Double, far: Double
  ) {
    let main = arrivals[order[place]]
    // A level wire stays straight.
    ports[order[place]] = (Self.left(main.value), Self.left(main.gradient))
    var y = main.value
    for one in order[..<place].reversed() {
      if place == 1, arrivals[one].isThrough {
        ports[one] = (Port(side: .top, at: far), Port(side: .top, at: near))
      } else {
        ports[one] = (Self.left(y - 2 * port), Self.left(y - port))
        y -= 2 * port
      }
    }
    y = main.gradient
    for one in order[(place + 1)...] {
      if place == order.count - 2, arrivals[one].isThrough {
        ports[one] = (Port(side: .bottom, at: near), Port(side: .bottom, at: far))
      } else {
        ports[one] = (Self.left(y + port), Self.left(y + 2 * port))
        y += 2 * port
      }
    }
  }

  private static func left(_ y: Double) -> Port { Port(side: .left, at: y) }
}
