/// Finds the named constants that only inputs, targets and other such constants are made of: they are not part of the
/// computation, and a figure has no boxes of them.
enum DataOnlyConstants {
  /// The indices of their statements.
  ///
  /// - Complexity: O(size of the program)
  static func statements(of program: Program, _ facts: [Fact]) -> Set<Int> {
    let tree = program.tree
    var (read, mentioned): (Set<String>, Set<String>) = ([], [])
    var result: Set<Int> = []
    // Uses follow declarations.
    for (index, statement) in tree.statements.enumerated().reversed() {
      guard case .declaration(let keyword) = statement.kind, let name = statement.name, let root = statement.root
      else { continue }
      let names = statement.nodes.compactMap { node -> String? in
        if case .name(let name) = tree.nodes[node].kind { name } else { nil }
      }
      defer { mentioned.formUnion(names) }
      switch keyword {
      case .input, .target, .param: continue
      case nil where facts[root].constant != nil && mentioned.contains(name) && !read.contains(name):
        result.insert(index)
      default: read.formUnion(names)
      }
    }
    return result
  }
}
