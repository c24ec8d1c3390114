import Dispatch
import GradvizSystem
import NIOCore

/// The other half of `gradviz serve`, which starts it: it serves programs beside their pages until it is interrupted.
///
/// A program of its own, so that `gradviz` stays as small as it is.
@main
struct Playground {
  static func main() async {
    signal(SIGPIPE, SIG_IGN)
    guard let settings = Settings(words: Array(CommandLine.arguments.dropFirst())) else {
      fail("`gradviz serve FILE` starts this program", status: 2)
    }
    // Ctrl-C counts from here on.
    let interruptions = interruptions()
    let server: WebServer
    do {
      server = try await WebServer(port: settings.port)
    } catch let error as IOError {
      fail(reason(error.errnoCode, port: settings.port))
    } catch {
      fail("the page cannot be served (\(error))")
    }
    let runner = Runner(program: settings.program)
    let (desk, gate) = (Desk(settings: settings, runner: runner), Gate(token: Token(), port: server.port))
    let running = Task {
      try await server.run { request in
        switch gate.path(of: request) {
        case .success(let path): await desk.answer(request, path: path)
        case .failure(let refusal): .words(.forbidden, refusal.words)
        }
      }
    }
    let address = "http://127.0.0.1:\(server.port)/\(gate.token.text)/"
    say("\(settings.title): \(address) until Ctrl-C", to: STDOUT_FILENO)
    if settings.opensBrowser { open(address) }
    for await _ in interruptions { break }
    running.cancel()
    runner.stop()
    exit(0)
  }

  /// They live as long as the program.
  private nonisolated(unsafe) static var sources: [any DispatchSourceSignal] = []

  /// Ctrl-C, and what ends a program in the background.
  private static func interruptions() -> AsyncStream<Void> {
    let (stream, arrivals) = AsyncStream.makeStream(of: Void.self)
    var all = sigset_t()
    sigemptyset(&all)
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      sigaddset(&all, number)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { arrivals.yield() }
      source.resume()
      sources.append(source)
    }
    // The parent process may have blocked the signals.
    pthread_sigmask(SIG_UNBLOCK, &all, nil)
    return stream
  }

  /// Not waited for: a browser in the terminal stays.
  private static func open(_ address: String) {
    DispatchQueue(label: "browser").async {
      guard let failure = Programs.show(address) else { return }
      say("gradviz: warning: `--open`: \(failure)", to: STDERR_FILENO)
    }
  }

  private static func reason(_ code: Int32, port: Int) -> String {
    switch code {
    case EADDRINUSE: "port \(port) is in use; choose another with `--port`, or leave it out for one that is free"
    case EACCES: "port \(port) is for the system; choose one from 1024 with `--port`"
    default: "port \(port) cannot be opened (\(String(cString: strerror(code))))"
    }
  }

  private static func say(_ line: String, to descriptor: Int32) {
    _ = Array((line + "\n").utf8).withUnsafeBytes { Descriptor.write($0, to: descriptor) }
  }

  private static func fail(_ message: String, status: Int32 = 1) -> Never {
    say("gradviz: error: \(message)", to: STDERR_FILENO)
    exit(status)
  }
}
