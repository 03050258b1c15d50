import Comparison
import Networks
import PluginHost
import Testing

/// Binary weights in a whole cell.
struct BinarizationRunTests {
  /// 10-50-1, through two rounds with Adam.
  @Test func theNetworkOfACellIsBinaryAndItsBitsAreCounted() throws {
    let cell = try PluggedRun(ratios: [2, 4])
    let (result, network) = try cell.run(cell.strategy("binarize"))
    #expect(result.status == .done)
    #expect(result.points.map(\.counts.weights) == [275, 138])
    let last = try #require(network)
    var bits = 0
    for slot in last.layout.slots {
      bits += 32 * last.live(in: slot.biases)
      let units = slot.biases.count
      let length = slot.weights.count / units
      for unit in 0..<units {
        let start = slot.weights.lowerBound + unit * length
        let live = (start..<start + length).filter { last.mask[$0] != 0 }
        #expect(Set(live.map { abs(last.values[$0]) }).count <= 1)
        // Units that nothing reads fade to 0, which has no sign.
        let areSigns = live.count > 1 && last.values[live[0]] != 0
        bits += areSigns ? live.count + 32 : 32 * live.count
      }
    }
    let point = try #require(result.points.last)
    #expect(point.bits == bits)
    #expect(bits < 32 * point.counts.parameters)
    // As many samples as everyone.
    let (plain, _) = try cell.run(cell.strategy("magnitude"))
    #expect(plain.points.last?.cost?.samples == point.cost?.samples)
    #expect(plain.points.last.map { $0.bits == 32 * $0.counts.parameters } == true)
  }
}
