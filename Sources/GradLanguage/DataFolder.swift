import Autograd
import Foundation

/// The folder of a `.grad` file, from which it may read data and out of which it may not reach.
public struct DataFolder: Sendable {
  private let folder: URL
  /// What may be read lies in here.
  private let root: URL
  private let allowsOutside: Bool
  private let limits: Limits

  /// - Parameters:
  ///   - path: of the `.grad` file.
  ///   - allowsOutside: whether files outside the folder may be read, as whoever runs the program has said.
  ///   - limits: how large a file may be.
  public init(besideFile path: String, allowsOutside: Bool = false, limits: Limits = .init()) {
    self.allowsOutside = allowsOutside
    self.limits = limits
    folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    root = folder
  }

  /// The folder of a file from which all of `root` may be read, such as a page's.
  public init(besideFile path: String, within root: String, limits: Limits = .init()) {
    allowsOutside = false
    self.limits = limits
    folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    self.root = URL(fileURLWithPath: root, isDirectory: true)
  }

  /// Why a data file was not read, in a few words.
  public struct Failure: Error, CustomStringConvertible, Sendable {
    public let description: String
  }

  /// Where a file is that may be read, its links followed.
  ///
  /// - Throws: ``Failure`` for one that is outside.
  public func path(_ relativePath: String) throws -> String {
    let root = root.resolvingSymlinksInPath().standardizedFileURL.path
    let file = URL(fileURLWithPath: relativePath, relativeTo: folder).resolvingSymlinksInPath()
      .standardizedFileURL
    // By their bytes: names that read alike may be two folders.
    guard allowsOutside || file.path.utf8.starts(with: (root.hasSuffix("/") ? root : root + "/").utf8) else {
      throw Failure(description: "it is outside the folder of the program")
    }
    return file.path
  }

  /// The text of a file in the folder or below it; links that lead out of it are not followed.
  ///
  /// - Throws: ``Failure``.
  public func read(_ relativePath: String) throws -> String {
    let file = try path(relativePath)
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory) else {
      throw Failure(description: "there is no such file")
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: file)
    guard !isDirectory.boolValue, attributes?[.type] as? FileAttributeType == .typeRegular else {
      throw Failure(description: "it is not a file")
    }
    guard let size = attributes?[.size] as? NSNumber, size.intValue <= limits.dataBytes else {
      throw Failure(
        description: "it is larger than \(limits.dataBytes >> 20) MiB; \(Limits.hint("size"))")
    }
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: file)) else {
      throw Failure(description: "the system does not allow it")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw Failure(description: "it is not UTF-8 text")
    }
    return text
  }
}
