// swift-tools-version: 6.1
// Its targets have names that gradviz' own parts might have: the names of targets are one list for a whole build.
import PackageDescription

let package = Package(
  name: "Neighbours",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "gradviz", path: "../../..")],
  targets: [
    .target(name: "Layout"),
    .target(name: "Plots"),
    .target(name: "Figures"),
    .target(name: "DOT"),
    .target(name: "Documents"),
    .target(name: "TestSupport"),
    .target(name: "Drawing"),
    .target(name: "Graph"),
    .executableTarget(
      name: "Neighbours",
      dependencies: [
        "Layout", "Plots", "Figures", "DOT", "Documents", "TestSupport", "Drawing", "Graph",
        .product(name: "Autograd", package: "gradviz"), .product(name: "GradvizKit", package: "gradviz"),
        .product(name: "Documents", package: "gradviz"),
      ]),
  ]
)
