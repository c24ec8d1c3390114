import GradvizSystem
import NIOCore
import NIOHTTP1
import NIOPosix

/// A request, with what was sent.
struct Request: Sendable {
  var head: HTTPRequestHead
  /// What was sent; nil if it was more than ``WebServer/maxBytes``.
  var body: [UInt8]?

  /// As it was sent: none of our own paths has anything to decode.
  var path: Substring { head.uri.prefix { $0 != "?" } }

  /// A value of the query, without decoding.
  func value(_ name: String) -> String? {
    head.uri.drop { $0 != "?" }.dropFirst().split(separator: "&").first { $0.hasPrefix(name + "=") }
      .map { String($0.dropFirst(name.count + 1)) }
  }
}

/// What is answered to a request.
struct Answer: Sendable {
  var status: HTTPResponseStatus = .ok
  var type: String
  var bytes: [UInt8]
  var policy = Answer.pagePolicy

  /// The policy of the page: its own script and style, and pages of programs from here.
  static let pagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-src 'self';"
    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
  /// The policy of a figure, which has a style and nothing else.
  static let figurePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
  /// That of an interactive page, which brings its own.
  static let framePolicy = "frame-ancestors 'self'"

  /// A sentence for who asked.
  static func words(_ status: HTTPResponseStatus, _ text: String) -> Answer {
    Answer(status: status, type: "text/plain; charset=utf-8", bytes: Array((text + "\n").utf8))
  }

  var headers: HTTPHeaders {
    [
      "Content-Type": type, "Content-Length": "\(bytes.count)", "Content-Security-Policy": policy,
      "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
      "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
    ]
  }
}

/// HTTP on this machine's own address.
struct WebServer: Sendable {
  private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>>

  /// What a request may send: far more than anybody types.
  static let maxBytes = 1 << 20

  private let listener: NIOAsyncChannel<Connection, Never>
  let port: Int

  /// Begins to listen.
  ///
  /// - Parameter port: 0 for one that is free.
  /// - Throws: `IOError` if the port cannot be had.
  init(port: Int) async throws {
    listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .bind(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(BufferParts())
          return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
        }
      }
    self.port = listener.channel.localAddress?.port ?? port
  }

  /// Answers requests until the task is cancelled.
  func run(_ answer: @escaping @Sendable (Request) async -> Answer) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      try await listener.executeThenClose { connections in
        for try await connection in connections {
          // A connection that breaks leaves the others alone.
          group.addTask { try? await Self.serve(connection, answer) }
        }
      }
    }
  }

  private static func serve(
    _ connection: Connection, _ answer: @escaping @Sendable (Request) async -> Answer
  ) async throws {
    try await connection.executeThenClose { parts, output in
      var (head, body, total): (HTTPRequestHead?, [UInt8], Int) = (nil, [], 0)
      for try await part in parts {
        switch part {
        case .head(let new): (head, body, total) = (new, [], 0)
        case .body(let bytes):
          // Read to its end, so that a sender hears the answer, but not kept.
          total += bytes.readableBytes
          if total <= maxBytes { body += bytes.readableBytesView }
          if total > 64 * maxBytes { return }
        case .end:
          guard let asked = head else { return }
          let reply = await answer(Request(head: asked, body: total <= maxBytes ? body : nil))
          try await output.write(
            contentsOf: [
              .head(HTTPResponseHead(version: asked.version, status: reply.status, headers: reply.headers)),
              .body(ByteBuffer(bytes: reply.bytes)), .end(nil),
            ])
          guard asked.isKeepAlive else { return }
        }
      }
    }
  }
}

/// The parts of an answer as the encoder takes them.
private final class BufferParts: ChannelOutboundHandler {
  typealias OutboundIn = HTTPPart<HTTPResponseHead, ByteBuffer>
  typealias OutboundOut = HTTPServerResponsePart

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let part: HTTPServerResponsePart =
      switch unwrapOutboundIn(data) {
      case .head(let head): .head(head)
      case .body(let bytes): .body(.byteBuffer(bytes))
      case .end(let trailers): .end(trailers)
      }
    context.write(wrapOutboundOut(part), promise: promise)
  }
}
