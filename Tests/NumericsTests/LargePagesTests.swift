import Numerics
import Testing

@Suite struct LargePagesTests {
  @Test(arguments: [0, 1, 1000, 1 << 20])
  func zerosAreThatManyZeros(count: Int) {
    let zeros = [Double].zeros(count)
    #expect(zeros.count == count)
    #expect(zeros.allSatisfy { $0 == 0 && $0.sign == .plus })
  }

  @Test(arguments: [0, 1000, 1 << 20])
  func roomIsKeptUntilItIsFull(capacity: Int) {
    var values = [Double].room(for: capacity)
    #expect(values.isEmpty && values.capacity >= capacity)
    values.append(contentsOf: repeatElement(1, count: capacity))
    #expect(values == [Double](repeating: 1, count: capacity))
  }

  /// Pages at the ends are shared with whatever lies beside the memory.
  @Test func whatLiesBesideKeepsItsValues() {
    var values = (0..<(1 << 20)).map(Double.init)
    values.withUnsafeMutableBytes { bytes in
      LargePages.use(for: UnsafeMutableRawBufferPointer(rebasing: bytes[4096 + 64..<(6 << 20)]))
    }
    #expect(values == (0..<(1 << 20)).map(Double.init))
  }
}
