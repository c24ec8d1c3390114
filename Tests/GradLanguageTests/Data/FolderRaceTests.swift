import Foundation
import GradvizTestSupport
import Testing

@testable import GradLanguage

/// Nothing outside a program's folder is read, even if its folders are replaced in the meantime.
@Suite("Data below the folder")
struct FolderRaceTests {
  /// `inside/` with a program's data, and `outside/` beside it.
  private final class Place {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("gradviz-\(UUID().uuidString)")

    init() throws {
      for folder in ["inside/data", "outside/data"] {
        try FileManager.default.createDirectory(
          at: url.appendingPathComponent(folder), withIntermediateDirectories: true)
      }
      try write("own", "inside/data/x.csv")
      try write("secret", "outside/data/x.csv")
      try write("secret", "outside/x.csv")
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: url.appendingPathComponent(name))
    }
    func link(_ name: String, to target: String) throws {
      try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: target)
    }
    var folder: DataFolder { DataFolder(besideFile: path("inside/net.grad")) }
  }

  private func read(_ path: String, _ folder: DataFolder) -> String {
    do { return try folder.read(path) } catch { return "\(error)" }
  }

  private static let outside = "it is outside the program's folder"

  /// What is swapped during a lookup: the folder for a link, the file for a link, a folder or a pipe.
  @Test(arguments: ["folder", "file", "kind", "pipe"])
  func `what is swapped meanwhile leads nowhere else`(kind: String) throws {
    let place = try Place()
    try place.link("inside/other", to: kind == "file" ? "../outside/x.csv" : "../outside/data")
    if kind == "kind" || kind == "pipe" { unlink(place.path("inside/other")) }
    if kind == "kind" {
      try FileManager.default.createDirectory(
        atPath: place.path("inside/other"), withIntermediateDirectories: false)
    }
    if kind == "pipe" { #expect(mkfifo(place.path("inside/other"), 0o600) == 0) }
    let swapped = kind == "folder" ? place.path("inside/data") : place.path("inside/data/x.csv")
    let (other, spare) = (place.path("inside/other"), place.path("inside/spare"))
    let stop = Stop()
    let swapper = Thread {
      while !stop.isAsked {
        rename(swapped, spare)
        rename(other, swapped)
        rename(swapped, other)
        rename(spare, swapped)
      }
      stop.hasEnded = true
    }
    swapper.start()
    var own = 0
    for _ in 0..<3000 {
      let text = read("data/x.csv", place.folder)
      #expect(text != "secret")
      if text == "own" { own += 1 }
    }
    stop.isAsked = true
    while !stop.hasEnded { usleep(1000) }
    #expect(own > 0)
  }

  private final class Stop: @unchecked Sendable {
    private let lock = NSLock()
    private var flags = (false, false)
    var isAsked: Bool {
      get { lock.withLock { flags.0 } }
      set { lock.withLock { flags.0 = newValue } }
    }
    var hasEnded: Bool {
      get { lock.withLock { flags.1 } }
      set { lock.withLock { flags.1 = newValue } }
    }
  }

  @Test func `a folder is opened, or made, below another one only`() throws {
    let place = try Place()
    try place.link("inside/folder", to: "data")
    try place.link("inside/missing", to: "data/new")
    try place.link("inside/out", to: "../outside")
    func open(_ name: String, makes: Bool = false) -> String {
      do {
        let folder = try OpenFolder(below: place.path("inside"), name, makes: makes)
        let file = openat(folder.descriptor, "x.csv", O_RDONLY)
        if file >= 0 { close(file) }
        return file >= 0 ? "has the file" : "is empty"
      } catch { return error.isOutside ? "outside" : error.description }
    }
    #expect(open("data") == "has the file" && open("folder") == "has the file")
    #expect(open("out", makes: true) == "outside" && open("../outside") == "outside")
    #expect(open("missing") == "no such file" && open("data/x.csv") == "no such file")
    #expect(open("missing", makes: true) == "is empty" && open("data/new") == "is empty")
    #expect(
      open("other", makes: true) == "is empty" && open("no/other", makes: true) == "no such file")
  }

  @Test func `links are followed as long as they stay below the folder`() throws {
    let place = try Place()
    try place.link("inside/direct.csv", to: "data/x.csv")
    try place.link("inside/twice.csv", to: "./direct.csv")
    try place.link("inside/data/up.csv", to: "../data/../data/x.csv")
    try place.link("inside/folder", to: "data")
    try place.link(
      "inside/whole.csv",
      to: URL(fileURLWithPath: place.path("inside")).resolvingSymlinksInPath().path + "/data/x.csv")
    for path in [
      "direct.csv", "twice.csv", "data/up.csv", "folder/x.csv", "whole.csv", "./data//x.csv",
      "data/../data/x.csv",
    ] {
      #expect(read(path, place.folder) == "own", "\(path)")
    }
    try place.link("inside/out.csv", to: "../outside/x.csv")
    try place.link("inside/out", to: "../outside")
    try place.link("inside/whole-out.csv", to: place.path("outside/x.csv"))
    try place.link("inside/through.csv", to: "../inside/data/x.csv")
    try place.link("inside/prefix.csv", to: place.path("inside") + "-twin/x.csv")
    for path in [
      "out.csv", "out/x.csv", "whole-out.csv", "through.csv", "prefix.csv", "../outside/x.csv", "/etc/passwd",
    ] {
      #expect(read(path, place.folder) == Self.outside, "\(path)")
    }
    try place.link("inside/a", to: "b")
    try place.link("inside/b", to: "a")
    #expect(read("a", place.folder) == "its symbolic links form a cycle")
    #expect(read("data", place.folder) == "it is not a file" && read(".", place.folder) == "it is not a file")
    #expect(read("data/x.csv/y", place.folder) == "no such file")
    #expect(mkfifo(place.path("inside/pipe"), 0o600) == 0)
    #expect(read("pipe", place.folder) == "it is not a file")
  }

  /// The same letters, composed and decomposed: equal in Unicode, but two folders on disk.
  @Test(.enabled(if: FileSystem.keepsUnicodeForms, "this file system sees one folder"))
  func `a folder that differs in its Unicode form only is another one`() throws {
    let place = try Place()
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    for (name, text) in [(composed, "own"), (decomposed, "secret")] {
      try FileManager.default.createDirectory(atPath: place.path(name), withIntermediateDirectories: true)
      try place.write(text, "\(name)/x.csv")
    }
    try place.link("\(composed)/out.csv", to: "../\(decomposed)/x.csv")
    try place.link("\(composed)/whole.csv", to: place.path("\(decomposed)/x.csv"))
    let folder = DataFolder(besideFile: place.path("\(composed)/net.grad"))
    #expect(read("x.csv", folder) == "own")
    #expect(read("out.csv", folder) == Self.outside && read("whole.csv", folder) == Self.outside)
    #expect(throws: DataFolder.Failure.self) { try folder.path("whole.csv") }
    let page = DataFolder(besideFile: place.path("\(composed)/page.md"), within: place.path(composed))
    #expect(read("x.csv", page) == "own" && read("../\(decomposed)/x.csv", page) == Self.outside)
    let twin = DataFolder(besideFile: place.path("\(decomposed)/page.md"), within: place.path(composed))
    #expect(read("x.csv", twin) == Self.outside)
  }

  @Test func `a page reads from its own folder and from the root`() throws {
    let place = try Place()
    let folder = DataFolder(besideFile: place.path("inside/data/page.md"), within: place.path("inside"))
    try place.write("root", "inside/r.csv")
    #expect(read("x.csv", folder) == "own" && read("../r.csv", folder) == "root")
    #expect(read("../../outside/x.csv", folder) == Self.outside)
  }
}
