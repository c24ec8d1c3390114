/// What every request has to pass: it came to this machine's own name, with the token, and from the page itself.
///
/// Another site in the same browser can send requests here, and a name of its own can lead here; neither knows the token.
struct Gate: Sendable {
  let token: Token
  /// The address by number and by name, each with the port.
  private let hosts: [String]

  init(token: Token, port: Int) {
    self.token = token
    hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
  }

  /// What is after the token in the path of a request that may pass.
  func path(of request: Request) -> Result<String, Refusal> {
    let names = request.head.headers["Host"]
    guard names.count == 1, hosts.contains(names[0]) else {
      return .failure(Refusal(words: "This address is for this machine only."))
    }
    let parts = request.path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].isEmpty, token.matches(parts[1]) else {
      return .failure(Refusal(words: "The address is incomplete; `gradviz serve` printed all of it."))
    }
    let origins = request.head.headers["Origin"]
    guard origins.allSatisfy({ origin in hosts.contains { origin == "http://\($0)" } }) else {
      return .failure(Refusal(words: "Only the page itself may ask."))
    }
    return .success(String(parts[2]))
  }

  /// Why a request may not pass.
  struct Refusal: Error { var words: String }
}

/// The part of the address that cannot be guessed: 128 random bits.
struct Token: Sendable {
  let text: String

  init() {
    var random = SystemRandomNumberGenerator()
    text = (0..<2).map { _ in
      let digits = String(random.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Takes as long for a wrong word as for the right one.
  func matches(_ word: some StringProtocol) -> Bool {
    let (mine, other) = (Array(text.utf8), Array(word.utf8))
    guard mine.count == other.count else { return false }
    return zip(mine, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
