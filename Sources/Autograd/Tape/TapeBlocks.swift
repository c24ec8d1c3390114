import Synchronization

/// Where the storages of all tapes stand, so that a ``Value`` can be plain data: the address of its tape's storage, the
/// number of the recording and an index.
///
/// A block is never given back to the system. When its tape is gone, its number counts up and the next tape takes it, so
/// that a value left over finds a number other than its own. There are as many blocks as there ever were tapes at once.
enum TapeBlocks {
  /// An address that one tape at a time has.
  ///
  /// Unchecked, since a pointer is not `Sendable`: only the tape that took the block reads what is there.
  private struct Block: @unchecked Sendable {
    let address: UnsafeMutablePointer<TapeStorage>
  }

  private static let unused = Mutex<[Block]>([])

  /// A block for a new tape, with empty storage.
  static func take() -> UnsafeMutablePointer<TapeStorage> {
    if let block = unused.withLock({ $0.popLast() }) {
      block.address.pointee.renew()
      return block.address
    }
    let address = UnsafeMutablePointer<TapeStorage>.allocate(capacity: 1)
    address.initialize(to: TapeStorage())
    return address
  }

  /// Frees what a tape has recorded; its values are out of date from here on.
  static func giveBack(_ address: UnsafeMutablePointer<TapeStorage>) {
    address.pointee.close()
    let block = Block(address: address)
    unused.withLock { $0.append(block) }
  }
}
