/// A dictionary that is iterated in insertion order of its keys.
///
/// A drawing must be the same in every process, but the order of a `Dictionary` differs between processes:
/// even a sum or a union of rectangles rounds differently in a different order.
struct OrderedTable<Key: Hashable, Value>: Sequence {
  private(set) var keys: [Key] = []
  private(set) var values: [Value] = []
  private var places: [Key: Int] = [:]

  /// The value of a key; a new key is appended.
  ///
  /// Setting nil removes the key, in O(count).
  subscript(key: Key) -> Value? {
    get { places[key].map { values[$0] } }
    set {
      switch (places[key], newValue) {
      case (let place?, let value?): values[place] = value
      case (nil, let value?):
        places[key] = keys.count
        keys.append(key)
        values.append(value)
      case (let place?, nil):
        keys.remove(at: place)
        values.remove(at: place)
        places[key] = nil
        for later in place..<keys.count { places[keys[later]] = later }
      case (nil, nil): break
      }
    }
  }

  /// The value of a key, in place; a new key is appended with `value`.
  subscript(key: Key, default value: @autoclosure () -> Value) -> Value {
    get { self[key] ?? value() }
    _modify {
      if places[key] == nil { self[key] = value() }
      yield &values[places[key] ?? 0]
    }
  }

  func mapValues<Other>(_ transform: (Value) -> Other) -> OrderedTable<Key, Other> {
    var result = OrderedTable<Key, Other>()
    result.keys = keys
    result.values = values.map(transform)
    result.places = places
    return result
  }

  struct Iterator: IteratorProtocol {
    fileprivate var rest: Zip2Sequence<[Key], [Value]>.Iterator

    mutating func next() -> (key: Key, value: Value)? { rest.next().map { (key: $0, value: $1) } }
  }

  func makeIterator() -> Iterator { Iterator(rest: zip(keys, values).makeIterator()) }
}
