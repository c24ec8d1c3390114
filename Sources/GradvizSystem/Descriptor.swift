/// Reads and writes file descriptors, retrying when a signal interrupts.
package enum Descriptor {
  /// Reads the remaining bytes in chunks of 64 KiB.
  ///
  /// - Parameter most: reading stops once there are more bytes.
  /// - Returns: nil if the system reports an error, with the reason in `errno`.
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

  /// Writes all bytes; returns false with the reason in `errno` if that fails.
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

/// The system's `write`, which a method of the same name shadows.
private func put(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
