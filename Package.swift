// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "workbench",
  products: [
    // What a plugin author links.
    .library(name: "StrategyKit", targets: ["StrategyKit"]),
    // The program.
    .executable(name: "workbench", targets: ["workbench"]),
    // Strategies as users would write them, found beside the executable.
    .library(name: "NetworkTrimming", type: .dynamic, targets: ["NetworkTrimming"]),
    .library(name: "FilterFactorization", type: .dynamic, targets: ["FilterFactorization"]),
    .library(name: "StochasticDepth", type: .dynamic, targets: ["StochasticDepth"]),
    .library(name: "Net2Net", type: .dynamic, targets: ["Net2Net"]),
    .library(name: "Elastic", type: .dynamic, targets: ["Elastic"]),
    .library(name: "MagnitudeInC", type: .dynamic, targets: ["MagnitudeInC"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    // MARK: - The strategy interface
    .target(name: "CWorkbench"),
    .target(name: "StrategyKit", dependencies: ["CWorkbench"]),

    // What strategies that grow networks share.
    .target(name: "GrowthKit", dependencies: ["StrategyKit"]),

    // MARK: - Strategies linked in
    .target(name: "Strategies", dependencies: ["StrategyKit", "GrowthKit"]),

    // MARK: - Strategies loaded at run time
    .target(
      name: "NetworkTrimming", dependencies: ["StrategyKit"], path: "Plugins/NetworkTrimming"),
    .target(name: "Net2Net", dependencies: ["StrategyKit"], path: "Plugins/Net2Net"),
    .target(name: "Elastic", dependencies: ["StrategyKit", "GrowthKit"], path: "Plugins/Elastic"),
    .target(
      name: "FilterFactorization", dependencies: ["StrategyKit"],
      path: "Plugins/FilterFactorization"),
    .target(
      name: "StochasticDepth", dependencies: ["StrategyKit"], path: "Plugins/StochasticDepth"),
    .target(
      name: "MagnitudeInC", dependencies: ["CWorkbench"], path: "Plugins/MagnitudeInC",
      publicHeadersPath: "."),

    // MARK: - System libraries
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CFFI", pkgConfig: "libffi", providers: [.apt(["libffi-dev"])]),

    // What Swift cannot call itself.
    .target(name: "CSystem"),

    // Functions of any library, called by types that are known at run time alone.
    .target(name: "CForeign", dependencies: ["CFFI"]),

    // What files are to every part that reads or writes some.
    .target(name: "Files"),

    // MARK: - The engine
    .target(name: "CKernels"),
    .target(name: "Numerics", dependencies: ["CKernels", "COpenBLAS", "CSystem"]),
    .target(
      name: "Datasets", dependencies: ["Files", "Numerics", "CZlib", "CCrypto"], path: "Datasets",
      exclude: ["README.md", "mnist", "monks", "published"]),
    .target(name: "Networks", dependencies: ["Numerics", "CKernels", "COpenBLAS"]),

    // MARK: - The host
    .target(
      name: "PluginHost",
      dependencies: [
        "CWorkbench", "StrategyKit", "Strategies", "Networks", "Numerics", "Files", "CCrypto",
        "CForeign", "CSystem",
      ]),
    .target(
      name: "Comparison",
      dependencies: ["Datasets", "Networks", "Numerics", "PluginHost", "CKernels", "CSystem"]),
    .target(
      name: "Timing",
      dependencies: [
        "Comparison", "Datasets", "Networks", "Numerics", "PluginHost", "Strategies",
        "StrategyKit", "Templates", "CKernels", "CSystem",
      ],
      exclude: ["Peer"]),
    .target(
      name: "Reports",
      dependencies: [
        "Timing", "Comparison", "Datasets", "PluginHost", "Networks", "Numerics",
      ]),
    // The report of a folder of results for browsers of this machine.
    .target(
      name: "Serving",
      dependencies: [
        "Comparison", "FlyingFox", .product(name: "FlyingSocks", package: "FlyingFox"),
      ]),
    // What `workbench new` writes, read from the sources themselves.
    .target(name: "CTemplates", exclude: ["files"]),
    .target(name: "Templates", dependencies: ["CTemplates"]),
    .executableTarget(
      name: "workbench",
      dependencies: [
        "Timing", "Comparison", "Reports", "PluginHost", "Datasets", "Files", "Templates",
        "CSystem", "Serving",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // MARK: - Tests
    .target(
      name: "TestSupport", dependencies: ["Networks", "Numerics"], path: "Tests/TestSupport"),
    .testTarget(name: "KernelTests", dependencies: ["CKernels", "Numerics"]),
    .testTarget(name: "NumericsTests", dependencies: ["Numerics"]),
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    .testTarget(
      name: "NetworksTests", dependencies: ["Networks", "TestSupport", "CAllocations"]),
    // Counted by `.ci/check-instructions`.
    .executableTarget(
      name: "CountedSteps", dependencies: ["Networks", "Numerics"], path: "Tests/CountedSteps"),
    .testTarget(name: "SurgeryTests", dependencies: ["Networks", "TestSupport"]),
    .testTarget(name: "CurvatureTests", dependencies: ["Networks", "TestSupport"]),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets"]),
    .testTarget(
      name: "StrategyKitTests", dependencies: ["StrategyKit", "Strategies", "CWorkbench"],
      exclude: ["ABI"]),
    .executableTarget(
      name: "ConfinedProgram", dependencies: ["PluginHost"], path: "Tests/ConfinedProgram"),
    .testTarget(
      name: "PluginHostTests",
      dependencies: [
        "PluginHost", "Strategies", "StrategyKit", "GrowthKit", "Networks", "Numerics",
        "CWorkbench", "TestSupport", "CKernels", "CAllocations", "CSystem",
        // Beside the tests, which run it.
        "ConfinedProgram",
      ],
      exclude: ["ABI", "BadPlugins", "Confined"]),
    .testTarget(
      name: "ComparisonTests", dependencies: ["Comparison", "Datasets", "Reports", "TestSupport"]),
    .testTarget(name: "TimingTests", dependencies: ["Timing", "Networks"]),
    .testTarget(
      name: "WorkbenchTests",
      dependencies: [
        "Comparison", "Datasets", "Networks", "Numerics", "PluginHost", "Reports", "TestSupport",
        // Pictures are packed by it.
        "CZlib",
      ],
      exclude: ["Snapshots", "Faults", "HostilePlugins", "RuleBreakers", "Samples"]),
  ]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = settings
}

// These wait for processes that compute: to optimise them would take longer than all that they could save.
for target in package.targets
where ["PluginHostTests", "ComparisonTests", "WorkbenchTests"].contains(target.name) {
  target.swiftSettings?.append(.unsafeFlags(["-Onone"]))
}

// Instrumented builds are of what reaches memory by itself; all else would be compiled for nothing.
if Context.environment["WORKBENCH_ENGINE_ALONE"] != nil {
  let engine = [
    "COpenBLAS", "CSystem", "CKernels", "Numerics", "Networks", "TestSupport", "CAllocations",
    "KernelTests", "NetworksTests",
  ]
  package.targets.removeAll { !engine.contains($0.name) }
  (package.products, package.dependencies) = ([], [])
}
