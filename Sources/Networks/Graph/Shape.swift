/// Height and width of a kernel, a stride, a padding or a window.
package struct Extent: Hashable, Codable, Sendable {
  package var height: Int
  package var width: Int

  package init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// A square extent.
  package init(_ side: Int) { self.init(side, side) }

  package var area: Int { height * width }
}

/// Channels, height and width of one sample's activations.
package struct Shape: Hashable, Codable, Sendable, CustomStringConvertible {
  package var channels: Int
  package var height: Int
  package var width: Int

  package init(_ channels: Int, _ height: Int = 1, _ width: Int = 1) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  package var plane: Int { height * width }
  package var count: Int { channels * plane }
  package var description: String { "\(channels)×\(height)×\(width)" }
}

/// How a node's activations lie in memory; the sample index is always innermost.
package enum Layout: Hashable, Codable, Sendable {
  /// `[blocks][channels][height][width][16]`: convolutions and pools.
  case spatial
  /// `[features][samples]`: fully connected layers.
  case flat
}
