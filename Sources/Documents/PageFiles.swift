import Foundation
import GradvizKit

/// The pages that a path stands for.
public enum PageFiles {
  static let endings: Set<String> = ["md", "markdown", "qmd"]

  /// The Markdown pages in a folder and below it, sorted; hidden folders and links to folders are passed by.
  public static func pages(in folder: String) -> [String] {
    var result: [String] = []
    var folders = [folder]
    while let next = folders.popLast() {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: next)) ?? []
      where !name.hasPrefix(".") {
        let path = FilePath.joined(next, name)
        // The kind of the entry itself, not of what a link leads to.
        switch (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType {
        case .typeDirectory?: folders.append(path)
        case .typeRegular?, .typeSymbolicLink?:
          let isPage = endings.contains(URL(fileURLWithPath: name).pathExtension.lowercased())
          var isFolder: ObjCBool = false
          if isPage, FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
          {
            result.append(path)
          }
        default: break
        }
      }
    }
    return result.sorted()
  }
}
