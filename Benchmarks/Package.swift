// swift-tools-version: 6.1
// A package of its own: who uses gradviz fetches and builds none of this.
import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "gradviz", path: "..")],
  targets: [
    .target(name: "CAllocations"),
    .executableTarget(
      name: "engine",
      dependencies: ["CAllocations", .product(name: "GradvizKit", package: "gradviz")]),
  ],
  swiftLanguageModes: [.v6]
)
