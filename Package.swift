// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "gradviz",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Autograd", targets: ["Autograd"]),
    .library(name: "GradvizKit", targets: ["GradvizKit"]),
    .library(name: "Documents", targets: ["Documents"]),
    .executable(name: "gradviz", targets: ["gradviz"]),
    .plugin(name: "DrawFigures", targets: ["DrawFigures", "CheckFigures"]),
    .plugin(name: "GradFigures", targets: ["GradFigures"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    .target(name: "GradvizSystem"),
    .target(
      name: "CAutograd", exclude: ["matrix_kernel.h"],
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(name: "Autograd", dependencies: ["CAutograd", "GradvizSystem"], exclude: ["ComputationGraph.md", "ComputationGraph.schema.json"]),
    .target(name: "GradLanguage", dependencies: ["Autograd", "GradvizSystem"], exclude: ["README.md"]),
    .target(name: "DOT"),
    .target(name: "Layout"),
    .target(name: "Figures", dependencies: ["Autograd", "DOT", "GradvizSystem", "Layout"], exclude: ["README.md"]),
    .systemLibrary(
      name: "CGraphviz", pkgConfig: "libgvc",
      providers: [.apt(["libgraphviz-dev"]), .brew(["graphviz"])]),
    .target(name: "CGraphvizShim", dependencies: ["CGraphviz"]),
    .target(name: "GraphvizRenderer", dependencies: ["DOT", "CGraphvizShim", "GradvizSystem"]),
    .target(name: "Plots", dependencies: ["Autograd", "DOT", "Figures", "GraphvizRenderer"]),
    .target(
      name: "GradvizKit",
      dependencies: ["Autograd", "GradLanguage", "Figures", "DOT", "GradvizSystem", "GraphvizRenderer", "Plots"]),
    .systemLibrary(
      name: "CCommonMark", pkgConfig: "libcmark",
      providers: [.apt(["libcmark-dev"]), .brew(["cmark"])]),
    .target(
      name: "Documents", dependencies: ["GradvizKit", "GradvizSystem", "DOT", "CCommonMark"], exclude: ["README.md"]),
    .target(name: "CFiles"),
    .executableTarget(
      name: "gradviz",
      dependencies: [
        "GradvizKit", "GradvizSystem", "Documents", "CFiles", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .plugin(
      name: "DrawFigures",
      capability: .command(
        intent: .custom(
          verb: "draw-figures", description: "Draw the figures of DocC catalogs and Markdown pages."),
        permissions: [
          .writeToPackageDirectory(reason: "Figures are written next to the pages that show them.")
        ]),
      dependencies: ["gradviz"], path: "Sources/Plugins/DrawFigures"),
    .plugin(
      name: "CheckFigures",
      capability: .command(
        intent: .custom(
          verb: "check-figures", description: "Name every figure that is stale, missing or orphaned.")),
      dependencies: ["gradviz"], path: "Sources/Plugins/CheckFigures"),
    .plugin(
      name: "GradFigures", capability: .buildTool(), dependencies: ["gradviz"],
      path: "Sources/Plugins/GradFigures"),
    .target(name: "TestSupport", dependencies: ["Autograd"], path: "Tests/TestSupport"),
    .testTarget(name: "GradvizSystemTests", dependencies: ["GradvizSystem"]),
    .testTarget(
      name: "AutogradTests", dependencies: ["Autograd", "TestSupport"], resources: [.copy("Fixtures")]),
    .testTarget(name: "GradLanguageTests", dependencies: ["GradLanguage", "TestSupport"]),
    .testTarget(name: "DOTTests", dependencies: ["DOT"]),
    .testTarget(name: "FiguresTests", dependencies: ["Figures", "GradLanguage", "TestSupport"]),
    .testTarget(name: "GraphvizRendererTests", dependencies: ["GraphvizRenderer", "DOT"]),
    .testTarget(name: "PlotsTests", dependencies: ["Plots", "Figures", "TestSupport"]),
    .testTarget(
      name: "DocumentsTests", dependencies: ["Documents", "GradvizKit", "CCommonMark", "TestSupport"]),
    .testTarget(name: "GradvizTests", dependencies: ["GradvizKit", "gradviz", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
