import CKernels

/// The live weights of a dense layer in slots, as the kernel for a single sample takes them: sixteen rows
/// by segments of 32 inputs, each row's weights of a segment one a step.
final class SlottedLayer {
  /// For each slot the number of the weight in it, rows × columns; −1 where a row has none left.
  let origin: [Int32]
  private let rows: Int
  private let start: Buffer<Int32>
  private let segment: Buffer<Int32>
  private let live: Buffer<UInt16>
  private let place: Buffer<UInt8>

  /// Inputs that a step looks at: those of two registers.
  static let segmentWidth = 32
  /// Slots a live weight beyond which rows are faster.
  static let mostSlots = 4

  /// - Parameters:
  ///   - mask: Of the layer's weights, rows × columns; 0 is masked.
  ///   - rows: The layer's units.
  init(mask: ArraySlice<Float>, rows: Int) {
    self.rows = rows
    let columns = rows > 0 ? mask.count / rows : 0
    var origin: [Int32] = []
    var starts: [Int32] = [0]
    var segments: [Int32] = []
    var live: [UInt16] = []
    var places: [UInt8] = []
    for first in stride(from: 0, to: rows, by: Lanes.width) {
      let group = first..<min(first + Lanes.width, rows)
      for begin in stride(from: 0, to: columns, by: Self.segmentWidth) {
        let weights = group.map { row in
          (begin..<min(begin + Self.segmentWidth, columns)).map { row * columns + $0 }
            .filter { mask[mask.startIndex + $0] != 0 }
        }
        for step in 0..<(weights.map(\.count).max() ?? 0) {
          var bits: UInt16 = 0
          for lane in 0..<Lanes.width {
            guard lane < weights.count, step < weights[lane].count else {
              origin.append(-1)
              places.append(0)
              continue
            }
            bits |= 1 << UInt16(lane)
            origin.append(Int32(weights[lane][step]))
            places.append(UInt8(weights[lane][step] % columns - begin))
          }
          live.append(bits)
          segments.append(Int32(begin / Self.segmentWidth))
        }
      }
      starts.append(Int32(segments.count))
    }
    self.origin = origin
    start = Buffer(starts)
    segment = Buffer(segments)
    self.live = Buffer(live)
    place = Buffer(places)
  }

  func with(_ body: (UnsafePointer<wbk_sparse_slots>) -> Void) {
    var slots = wbk_sparse_slots(
      rows: Int64(rows), start: start.pointer, segment: segment.pointer, live: live.pointer,
      place: place.pointer)
    body(&slots)
  }
}
