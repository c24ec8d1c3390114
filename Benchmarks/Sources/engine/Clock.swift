#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// CPU time of this process in seconds: what the work cost even where the core was shared.
func cpuTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The memory that this process has now, in bytes; 0 where the system does not say.
func residentMemory() -> Double {
  #if os(Linux)
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var (size, resident) = (0, 0)
    guard
      withUnsafeMutablePointer(
        to: &size,
        { a in
          withUnsafeMutablePointer(to: &resident) { b in
            withVaList([a, b]) { vfscanf(file, "%ld %ld", $0) }
          }
        }) == 2
    else { return 0 }
    return Double(resident) * 4096
  #else
    return 0
  #endif
}

extension [Double] {
  var median: Double {
    let sorted = sorted()
    let middle = count / 2
    return count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

/// Prints one measurement: `metric value unit`, to be read by `run.py`.
func report(_ metric: String, _ value: Double, _ unit: String) { print(metric, value, unit) }

/// The seconds of one call of `body`: the median of `runs` timings after one that is not counted, each of as
/// many calls as fill `span` seconds.
func time(runs: Int = 11, span: Double = 0, _ body: () -> Void) -> Double {
  let start = cpuTime()
  body()
  let once = Swift.max(cpuTime() - start, 1e-9)
  let calls = Swift.max(1, Int(span / once))
  return (0..<runs).map { _ in
    let start = cpuTime()
    for _ in 0..<calls { body() }
    return (cpuTime() - start) / Double(calls)
  }.median
}
