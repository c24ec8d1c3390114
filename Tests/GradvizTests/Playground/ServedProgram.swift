import Foundation
import GradvizTestSupport
import Testing

/// `gradviz serve` as a process that is asked by hand: a client of our own sends what no library would.
final class ServedProgram {
  private let process = Process()
  private let errors = Pipe()
  let port: UInt16
  /// The path with the token and a slash at its end.
  let path: String
  /// What was printed.
  let line: String

  init(_ files: [String], in folder: URL, options: [String] = []) throws {
    process.executableURL = URL(fileURLWithPath: Project.gradviz)
    process.arguments = ["serve"] + options + files
    process.currentDirectoryURL = folder
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    var text = ""
    while !text.hasSuffix("\n") {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { break }
      text += String(decoding: data, as: UTF8.self)
    }
    line = text
    let address = text.firstMatch(of: /http:\/\/127\.0\.0\.1:([0-9]+)(\/[0-9a-f]{32}\/) until Ctrl-C\n$/)
    guard let address, let port = UInt16(address.output.1) else {
      process.terminate()
      throw NoAddress(text: text + String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self))
    }
    (self.port, path) = (port, String(address.output.2))
  }

  struct NoAddress: Error { var text: String }

  deinit { if process.isRunning { process.terminate() } }

  var address: String { "http://127.0.0.1:\(port)\(path)" }

  /// Sends what Ctrl-C sends, and waits for the end.
  func interrupt() -> (status: Int32, errors: String) {
    process.interrupt()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self))
  }

  struct Answer {
    var status: Int
    var head: String
    var body: Data
    var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// One request on a connection of its own, with these lines of its head and no others.
  func ask(
    _ target: String, by method: String = "GET", body: Data = Data(), host: String? = nil, more: [String] = []
  ) throws -> Answer {
    try answer(on: begin(target, by: method, body: body, host: host, more: more))
  }

  /// Sends a request, whose answer can be read from the connection.
  func begin(
    _ target: String, by method: String = "GET", body: Data = Data(), host: String? = nil, more: [String] = []
  ) throws -> FileHandle {
    let head =
      ["\(method) \(target) HTTP/1.1", "Host: \(host ?? "127.0.0.1:\(port)")", "Connection: close"]
      + (method == "POST" ? ["Content-Length: \(body.count)"] : []) + more
    let connection = try connection()
    try connection.write(contentsOf: Data((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
    return connection
  }

  func answer(on connection: FileHandle) throws -> Answer {
    let bytes = try connection.readToEnd() ?? Data()
    let end = try #require(bytes.range(of: Data("\r\n\r\n".utf8)), "\(String(decoding: bytes, as: UTF8.self))")
    let answered = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
    let status = try #require(answered.firstMatch(of: /^HTTP\/1\.1 ([0-9]{3})/).flatMap { Int($0.output.1) })
    return Answer(status: status, head: answered, body: bytes[end.upperBound...])
  }

  func draw(_ text: String, file: Int = 0, show: String = "explorer", tab: String = "t") throws -> Reply {
    let answer = try ask("\(path)draw?file=\(file)&show=\(show)&tab=\(tab)", by: "POST", body: Data(text.utf8))
    guard answer.status == 200 else { return Reply(status: answer.status) }
    var reply = try JSONDecoder().decode(Reply.self, from: answer.body)
    reply.status = 200
    if let place = reply.drawn { reply.content = try ask(path + place).body }
    return reply
  }

  /// What the page is told, and what it then shows.
  struct Reply: Decodable {
    struct Problem: Decodable, Equatable {
      var line: Int?
      var column: Int?
      var length: Int?
      var text: String
      var isError: Bool
    }
    enum CodingKeys: CodingKey { case drawn, shows, settles, problems }
    var drawn: String?
    var shows = ""
    var settles = false
    var problems: [Problem] = []
    var status = 0
    var content = Data()

    init(status: Int) { self.status = status }
    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      drawn = try values.decodeIfPresent(String.self, forKey: .drawn)
      shows = try values.decode(String.self, forKey: .shows)
      settles = try values.decode(Bool.self, forKey: .settles)
      problems = try values.decode([Problem].self, forKey: .problems)
    }
  }

  private func connection() throws -> FileHandle {
    #if canImport(Darwin)
      let kind = SOCK_STREAM
    #else
      let kind = Int32(SOCK_STREAM.rawValue)
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    try #require(descriptor >= 0)
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(connected == 0)
    return handle
  }
}
