import Foundation
import GradvizTestSupport
import Testing

@Suite("The playground", .serialized)
struct ServeTests {
  private static let chain = "param a = 2\nparam b = -3\ne = a * b\nloss L = e * e\nrate 0.01\n"

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.chain, to: "net.grad")
    _ = try folder.write("1,2\n3,4\n", to: "points.csv")
    return folder
  }

  private func gradviz(_ arguments: [String], in folder: TemporaryFolder, input: String? = nil) throws -> ProcessResult
  {
    try ProcessResult(Project.gradviz, arguments, input: input.map { Data($0.utf8) }, in: folder.url)
  }

  @Test func `what is served is what draw writes, and nothing is written`() throws {
    let folder = try folder()
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    let served = try ServedProgram(["net.grad"], in: folder.url)
    #expect(served.line.hasPrefix("net.grad: http://127.0.0.1:"))
    let page = try served.ask(served.path)
    #expect(page.status == 200 && page.text.contains("<option value=\"0\">net.grad</option>"))
    #expect(page.head.contains("default-src 'none'; script-src 'self'; style-src 'self'"))
    #expect(page.text.firstMatch(of: /\{[a-z]+\}/) == nil)
    for (name, type) in [("playground.js", "text/javascript"), ("playground.css", "text/css")] {
      let part = try served.ask(served.path + name)
      #expect(part.status == 200 && part.head.contains("Content-Type: \(type)") && part.body.count > 1000)
    }
    #expect(try served.ask(served.path + "text?file=0").text == Self.chain)

    let changed = Self.chain.replacing("a = 2", with: "a = 2.5")
    let reply = try served.draw(changed)
    #expect(reply.shows == "explorer" && reply.problems.isEmpty)
    #expect(
      try reply.content
        == gradviz(["draw", "-", "--as", "net.grad", "-T", "html", "-o", "-"], in: folder, input: changed).output)
    #expect(String(decoding: reply.content, as: UTF8.self).contains(/id="v-e"(?:(?!<\/g>).)*class="val"[^>]*>−7.5</))
    let figure = try served.draw(changed, show: "backward")
    #expect(figure.shows == "backward")
    for (format, options) in [
      ("svg", ["--stage", "backward"]), ("pdf", ["--stage", "backward"]), ("html", []),
    ] {
      let target = "\(served.path)download?file=0&show=backward&format=\(format)"
      let answer = try served.ask(target, by: "POST", body: Data(changed.utf8))
      let drawn = try gradviz(
        ["draw", "-", "--as", "net.grad", "-T", format, "-o", "-"] + options, in: folder, input: changed)
      #expect(answer.status == 200 && answer.body == drawn.output && drawn.status == 0, "\(format)")
      if format == "svg" { #expect(figure.content == drawn.output) }
    }
    #expect(try String(contentsOf: folder.file("net.grad"), encoding: .utf8) == Self.chain)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == before)
    let end = served.interrupt()
    #expect(end.status == 0 && end.errors.isEmpty)
  }

  @Test func `errors have their places, and figures stand in for the explorer`() throws {
    let folder = try folder()
    // A file with an error is served, too.
    _ = try folder.write("param ä = 2\nloss L = ä * bb + (\n", to: "wrong.grad")
    let served = try ServedProgram(["net.grad", "wrong.grad"], in: folder.url, options: ["--lang", "fr"])
    #expect(try served.ask(served.path).text.contains("<html lang=\"fr\">"))
    let wrong = try served.draw(served.ask(served.path + "text?file=1").text, file: 1)
    #expect(wrong.drawn == nil)
    let problems = wrong.problems.filter(\.isError)
    #expect(problems.contains { $0.line == 2 && $0.column == 19 && $0.length == 1 }, "\(problems)")
    #expect(problems.contains { $0.text.contains("n’est jamais fermé") })
    let warned = try served.draw("param a = 2\nunused = 3\nloss L = a * a\n")
    #expect(warned.shows == "explorer")
    #expect(warned.problems.map(\.isError) == [false] && warned.problems[0].line == 2 && warned.problems[0].length == 6)
    // Without a loss there is the forward pass; of too many numbers the overview.
    let forward = try served.draw("param a = 2\nb = a * a\n")
    #expect(forward.shows == "forward" && forward.drawn != nil)
    #expect(forward.problems.contains { $0.text.contains("loss") && !$0.isError })
    let large = try served.draw(
      "level scalar\nparam W = random(20, 20, seed: 1)\ninput x = ones(20)\nloss L = sum(W @ x)\n")
    #expect(large.shows == "overview" && String(decoding: large.content, as: UTF8.self).hasPrefix("<svg"))
    #expect(large.problems.contains { $0.text.contains("300") && $0.line == nil })
    // Data is read beside the file, by its own rules.
    let data = "data = csv(\"points.csv\")\nparam w = [1, 2]\nloss L = sum(data @ w)\n"
    #expect(try served.draw(data).drawn != nil)
    let outside = try served.draw(data.replacing("points", with: "../points"))
    #expect(outside.drawn == nil && outside.problems.contains { $0.line == 1 && $0.isError })
  }

  @Test func `what is not asked by the page itself is refused`() throws {
    let folder = try folder()
    let served = try ServedProgram(["net.grad"], in: folder.url)
    let path = served.path
    let last = path.dropLast().last == "0" ? "1" : "0"
    let other = String(path.dropLast(2)) + last + "/"
    let targets: [String] = [
      "/", "/favicon.ico", "/playground.js", String(path.dropLast()), "\(other)", "\(other)text?file=0", "//x/",
    ]
    for target in targets {
      #expect(try served.ask(target).status == 403, "\(target)")
    }
    for host in [
      "example.org", "example.org:\(served.port)", "127.0.0.1", "127.0.0.1:1", "LOCALHOST.example:\(served.port)",
    ] {
      #expect(try served.ask(path, host: host).status == 403, "\(host)")
    }
    #expect(try served.ask(path, host: "localhost:\(served.port)").status == 200)
    #expect(try served.ask(path, more: ["Host: localhost:\(served.port)"]).status == 403)
    for origin in ["http://example.org", "null", "https://127.0.0.1:\(served.port)"] {
      let answer = try served.ask(path + "draw?file=0", by: "POST", body: Data("x".utf8), more: ["Origin: \(origin)"])
      #expect(answer.status == 403, "\(origin)")
    }
    for target in [
      "text?file=1", "text?file=-1", "text", "net.grad", "points.csv", "../../etc/passwd", "%2e%2e/net.grad", "drawn/1",
      "drawn/x", "text?file=0%00",
    ] {
      #expect(try served.ask(path + target).status == 404, "\(target)")
    }
    #expect(try served.ask(path, by: "POST").status == 405)
    #expect(try served.ask(path + "draw?file=0").status == 405)
    #expect(try served.ask(path + "text?file=0", by: "DELETE").status == 405)
    let text = Data(repeating: UInt8(ascii: "#"), count: 1 << 20)
    #expect(try served.ask(path + "draw?file=0", by: "POST", body: text + Data("#".utf8)).status == 413)
    #expect(try served.ask(path + "draw?file=0", by: "POST", body: text).status == 200)
    #expect(try served.ask(path + "download?file=0&format=exe", by: "POST", body: text).status == 404)
    #expect(try served.ask(path + "download?file=0&format=svg", by: "POST", body: Data("param".utf8)).status == 422)
    // Such words are of no use as options.
    #expect(try served.draw(Self.chain, show: "--help").shows == "explorer")
    #expect(served.interrupt().status == 0)
  }

  @Test func `a drawing that is out of date is ended, and Ctrl-C ends all`() async throws {
    let folder = try folder()
    // Its numbers are expanded one by one before there are too many.
    let slow =
      "level scalar\nparam W = random(60, 60, seed: 1)\ninput x = random(60, 60, seed: 2)\nloss L = sum(tanh(x @ W @ W))\n"
    let served = try ServedProgram(["net.grad"], in: folder.url)
    let target = served.path + "draw?file=0&tab=one"
    let first = try served.begin(target, by: "POST", body: Data(slow.utf8))
    try await Task.sleep(for: .milliseconds(300))
    // Another page's request does not end it.
    #expect(try served.draw(Self.chain, tab: "two").drawn != nil)
    #expect(try served.draw(Self.chain, tab: "one").drawn != nil)
    #expect(try served.answer(on: first).status == 409)
    let last = try served.begin(target, by: "POST", body: Data(slow.utf8))
    try await Task.sleep(for: .milliseconds(300))
    let end = served.interrupt()
    #expect(end.status == 0 && end.errors.isEmpty, "\(end)")
    // The connection may close before the refusal is on its way; nothing that was half drawn is sent.
    let sent = String(decoding: try last.readToEnd() ?? Data(), as: UTF8.self)
    #expect(sent.isEmpty || sent.hasPrefix("HTTP/1.1 409 "), "\(sent)")
  }

  @Test func `what cannot be served is said in one line`() throws {
    let folder = try folder()
    let served = try ServedProgram(["net.grad"], in: folder.url)
    let taken = try gradviz(["serve", "net.grad", "--port", "\(served.port)"], in: folder)
    #expect(taken.status == 1)
    #expect(taken.errors.hasPrefix("gradviz: error: port \(served.port) is in use; choose another with `--port`"))
    for (arguments, status, message) in [
      (["none.grad"], 1, "none.grad: error: no such file"), (["."], 1, "this is a folder"),
      (["-"], 2, "`serve` needs files"), (["net.grad", "--port", "70000"], 2, "`--port` takes 1 to 65535, not 70000"),
    ] {
      let result = try gradviz(["serve"] + arguments, in: folder)
      #expect(result.status == Int32(status) && result.errors.contains(message), "\(arguments): \(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1 && result.output.isEmpty)
    }
    let server = URL(fileURLWithPath: Project.gradviz).deletingLastPathComponent().appendingPathComponent(
      "gradviz-serve")
    let alone = try ProcessResult(server.path, [])
    #expect(alone.status == 2 && alone.errors == "gradviz: error: `gradviz serve FILE` starts this program\n")
    // Where the other program is missing.
    try FileManager.default.copyItem(atPath: Project.gradviz, toPath: folder.file("gradviz").path)
    let half = try ProcessResult(folder.file("gradviz").path, ["serve", "net.grad"], in: folder.url)
    #expect(half.status == 1 && half.errors.contains("gradviz-serve, which is missing"), "\(half.errors)")
  }

  @Test func `standard input is drawn as the file that it stands for`() throws {
    let folder = try folder()
    let text = "x = csv(\"points.csv\")\nparam w = [1, 2]\nloss L = sum(x @ w)\n"
    _ = try folder.write(text, to: "other.grad")
    let arguments = ["--stage", "backward", "-o", "-"]
    #expect(
      try gradviz(["draw", "-", "--as", "other.grad"] + arguments, in: folder, input: text).output
        == gradviz(["draw", "other.grad"] + arguments, in: folder).output)
    let wrong = try gradviz(
      ["draw", "-", "--as", "a/b.grad"] + arguments, in: folder, input: "param a = c\nloss L = a\n")
    #expect(wrong.status == 1 && wrong.errors.hasPrefix("a/b.grad:1:11: error: "), "\(wrong.errors)")
    let refused = try gradviz(["draw", "other.grad", "--as", "x.grad"], in: folder)
    #expect(refused.status == 2 && refused.errors.contains("`--as` says what standard input is"))
  }

  @Test(.enabled(if: Project.browser != nil, "Chromium is not installed"))
  func `the page in Chromium draws, and marks an error at its place`() throws {
    let folder = try folder()
    _ = try folder.write("title \"<b>&\"\nparam a = 2\nloss L = a * bb\n", to: "a wrong.grad")
    for file in ["net.grad", "a wrong.grad"] {
      let served = try ServedProgram([file], in: folder.url)
      let profile = try TemporaryFolder()
      let result = try ProcessResult(
        try #require(Project.browser),
        [
          "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr",
          "--user-data-dir=\(profile.url.path)", "--virtual-time-budget=20000", "--dump-dom", served.address,
        ])
      #expect(!result.errors.contains("CONSOLE"), "\(result.errors)")
      let dom = result.text
      if file == "net.grad" {
        #expect(
          dom.contains(/<iframe[^>]*src="drawn\/1"[^>]*class="shown"|<iframe[^>]*class="shown"[^>]*src="drawn\/1"/))
        #expect(dom.contains(/<span class="word">param<\/span> a = <span class="number">2<\/span>/))
        #expect(dom.contains(/<p id="state"[^>]*>Up to date</))
        #expect(dom.contains(/<ol id="problems"[^>]*><\/ol>/))
      } else {
        #expect(dom.contains("<mark class=\"error\">bb</mark>"))
        #expect(dom.contains("<span class=\"error\">3\n</span>"))
        #expect(
          dom.contains(/<li class="error"><button><b[^>]*>error <\/b>line 3, column 14: unknown name <code[^>]*>bb</))
        #expect(dom.contains("<span class=\"string\">\"&lt;b&gt;&amp;\"</span>"))
        #expect(!dom.contains("<iframe"))
      }
      #expect(served.interrupt().status == 0)
    }
  }
}
