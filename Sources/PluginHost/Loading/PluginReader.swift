import CWorkbench
import Foundation

/// Reads a library's table and refuses whatever the header does not allow.
struct PluginReader {
  /// What stands at the head of every message: the file.
  let path: String
  let origin: StrategyEntry.Origin

  /// More strategies or options than this in one table are a table that was read wrongly.
  private static let most = 1024
  private static let hostVersion = "\(WB_ABI_MAJOR).\(WB_ABI_MINOR)"

  func refuse(_ reason: String) -> LoadError { LoadError(path: path, reason: reason) }

  /// A table whose version, sizes and functions are as the header says.
  ///
  /// - Throws: ``LoadError`` for the first thing that is not.
  func table(at address: UnsafeRawPointer?) throws(LoadError) -> PluginTable {
    guard let address else {
      throw refuse(
        "wb_plugin_v1 gave no table (null); it must return the address of a wb_plugin that lives "
          + "as long as the process")
    }
    let head = RawStruct<wb_plugin>(base: address, size: extent(of: \wb_plugin.struct_size))
    try checkVersion(head)
    let size = head.load(\.struct_size) ?? 0
    try checkSize(size, "wb_plugin", least: extent(of: \wb_plugin.create))
    let plugin = RawStruct<wb_plugin>(base: address, size: size)
    _ = try text(plugin.text(\.name), "the plugin's name")
    _ = try text(plugin.text(\.built_with), "the plugin's built_with")
    guard plugin.address(\.describe) != nil else {
      throw refuse("its table has no function describe (null); every plugin must describe itself")
    }
    guard plugin.address(\.create) != nil else {
      throw refuse("its table has no function create (null); no strategy of it could be used")
    }
    let count = Int(plugin.load(\.strategy_count) ?? 0)
    guard (1...Self.most).contains(count) else {
      throw refuse(
        "its table has \(count) strategies; a plugin has between 1 and \(Self.most)")
    }
    // No pointer of the v1.0 table is null: its Swift type may be believed now.
    return PluginTable(
      pointer: address.assumingMemoryBound(to: wb_plugin.self),
      checked: address.loadUnaligned(as: wb_plugin.self))
  }

  /// The strategies of a table.
  ///
  /// - Throws: ``LoadError`` for the first thing that is not as the header says.
  func entries(of address: UnsafeRawPointer?) throws(LoadError) -> [StrategyEntry] {
    let table = try table(at: address)
    let count = Int(table.checked.strategy_count)
    var entries: [StrategyEntry] = []
    for index in 0..<count {
      guard let descriptor = table.checked.describe(table.pointer, UInt32(index)) else {
        throw refuse(
          "describe(\(index)) is null although strategy_count is \(count); describe must answer "
            + "for each strategy")
      }
      let entry = try entry(descriptor, index: index, table: table)
      guard !entries.contains(where: { $0.id == entry.id }) else {
        throw refuse("two of its strategies have the id '\(entry.id)'; give each its own")
      }
      entries.append(entry)
    }
    return entries
  }

  private func checkVersion(_ head: RawStruct<wb_plugin>) throws(LoadError) {
    let major = head.load(\.abi_major) ?? 0
    let minor = head.load(\.min_host_minor) ?? 0
    guard major == WB_ABI_MAJOR else {
      throw refuse(
        "its table says interface version \(major) where wb_plugin_v1 must give "
          + "\(WB_ABI_MAJOR); build it against this workbench's header (\(Self.hostVersion))")
    }
    guard minor <= WB_ABI_MINOR else {
      throw refuse(
        "it needs a host of interface version \(major).\(minor) or later, and this workbench has "
          + "\(Self.hostVersion); update the workbench, or have the plugin ask for the lowest "
          + "minor it can do with")
    }
  }

  func checkSize(_ size: Int, _ name: String, least: Int) throws(LoadError) {
    guard size >= least, size <= 65_536 else {
      throw refuse(
        "a \(name) says struct_size \(size), and one of version 1.0 has at least \(least) bytes; "
          + "set it to sizeof(\(name))")
    }
  }

  func text(_ raw: RawText, _ what: String) throws(LoadError) -> String {
    let (text, problem) = raw.checked
    guard let text else { throw refuse("\(what) \(problem); it must be a UTF-8 text") }
    return text
  }

  private func entry(
    _ descriptor: UnsafePointer<wb_descriptor>, index: Int, table: PluginTable
  ) throws(LoadError) -> StrategyEntry {
    let base = UnsafeRawPointer(descriptor)
    let head = RawStruct<wb_descriptor>(base: base, size: extent(of: \wb_descriptor.struct_size))
    let size = Int(head.load(\.struct_size) ?? 0)
    try checkSize(size, "wb_descriptor", least: extent(of: \wb_descriptor.option_count))
    let raw = RawStruct<wb_descriptor>(base: base, size: size)
    let id = try text(raw.text(\.id), "the id of strategy \(index)")
    guard id.utf8.allSatisfy(isIdentifier), id.utf8.count <= 64 else {
      throw refuse(
        "'\(id)' cannot be the id of a strategy: at most 64 lower case letters, digits, '-' and "
          + "'.'")
    }
    guard id != StrategyEntry.denseId else {
      throw refuse(
        "'\(id)' cannot be the id of a strategy: it names the networks that all strategies start "
          + "from; give it another id")
    }
    let options = try options(
      at: raw.address(\.options), count: raw.load(\.option_count) ?? 0, of: id)
    let flags = raw.load(\.flags) ?? 0
    let signals = raw.load(\.signals) ?? 0
    let edits = raw.load(\.edits) ?? 0
    return StrategyEntry(
      id: id,
      name: try text(raw.text(\.name), "the name of strategy '\(id)'"),
      summary: try text(raw.text(\.summary), "the summary of strategy '\(id)'"),
      citation: try text(raw.text(\.citation), "the citation of strategy '\(id)'"),
      version: try text(raw.text(\.version), "the version of strategy '\(id)'"),
      options: options,
      reads: Signal.allCases.filter { signals & $0.bit != 0 }.map(\.word),
      emits: EditKind.allCases.filter { edits & $0.bit != 0 }.map(\.word),
      granularity: try granularity(raw.load(\.granularity) ?? 0, of: id),
      course: try course(raw.load(\.course) ?? 0, of: id),
      scoresAreLocal: flags & WB_SCORES_LOCAL != 0,
      scoresAreLosses: flags & WB_SCORES_LOSS != 0,
      needsConvolutions: flags & WB_NEEDS_CONVOLUTIONS != 0,
      needsBlocks: flags & WB_NEEDS_BLOCKS != 0,
      origin: origin, signals: signals, edits: edits, table: table)
  }

  private func course(
    _ value: wb_course, of id: String
  ) throws(LoadError) -> StrategyEntry.Course {
    switch value {
    case WB_COURSE_PRUNE: .prune
    case WB_COURSE_GROW: .grow
    case WB_COURSE_SPARSE: .sparse
    case WB_COURSE_FREE: .free
    default:
      throw refuse(
        "strategy '\(id)' takes course \(value), which version \(Self.hostVersion) does not know; "
          + "it knows prune 0, grow 1, sparse 2 and free 3")
    }
  }

  private func granularity(
    _ value: wb_granularity, of id: String
  ) throws(LoadError) -> StrategyEntry.Granularity {
    switch value {
    case WB_WEIGHTS: .weights
    case WB_UNITS: .units
    case WB_BLOCKS: .blocks
    default:
      throw refuse(
        "strategy '\(id)' scores at granularity \(value), which version \(Self.hostVersion) does "
          + "not know; it knows weights 0, units 1 and blocks 2")
    }
  }
}

private func isIdentifier(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
    UInt8(ascii: "-"), UInt8(ascii: "."):
    true
  default: false
  }
}
