// swift-tools-version: 6.2
import PackageDescription

// A library of strategies on its own. Copy the folder, and let the path below name the workbench;
// the name of the package is needed where the folder of the workbench has another one.
let package = Package(
  name: "Smallest",
  products: [.library(name: "Smallest", type: .dynamic, targets: ["Smallest"])],
  dependencies: [.package(name: "workbench", path: "../..")],
  targets: [
    .target(
      name: "Smallest",
      dependencies: [.product(name: "StrategyKit", package: "workbench")], path: "Sources")
  ]
)
