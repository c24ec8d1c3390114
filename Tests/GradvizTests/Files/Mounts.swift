import Foundation

/// Full disks and locked folders need file systems of their own, which containers often refuse to mount.
enum Mounts {
  static let areAllowed: Bool = {
    guard let folder = try? TemporaryFolder(),
      let result = try? ProcessResult(
        "/bin/sh", ["-c", "mkdir disk && mount -t tmpfs -o size=16k none disk && umount disk"], in: folder.url)
    else { return false }
    return result.status == 0
  }()
}
