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
  /// - Returns: the name of the program that is not installed; nil if all went well.
  package static func show(_ what: String) -> String? {
    #if canImport(Darwin)
      let opener = "open"
    #else
      let opener = "xdg-open"
    #endif
    var process = pid_t()
    var words: [UnsafeMutablePointer<CChar>?] = [strdup(opener), strdup(what), nil]
    defer { for word in words { free(word) } }
    guard posix_spawnp(&process, opener, nil, nil, &words, environ) == 0 else { return opener }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return nil
  }
}
