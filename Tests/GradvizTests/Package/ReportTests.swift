import GradvizTestSupport
import Testing

/// `make report`, by which a changed picture is reviewed.
@Suite("Report of altered figures")
struct ReportTests {
  private static let python = Project.tool("python3")
  private static let browser =
    Project.tool("chromium") ?? Project.tool("chromium-browser") ?? Project.tool("google-chrome")

  @Test(
    .enabled(if: python != nil && browser != nil && Project.tool("git") != nil, "python3, git or Chromium is missing"))
  func `it names what changed by element ids, and a browser shows it`() throws {
    let result = try ProcessResult(
      try #require(Self.python), ["Tests/Report/check_report.py", try #require(Self.browser)])
    #expect(result.status == 0, "\(result.text)\(result.errors)")
  }
}
