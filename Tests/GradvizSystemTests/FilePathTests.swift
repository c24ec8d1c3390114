import Foundation
import GradvizSystem
import Testing

@Suite("Paths and descriptors")
struct FilePathTests {
  @Test(arguments: [
    ("Samples/neuron.grad", "neuron", "grad"), ("a.b/c", "c", ""), ("x.tar.gz", "x.tar", "gz"),
    (".hidden", ".hidden", ""), ("folder/", "folder", ""), ("/", "/", ""), ("é.Grad", "é", "Grad"),
  ])
  func `stem and ending`(path: String, stem: String, ending: String) {
    #expect(FilePath.stem(path) == stem)
    #expect(FilePath.ending(path) == ending)
  }

  @Test(arguments: [
    ("/a/b/c", "/a/b", "c"), ("/a/c", "/a/b", "../c"), ("/a/b", "/a/b", ""), ("/x", "/a/b", "../../x"),
  ])
  func `a path as seen from a folder`(path: String, folder: String, relative: String) {
    #expect(FilePath.relative(path, to: folder) == relative)
  }

  @Test func `links, folders, and what is not there`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gradviz-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (file, link, lost) = (folder.path + "/file", folder.path + "/link", folder.path + "/lost")
    #expect(FileManager.default.createFile(atPath: file, contents: Data("text".utf8)))
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path)
    try FileManager.default.createSymbolicLink(atPath: lost, withDestinationPath: "nowhere")
    #expect(FilePath.isFolder(folder.path) && FilePath.isFolder(link))
    #expect(!FilePath.isFolder(file) && !FilePath.isFolder(lost) && !FilePath.isFolder(folder.path + "/none"))
    #expect(FilePath.isLink(link) && FilePath.isLink(lost) && !FilePath.isLink(file))
    #expect(FilePath.isInside(link + "/file", folder.path) && !FilePath.isInside("/", folder.path))
    #expect(FilePath.isSame(FilePath.resolved(link + "/file"), FilePath.resolved(file)))
  }

  @Test func `what is written into a pipe is read from it, and no more than asked for`() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let bytes = [UInt8]((0..<50_000).map { UInt8($0 % 251) })
    #expect(bytes.withUnsafeBytes { Descriptor.write($0, to: ends[1]) })
    close(ends[1])
    #expect(Descriptor.bytes(ends[0]) == bytes)
    #expect(Descriptor.bytes(ends[0]) == [])
    #expect(Descriptor.bytes(-1) == nil && errno == EBADF)
    #expect(!bytes.withUnsafeBytes { Descriptor.write($0, to: -1) } && errno == EBADF)
    let zero = open("/dev/zero", O_RDONLY)
    defer { close(zero) }
    #expect(try #require(Descriptor.bytes(zero, most: 100)).count > 100)
  }
}
