// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "smallest",
  products: [
    .library(name: "smallest", type: .dynamic, targets: ["SmallestPlugin"])
  ],
  targets: [
    .target(name: "SmallestPlugin", dependencies: ["StrategyKit"]),
    // What the workbench and a strategy say to each other, as the workbench that wrote this
    // package has it.
    .target(
      name: "StrategyKit", dependencies: ["CWorkbench"],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ]),
    .target(name: "CWorkbench"),
  ]
)
