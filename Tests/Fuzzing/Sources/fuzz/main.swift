import CFuzzer
import Foundation

// The target is named by the environment, not by an argument: libFuzzer starts itself again with its own arguments,
// such as for `-merge=1`.
guard Target.chosen != nil else {
  let known = Target.allCases.map(\.rawValue).joined(separator: ", ")
  FileHandle.standardError.write(Data("FUZZ_TARGET names what to run, one of \(known)\n".utf8))
  exit(2)
}

exit(
  fuzzer_run(CommandLine.argc, CommandLine.unsafeArgv) { data, size in
    Target.chosen?.run([UInt8](UnsafeBufferPointer(start: data, count: size))) == true ? 0 : -1
  })
