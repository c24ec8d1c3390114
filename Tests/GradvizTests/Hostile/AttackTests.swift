import Foundation
import GradvizTestSupport
import Testing

/// A short run of each attack of `Tests/Attack`, from a fixed seed; `make attack` runs them for longer.
@Suite("Attacks")
struct AttackTests {
  private static let python = Project.tool("python3")

  struct Attack: CustomTestStringConvertible, Sendable {
    var name: String
    var rounds: Int
    var testDescription: String { name }
  }

  /// As many rounds as take some seconds: a round of programs takes tenths of a second, a round of kills or
  /// saves more.
  static let attacks = [
    Attack(name: "language", rounds: 30), Attack(name: "commands", rounds: 12), Attack(name: "mutations", rounds: 40),
    Attack(name: "pages", rounds: 5), Attack(name: "watch", rounds: 1), Attack(name: "kills", rounds: 3),
    Attack(name: "folders", rounds: 2), Attack(name: "crowd", rounds: 2),
  ]

  @Test(.enabled(if: python != nil, "there is no python3 here"), arguments: attacks)
  func `a short run finds nothing`(attack: Attack) throws {
    let folder = try TemporaryFolder()
    let result = try ProcessResult(
      try #require(Self.python),
      [
        "Tests/Attack/run.py", attack.name, "--gradviz", Project.gradviz, "--seed", "1", "--rounds",
        // On a slow machine, too, all of them.
        "\(attack.rounds)", "--seconds", "3600", "--findings", folder.file("findings").path,
      ])
    #expect(result.status == 0, "\(result.text)\(result.errors)")
    #expect(result.text.contains("\(attack.name): seeds 1 to \(attack.rounds), "), "\(result.text)")
  }

  @Test(.enabled(if: python != nil, "there is no python3 here"))
  func `what an attack finds ends it with status 1, its seed and its files`() throws {
    let folder = try TemporaryFolder()
    // A program that succeeds without useful output, which every attack must report.
    let silent = try folder.write("#!/bin/sh\nexit 0\n", to: "silent")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: silent)
    for attack in ["language", "kills"] {
      let result = try ProcessResult(
        try #require(Self.python),
        [
          "Tests/Attack/run.py", attack, "--gradviz", silent, "--seed", "7", "--rounds", "1", "--findings",
          folder.file("findings").path,
        ])
      #expect(result.status == 1, "\(attack): \(result.text)")
      #expect(result.text.contains("again: make attack ATTACK=\(attack) SEED=7 ROUNDS=1"), "\(result.text)")
      #expect(FileManager.default.fileExists(atPath: folder.file("findings/\(attack)-7/finding.txt").path))
    }
  }
}
