// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "gradviz",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Autograd", targets: ["Autograd", "GradvizGraph"]),
    .library(name: "GradvizKit", targets: ["GradvizKit"]),
    .library(name: "Documents", targets: ["GradvizDocuments"]),
    .executable(name: "gradviz", targets: ["gradviz"]),
    .executable(name: "gradviz-serve", targets: ["GradvizServe"]),
    .plugin(name: "DrawFigures", targets: ["DrawFigures", "CheckFigures"]),
    .plugin(name: "GradFigures", targets: ["GradFigures"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    .target(name: "GradvizSystem"),
    .target(
      name: "CAutograd", exclude: ["matrix_kernel.h", "element_functions.h"],
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(name: "Autograd", dependencies: ["CAutograd", "GradvizSystem"]),
    .target(
      name: "GradvizGraph", dependencies: ["Autograd", "GradvizSystem"],
      exclude: ["ComputationGraph.md", "ComputationGraph.schema.json"]),
    .target(
      name: "GradLanguage", dependencies: ["Autograd", "GradvizGraph", "GradvizSystem"],
      exclude: ["README.md", "Editor"]),
    .target(name: "GradvizDrawing"),
    .target(name: "GradvizDOT", dependencies: ["GradvizDrawing"]),
    .target(
      name: "GradvizFigures",
      dependencies: ["Autograd", "GradvizGraph", "GradvizDrawing", "GradvizDOT", "GradvizSystem"],
      exclude: ["README.md"]),
    .systemLibrary(
      name: "CGraphviz", pkgConfig: "libgvc",
      providers: [.apt(["libgraphviz-dev"]), .brew(["graphviz"])]),
    .target(name: "CGraphvizShim", dependencies: ["CGraphviz"]),
    .target(
      name: "GraphvizRenderer", dependencies: ["GradvizDrawing", "GradvizDOT", "GradvizSystem", "CGraphvizShim"],
      exclude: ["README.md"]),
    .target(
      name: "GradvizPlots",
      dependencies: ["Autograd", "GradvizGraph", "GradvizDrawing", "GradvizDOT", "GradvizFigures", "GraphvizRenderer"]),
    .target(
      name: "GradvizKit",
      dependencies: [
        "Autograd", "GradvizGraph", "GradLanguage", "GradvizDrawing", "GradvizFigures", "GradvizDOT", "GradvizSystem",
        "GraphvizRenderer", "GradvizPlots",
      ]),
    .target(
      name: "GradvizExplorer",
      dependencies: [
        "Autograd", "GradvizGraph", "GradvizDrawing", "GradvizDOT", "GradvizFigures", "GradvizPlots", "GradvizSystem",
        "GraphvizRenderer",
      ],
      exclude: ["Script"],
      resources: [
        .embedInCode("Resources/explorer.js"), .embedInCode("Resources/explorer.css"),
        .embedInCode("Resources/exercise.js"), .embedInCode("Resources/exercise.css"),
      ]),
    .systemLibrary(
      name: "CGradvizCommonMark", pkgConfig: "libcmark",
      providers: [.apt(["libcmark-dev"]), .brew(["cmark"])]),
    .target(
      name: "GradvizDocuments",
      dependencies: [
        "Autograd", "GradvizGraph", "GradLanguage", "GradvizDrawing", "GradvizDOT", "GradvizFigures", "GradvizPlots",
        "GradvizKit", "GradvizExplorer", "GradvizSystem", "CGradvizCommonMark",
      ],
      exclude: ["README.md"]),
    .target(name: "CGradvizFiles"),
    .executableTarget(
      name: "gradviz",
      dependencies: [
        "Autograd", "GradvizGraph", "GradLanguage", "GradvizFigures", "GradvizPlots", "GraphvizRenderer", "GradvizKit",
        "GradvizExplorer", "GradvizDocuments", "GradvizSystem", "CGradvizFiles",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["README.md"]),
    .executableTarget(
      name: "GradvizServe",
      dependencies: [
        "GradvizSystem", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      resources: [
        .embedInCode("Resources/playground.html"), .embedInCode("Resources/playground.css"),
        .embedInCode("Resources/playground.js"),
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
    .target(
      name: "GradvizTestSupport",
      dependencies: [
        "Autograd", "GradvizGraph", "GradLanguage", "GradvizDrawing", "GradvizFigures", "GraphvizRenderer",
        "GradvizKit",
      ],
      path: "Tests/GradvizTestSupport"),
    .testTarget(name: "GradvizSystemTests", dependencies: ["GradvizSystem"]),
    .testTarget(
      name: "AutogradTests", dependencies: ["Autograd", "GradvizGraph", "GradvizTestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "GradvizGraphTests", dependencies: ["GradvizGraph", "GradvizTestSupport"]),
    .testTarget(
      name: "GradLanguageTests", dependencies: ["GradLanguage", "GradvizTestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "GradvizDrawingTests", dependencies: ["GradvizDrawing"]),
    .testTarget(name: "GradvizDOTTests", dependencies: ["GradvizDOT", "GradvizDrawing"]),
    .testTarget(
      name: "GradvizFiguresTests",
      dependencies: [
        "Autograd", "GradvizGraph", "GradLanguage", "GradvizDrawing", "GradvizDOT", "GradvizFigures", "GradvizPlots",
        "GraphvizRenderer", "GradvizKit", "gradviz", "GradvizTestSupport",
      ]),
    .testTarget(name: "GraphvizRendererTests", dependencies: ["GraphvizRenderer", "GradvizDOT"]),
    .testTarget(
      name: "GradvizPlotsTests",
      dependencies: ["Autograd", "GradvizPlots", "GradvizFigures", "GradvizKit", "GradvizTestSupport"]),
    .testTarget(
      name: "GradvizKitTests",
      dependencies: [
        "Autograd", "GradvizGraph", "GradLanguage", "GradvizFigures", "GradvizPlots", "GraphvizRenderer", "GradvizKit",
        "GradvizTestSupport",
      ]),
    .testTarget(
      name: "GradvizExplorerTests",
      dependencies: [
        "Autograd", "GradvizGraph", "GradLanguage", "GradvizFigures", "GradvizKit", "GradvizExplorer",
        "GradvizTestSupport",
      ],
      exclude: ["Scripts"]),
    .testTarget(
      name: "GradvizDocumentsTests",
      dependencies: ["GradvizDocuments", "GradvizKit", "CGradvizCommonMark", "GradvizTestSupport"]),
    .testTarget(
      name: "GradvizTests",
      dependencies: [
        "Autograd", "GradLanguage", "GradvizDOT", "GradvizDrawing", "GradvizFigures", "GradvizPlots",
        "GraphvizRenderer",
        "GradvizKit", "gradviz", "GradvizServe", "GradvizTestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
