/// Other programs, and this one as a file.
package enum Programs {
  /// Where the running program is, after following links; nil if that is not known.
  package static var own: String? {
    #if canImport(Darwin)
      var path = [CChar](repeating: 0, count: Int(PATH_MAX))
      var size = UInt32(path.count)
      guard _NSGetExecutablePath(&path, &size) == 0 else { return nil }
      let name = String(decoding: path.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    #else
      let name = "/proc/self/exe"
    #endif
    return realpath(name, nil).map { real in
      defer { free(real) }
      return String(cString: real)
    }
  }

  /// Shows a file or an address in the program that opens such, and waits for that to begin.
  ///
  /// What that program says is not shown.
  ///
  /// - Returns: what went wrong; nil if all went well.
  package static func show(_ what: String) -> String? {
    #if canImport(Darwin)
      let opener = "open"
    #else
      let opener = "xdg-open"
    #endif
    var process = pid_t()
    var words: [UnsafeMutablePointer<CChar>?] = [strdup(opener), strdup(what), nil]
    defer { for word in words { free(word) } }
    #if canImport(Darwin)
      var silence: posix_spawn_file_actions_t?
    #else
      var silence = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&silence)
    defer { posix_spawn_file_actions_destroy(&silence) }
    for stream in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&silence, stream, "/dev/null", O_WRONLY, 0)
    }
    guard posix_spawnp(&process, opener, &silence, nil, &words, environ) == 0 else {
      return "`\(opener)` is not installed"
    }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return status == 0 ? nil : "`\(opener)` found no program that shows such files"
  }
}
