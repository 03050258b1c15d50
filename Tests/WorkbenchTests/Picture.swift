import CZlib
import Foundation

/// The points of a picture in the PNG format, as browsers write it: eight bits a channel, not interlaced.
struct Picture {
  let width: Int
  let height: Int
  /// Red, green and blue of each point, row by row.
  let points: [UInt8]

  /// Nil for what is no such picture.
  init?(_ file: Data) {
    let bytes = [UInt8](file)
    func number(_ place: Int) -> Int {
      bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    guard bytes.count > 33, bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]) else {
      return nil
    }
    (width, height) = (number(16), number(20))
    let channels = bytes[25] == 2 ? 3 : bytes[25] == 6 ? 4 : 0
    guard bytes[24] == 8, channels > 0, bytes[28] == 0, width * height < 1 << 26 else { return nil }
    var packed: [UInt8] = []
    var place = 8
    while place + 12 <= bytes.count {
      let length = number(place)
      guard place + 12 + length <= bytes.count else { return nil }
      if Array(bytes[place + 4..<place + 8]) == Array("IDAT".utf8) {
        packed += bytes[place + 8..<place + 8 + length]
      }
      place += 12 + length
    }
    let stride = 1 + width * channels
    var raw = [UInt8](repeating: 0, count: stride * height)
    var count = UInt(raw.count)
    guard uncompress(&raw, &count, packed, UInt(packed.count)) == Z_OK, Int(count) == raw.count
    else {
      return nil
    }
    points = Self.colours(raw, stride: stride, rows: height, channels: channels)
  }

  /// Undoes what each row begins by saying was done to it.
  private static func colours(_ raw: [UInt8], stride: Int, rows: Int, channels: Int) -> [UInt8] {
    var points: [UInt8] = []
    points.reserveCapacity(rows * (stride - 1) / channels * 3)
    var above = [UInt8](repeating: 0, count: stride - 1)
    for row in 0..<rows {
      var line = Array(raw[row * stride + 1..<(row + 1) * stride])
      for index in line.indices {
        let left = index >= channels ? line[index - channels] : 0
        let corner = index >= channels ? above[index - channels] : 0
        let guess: UInt8 =
          switch raw[row * stride] {
          case 1: left
          case 2: above[index]
          case 3: UInt8((Int(left) + Int(above[index])) / 2)
          case 4: nearest(left, above[index], corner)
          default: 0
          }
        line[index] &+= guess
      }
      for start in Swift.stride(from: 0, to: line.count, by: channels) {
        points += line[start..<start + 3]
      }
      above = line
    }
    return points
  }

  private static func nearest(_ left: UInt8, _ up: UInt8, _ corner: UInt8) -> UInt8 {
    let guess = Int(left) + Int(up) - Int(corner)
    let distances = [left, up, corner].map { abs(guess - Int($0)) }
    if distances[0] <= distances[1], distances[0] <= distances[2] { return left }
    return distances[1] <= distances[2] ? up : corner
  }

  /// The share of points that are not nearly alike; 1 where the sizes differ.
  func difference(from other: Picture) -> Double {
    guard width == other.width, height == other.height else { return 1 }
    var unlike = 0
    for point in 0..<width * height {
      let isUnlike = (0..<3).contains {
        abs(Int(points[3 * point + $0]) - Int(other.points[3 * point + $0])) > 40
      }
      if isUnlike { unlike += 1 }
    }
    return Double(unlike) / Double(max(1, width * height))
  }
}
