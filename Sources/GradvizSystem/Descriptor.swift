/// Reading and writing through the system's descriptors; a signal that comes meanwhile is no reason to stop.
package enum Descriptor {
  /// What is left to be read, in pieces of 64 KiB.
  ///
  /// - Parameter most: reading ends once there are more bytes.
  /// - Returns: nil where the system says no, with the reason in `errno`.
  package static func bytes(_ descriptor: Int32, most: Int = .max) -> [UInt8]? {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while result.count <= most {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      result += buffer[..<count]
    }
    return result
  }

  /// Writes all of it; false where the system says no, with the reason in `errno`.
  package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = put(descriptor, rest.baseAddress, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN {
          // Another program that shares a terminal or a pipe may have made it non-blocking.
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&waiting, 1, -1)
          continue
        }
        return false
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return true
  }
}

/// The system's `write`, in front of which a method of the same name stands.
private func put(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
