import Foundation
import GradvizKit

/// The pages that a path stands for.
public enum PageFiles {
  static let endings: Set<String> = ["md", "markdown", "qmd"]

  /// The Markdown pages in a folder and below it, sorted; what is hidden and links are passed by.
  public static func pages(in folder: String) -> [String] {
    var result: [String] = []
    var folders = [folder]
    while let next = folders.popLast() {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: next)) ?? []
      where !name.hasPrefix(".") {
        let path = next == "." ? name : FilePath.joined(next, name)
        // The kind of the entry itself, not of what a link leads to: nothing outside of the folder is written.
        switch (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType {
        case .typeDirectory?: folders.append(path)
        case .typeRegular?:
          if endings.contains(URL(fileURLWithPath: name).pathExtension.lowercased()) { result.append(path) }
        default: break
        }
      }
    }
    return result.sorted()
  }
}
