// swift-tools-version: 6.1
// A package of its own: who uses gradviz builds none of this. `make fuzz` builds and runs it; the flags that make
// libFuzzer see the modules under test are in run.py.
import PackageDescription

let package = Package(
  name: "Fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "gradviz", path: "../..")],
  targets: [
    .target(name: "CFuzzer"),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "CFuzzer", .product(name: "GradvizKit", package: "gradviz"),
        .product(name: "Documents", package: "gradviz"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
