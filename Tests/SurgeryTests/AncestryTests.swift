import Networks
import Numerics
import TestSupport
import Testing

@Suite("Where parameters were in an ancestor, through several surgeries")
struct AncestryTests {
  @Test(arguments: Draw.all(seeds: 0..<20))
  func removedTwice(_ draw: Draw) throws {
    var network = try draw.network()
    var random = draw.random("ancestry")
    // A value tells where it is from.
    for index in network.values.indices where network.mask[index] != 0 {
      network.values[index] = Float(index + 1)
    }
    let ancestor = network
    var ancestry = (0..<Int32(network.layout.count)).map { $0 }
    for _ in 0..<2 {
      let groups = network.unitGroups().filter(\.removable)
      let left = network.graph.nodes.map { $0.operation.units ?? 0 }
      guard let group = groups.shuffled(using: &random).first(where: { $0.leaves(left) }) else {
        continue
      }
      let member = group.members[0]
      let surgery = try network.applying([
        .removeUnits(layer: network.graph.nodes[member.place].id, units: [member.unit])
      ])
      ancestry = surgery.ancestry(after: ancestry)
      network = surgery.network
    }
    #expect(ancestry.count == network.layout.count)
    for slot in network.layout.slots {
      for index in slot.weights where network.mask[index] != 0 {
        #expect(ancestor.values[Int(ancestry[index])] == network.values[index])
      }
    }
  }

  @Test func aConnectionThatComesBackTakesItsPlace() throws {
    let network = try Draw.all(seeds: 0..<1)[0].network()
    var origin = (0..<Int32(network.layout.count)).map { $0 }
    origin[3] = -1
    let ancestry = (0..<Int32(network.layout.count)).map { 2 * $0 }
    #expect(Surgery(network: network, origin: origin).ancestry(after: ancestry) == ancestry)
  }

  @Test func whatIsNewHasNoAncestor() throws {
    let network = try Draw.all(seeds: 0..<1)[0].network()
    let count = network.layout.count
    var origin = (0..<Int32(count)).map { $0 - 1 }
    origin[5] = -1
    let ancestry = Surgery(network: network, origin: origin)
      .ancestry(after: (0..<Int32(count)).map { 10 + $0 })
    #expect(ancestry[0] == -1 && ancestry[5] == -1)
    #expect(ancestry[1] == 10 && ancestry[count - 1] == Int32(count) + 8)
  }
}
