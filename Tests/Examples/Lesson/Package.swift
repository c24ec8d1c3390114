// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Lesson",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "gradviz", path: "../../..")],
  targets: [
    .executableTarget(
      name: "Lesson", plugins: [.plugin(name: "GradFigures", package: "gradviz")])
  ]
)
