import CWorkbench
import Foundation

extension PluginReader {
  private static var mostOptions: UInt64 { 256 }

  /// The options of a descriptor.
  ///
  /// - Throws: ``LoadError`` for the first that is not as the header says.
  func options(
    at address: UnsafeRawPointer?, count: UInt64, of id: String
  ) throws(LoadError) -> [StrategyOption] {
    guard count > 0 else { return [] }
    guard count <= Self.mostOptions else {
      throw refuse("strategy '\(id)' has \(count) options; at most \(Self.mostOptions) are read")
    }
    guard let address else {
      throw refuse("strategy '\(id)' has \(count) options at a null address; point at the array")
    }
    var options: [StrategyOption] = []
    for index in 0..<Int(count) {
      let word = address.loadUnaligned(
        fromByteOffset: index * MemoryLayout<UInt>.stride, as: UInt.self)
      guard let base = UnsafeRawPointer(bitPattern: word) else {
        throw refuse("option \(index) of strategy '\(id)' is at a null address")
      }
      let size = try optionSize(at: base)
      let option = try option(RawStruct(base: base, size: size), index: index, of: id)
      guard !options.contains(where: { $0.name == option.name }) else {
        throw refuse("two options of strategy '\(id)' have the name '\(option.name)'")
      }
      options.append(option)
    }
    return options
  }

  private func optionSize(at address: UnsafeRawPointer) throws(LoadError) -> Int {
    let head = RawStruct<wb_option>(base: address, size: extent(of: \wb_option.struct_size))
    let size = Int(head.load(\.struct_size) ?? 0)
    try checkSize(size, "wb_option", least: extent(of: \wb_option.choice_count))
    return size
  }

  private func option(
    _ raw: RawStruct<wb_option>, index: Int, of id: String
  ) throws(LoadError) -> StrategyOption {
    let name = try text(raw.text(\.name), "the name of option \(index) of strategy '\(id)'")
    guard name.utf8.allSatisfy(isWordByte) else {
      throw refuse(
        "'\(name)' cannot be the name of an option of '\(id)': letters, digits, '-', '_' and '.'")
    }
    let what = "option '\(name)' of strategy '\(id)'"
    return StrategyOption(
      name: name, summary: try text(raw.text(\.summary), "the summary of \(what)"),
      kind: try kind(raw, what))
  }

  private func kind(
    _ raw: RawStruct<wb_option>, _ what: String
  ) throws(LoadError) -> StrategyOption.Kind {
    let initial = raw.load(\.initial) ?? .nan
    switch raw.load(\.kind) {
    case WB_OPTION_NUMBER:
      let minimum = raw.load(\.minimum) ?? .nan
      let maximum = raw.load(\.maximum) ?? .nan
      guard initial.isFinite, minimum.isFinite, maximum.isFinite,
        minimum <= initial, initial <= maximum
      else {
        throw refuse(
          "\(what) starts at \(initial) between \(minimum) and \(maximum); all three must be "
            + "finite, and the bounds must enclose the start")
      }
      return .number(initial: initial, minimum: minimum, maximum: maximum)
    case WB_OPTION_CHOICE:
      let words = try choices(raw, what)
      guard let index = Int(exactly: initial), words.indices.contains(index) else {
        throw refuse(
          "\(what) starts at choice \(initial) of \(words.count); it must be an index into them")
      }
      return .choice(initial: index, words: words)
    case WB_OPTION_TEXT:
      guard raw.address(\.initial_text) != nil else { return .text(initial: "") }
      guard case .text(let text) = raw.text(\.initial_text) else {
        throw refuse("the initial text of \(what) \(raw.text(\.initial_text).checked.problem)")
      }
      return .text(initial: text)
    case let kind:
      throw refuse(
        "\(what) is of kind \(kind ?? -1); this workbench knows numbers 0, choices 1 and texts 2")
    }
  }

  private func choices(
    _ raw: RawStruct<wb_option>, _ what: String
  ) throws(LoadError) -> [String] {
    let count = raw.load(\.choice_count) ?? 0
    guard (1...Self.mostOptions).contains(count), let list = raw.address(\.choices) else {
      throw refuse(
        "\(what) is a choice among \(count) at \(raw.address(\.choices) == nil ? "a null" : "an") "
          + "address; it needs between 1 and \(Self.mostOptions) words")
    }
    var words: [String] = []
    for index in 0..<Int(count) {
      let word = list.loadUnaligned(
        fromByteOffset: index * MemoryLayout<UInt>.stride, as: UInt.self)
      let text = try text(
        RawText(at: UnsafeRawPointer(bitPattern: word)), "choice \(index) of \(what)")
      guard text.utf8.allSatisfy(isWordByte), !words.contains(text) else {
        throw refuse(
          "choice \(index) of \(what) is '\(text)'; choices are different words of letters, "
            + "digits, '-', '_' and '.'")
      }
      words.append(text)
    }
    return words
  }
}

/// Bytes that stand in a strategy's reference without quoting.
private func isWordByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
    UInt8(ascii: "."):
    true
  default: false
  }
}
