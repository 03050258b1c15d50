import CWorkbench

/// A network's layers, blocks and edges in a strategy's process.
final class RemoteStructure {
  /// The handle that was asked with.
  let handle: [UInt8]
  private let layers: UnsafeMutableBufferPointer<wb_layer>
  private let blocks: UnsafeMutableBufferPointer<wb_block>
  private let edges: UnsafeMutableBufferPointer<wb_edge>
  private var names: [UnsafeMutablePointer<CChar>] = []

  /// - Parameter answer: Of the judge.
  init(handle: [UInt8], _ answer: WireReader) {
    self.handle = handle
    var answer = answer
    var names: [UnsafeMutablePointer<CChar>] = []
    func name() throws -> UnsafePointer<CChar> {
      let bytes = Array(try answer.text().utf8CString)
      let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
      memory.initialize(from: bytes, count: bytes.count)
      names.append(memory)
      return UnsafePointer(memory)
    }
    func named<Item: BitwiseCopyable>(_ set: (inout Item, UnsafePointer<CChar>) -> Void) -> [Item] {
      var items: [Item] = []
      let count = (try? answer.get(UInt32.self)) ?? 0
      for _ in 0..<count {
        guard var item = try? answer.get(Item.self), let name = try? name() else { break }
        set(&item, name)
        items.append(item)
      }
      return items
    }
    layers = Self.memory(named { (layer: inout wb_layer, name) in layer.name = name })
    blocks = Self.memory(named { (block: inout wb_block, name) in block.name = name })
    edges = Self.memory((try? answer.array(of: wb_edge.self)) ?? [])
    self.names = names
  }

  deinit {
    for name in names { name.deallocate() }
    layers.deallocate()
    blocks.deallocate()
    edges.deallocate()
  }

  private static func memory<Item>(_ items: [Item]) -> UnsafeMutableBufferPointer<Item> {
    let memory = UnsafeMutableBufferPointer<Item>.allocate(capacity: items.count)
    _ = memory.initialize(from: items)
    return memory
  }

  func layer(at index: UInt32) -> UnsafePointer<wb_layer>? { Self.item(index, of: layers) }
  func block(at index: UInt32) -> UnsafePointer<wb_block>? { Self.item(index, of: blocks) }
  func edge(at index: UInt32) -> UnsafePointer<wb_edge>? { Self.item(index, of: edges) }

  private static func item<Item>(
    _ index: UInt32, of items: UnsafeMutableBufferPointer<Item>
  ) -> UnsafePointer<Item>? {
    guard Int(index) < items.count else { return nil }
    return items.baseAddress.map { UnsafePointer($0 + Int(index)) }
  }
}
