import GradvizDrawing

/// What a piece needs to know of one value: the size of its box and of its operation's tab, and of what stands on the
/// wires to it.
struct Unit {
  var box: Size
  /// How far the tab reaches in front of the box; nil for a leaf.
  var tab: Double?
  /// How far from its middle the wires leave it: the value's above, the gradient's below.
  var rise = 9.5
  /// Room above and below the box, such as for the badge on its corner.
  var above = 0.0
  var below = 0.0
  /// By operand the length of what stands on the gradient's wire: the local derivative, and the share.
  var marks: [Double] = []
  var shares: [Double] = []
  /// The length of the share that goes from a lane to this leaf.
  var entry = 0.0
  /// The same from a row of the samples' table.
  var rowEntry = 0.0

  /// Between the ports of several operands on its tab.
  var port = 10.0
  /// The width of the widest local derivative of its operation, in whichever direction it is placed.
  var widestRule = 0.0

  /// About what it takes along the direction of the columns, in a figure that has to be narrow, beyond the least gap.
  var along: Double {
    var widest = 0.0
    for (mark, share) in zip(marks, shares) {
      // The mark of an only operand stands under the tab.
      let own = mark > Measure.dot && marks.count > 1 ? mark : 0
      widest = max(widest, own + share)
    }
    return box.width + (tab ?? 0) + max(widest - 4, 0)
  }
}
