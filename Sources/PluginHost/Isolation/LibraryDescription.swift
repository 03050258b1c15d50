import CWorkbench

/// What a library says of itself, on its way from its process to the judge.
///
/// The process sends what it read from the library's table; here it becomes a table again, of memory
/// that is this process's own, and is read and checked as any other.
struct LibraryDescription {
  let table: UnsafeMutablePointer<wb_plugin>
  let descriptors: [UnsafePointer<wb_descriptor>]

  /// Writes down a library's strategies.
  static func bytes(of entries: [StrategyEntry], name: String) -> [UInt8] {
    var out = WireWriter()
    out.put(name)
    out.put(UInt32(entries.count))
    for entry in entries {
      for text in [entry.id, entry.name, entry.summary, entry.citation, entry.version] {
        out.put(text)
      }
      out.put(entry.flags)
      out.put(entry.signals)
      out.put(entry.edits)
      out.put(entry.granularity.number)
      out.put(entry.course.number)
      out.put(UInt32(entry.options.count))
      for option in entry.options { put(option, to: &out) }
    }
    return out.bytes
  }

  private static func put(_ option: StrategyOption, to out: inout WireWriter) {
    out.put(option.name)
    out.put(option.summary)
    switch option.kind {
    case .number(let initial, let minimum, let maximum):
      out.put(WB_OPTION_NUMBER)
      for value in [initial, minimum, maximum] { out.put(value) }
    case .choice(let initial, let words):
      out.put(WB_OPTION_CHOICE)
      out.put(Double(initial))
      out.put(UInt32(words.count))
      for word in words { out.put(word) }
    case .text(let initial):
      out.put(WB_OPTION_TEXT)
      out.put(initial)
    }
  }

  /// Makes a table of what was written down.
  ///
  /// It is never freed, as no library's is.
  init(_ bytes: [UInt8]) throws(WireReader.Malformed) {
    var reader = WireReader(bytes)
    let name = Self.lasting(try reader.text())
    var descriptors: [UnsafePointer<wb_descriptor>] = []
    for _ in 0..<(try reader.get(UInt32.self)) {
      descriptors.append(Self.lasting(try Self.descriptor(&reader)))
    }
    self.descriptors = descriptors
    table = .allocate(capacity: 1)
    table.initialize(
      to: wb_plugin(
        abi_major: WB_ABI_MAJOR, min_host_minor: 0, struct_size: MemoryLayout<wb_plugin>.size,
        state: nil, name: name, built_with: name, strategy_count: UInt32(descriptors.count),
        reserved: 0, describe: { _, _ in nil }, create: { _, _, _, _ in nil }))
  }

  private static func descriptor(
    _ reader: inout WireReader
  ) throws(WireReader.Malformed) -> wb_descriptor {
    let (id, name, summary) = (
      lasting(try reader.text()), lasting(try reader.text()), lasting(try reader.text())
    )
    let (citation, version) = (lasting(try reader.text()), lasting(try reader.text()))
    let flags = try reader.get(UInt32.self)
    let signals = try reader.get(UInt64.self)
    let edits = try reader.get(UInt64.self)
    let granularity = try reader.get(wb_granularity.self)
    let course = try reader.get(wb_course.self)
    var options: [UnsafePointer<wb_option>?] = []
    for _ in 0..<(try reader.get(UInt32.self)) {
      options.append(lasting(try option(&reader)))
    }
    return wb_descriptor(
      struct_size: UInt32(MemoryLayout<wb_descriptor>.size), flags: flags, id: id, name: name,
      summary: summary, citation: citation, version: version, signals: signals, edits: edits,
      granularity: granularity, course: course, options: lasting(options),
      option_count: UInt64(options.count))
  }

  private static func option(
    _ reader: inout WireReader
  ) throws(WireReader.Malformed) -> wb_option {
    var option = wb_option(
      struct_size: UInt32(MemoryLayout<wb_option>.size), kind: WB_OPTION_NUMBER,
      name: lasting(try reader.text()), summary: lasting(try reader.text()), initial: 0, minimum: 0,
      maximum: 0, initial_text: nil, choices: nil, choice_count: 0)
    option.kind = try reader.get()
    switch option.kind {
    case WB_OPTION_NUMBER:
      option.initial = try reader.get()
      option.minimum = try reader.get()
      option.maximum = try reader.get()
    case WB_OPTION_CHOICE:
      option.initial = try reader.get()
      var words: [UnsafePointer<CChar>?] = []
      for _ in 0..<(try reader.get(UInt32.self)) { words.append(lasting(try reader.text())) }
      option.choices = lasting(words)
      option.choice_count = UInt64(words.count)
    default: option.initial_text = lasting(try reader.text())
    }
    return option
  }

  // MARK: - Memory that stays

  static func lasting(_ text: String) -> UnsafePointer<CChar> {
    let bytes = Array(text.utf8CString)
    let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    memory.initialize(from: bytes, count: bytes.count)
    return UnsafePointer(memory)
  }

  private static func lasting<Value>(_ value: Value) -> UnsafePointer<Value> {
    let memory = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    memory.initialize(to: value)
    return UnsafePointer(memory)
  }

  private static func lasting<Value>(
    _ values: [UnsafePointer<Value>?]
  ) -> UnsafePointer<UnsafePointer<Value>?>? {
    guard !values.isEmpty else { return nil }
    let memory = UnsafeMutablePointer<UnsafePointer<Value>?>.allocate(capacity: values.count)
    memory.initialize(from: values, count: values.count)
    return UnsafePointer(memory)
  }
}

extension StrategyEntry {
  fileprivate var flags: UInt32 {
    (scoresAreLocal ? WB_SCORES_LOCAL : 0) | (scoresAreLosses ? WB_SCORES_LOSS : 0)
      | (needsConvolutions ? WB_NEEDS_CONVOLUTIONS : 0) | (needsBlocks ? WB_NEEDS_BLOCKS : 0)
  }
}

extension StrategyEntry.Granularity {
  fileprivate var number: wb_granularity {
    switch self {
    case .weights: WB_WEIGHTS
    case .units: WB_UNITS
    case .blocks: WB_BLOCKS
    }
  }
}

extension StrategyEntry.Course {
  fileprivate var number: wb_course {
    switch self {
    case .prune: WB_COURSE_PRUNE
    case .grow: WB_COURSE_GROW
    case .sparse: WB_COURSE_SPARSE
    case .free: WB_COURSE_FREE
    }
  }
}
