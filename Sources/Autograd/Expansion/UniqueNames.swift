/// Names that no two values share.
package struct UniqueNames {
  private var used = Set<String>()
  /// The number that is tried next for a name that many want; those below it are taken.
  private var next: [String: Int] = [:]

  package init() {}

  package mutating func reserve(_ name: String) { used.insert(name) }

  package mutating func unique(_ name: String) -> String {
    if used.insert(name).inserted { return name }
    var number = next[name] ?? 2
    var candidate = "\(name)_\(number)"
    while !used.insert(candidate).inserted {
      number += 1
      candidate = "\(name)_\(number)"
    }
    next[name] = number + 1
    return candidate
  }
}
