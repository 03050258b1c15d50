/// Which channels of a network stand or fall together.
///
/// Every channel that the input, a dense layer or a convolution produces is followed through the
/// graph: batch normalisation, activations and pools keep it, flatten repeats it for each position
/// of its map, a concatenation carries it along, and a residual sum unites it with the channel it is
/// added to. A group is what is united: removing one of its units must remove all of them.
struct ChannelTrace {
  /// For each node the group of each channel it produces.
  let groups: [[Int]]
  /// The units of each group, in order of place and unit.
  let members: [[UnitGroup.Member]]
  /// Whether a group has a channel of the network's input.
  let reachesInput: [Bool]
  /// Whether a group has a channel of the network's output.
  let reachesOutput: [Bool]
  /// The node that mixes a group's channels with others, or nil.
  let mixer: [Int?]

  var count: Int { members.count }

  init(_ graph: Graph) {
    var sets = DisjointSets()
    var traced: [[Int]] = []
    for (place, node) in graph.nodes.enumerated() {
      switch node.operation.kind.flow {
      case .begin:
        traced.append(sets.add(graph.shapes[place].channels))
      case .pass:
        for other in node.inputs.dropFirst() {
          for (first, second) in zip(traced[node.inputs[0]], traced[other]) {
            sets.unite(first, second)
          }
        }
        traced.append(traced[node.inputs[0]])
      case .flatten:
        let plane = graph.shapes[node.inputs[0]].plane
        traced.append(
          traced[node.inputs[0]].flatMap { [Int](repeating: $0, count: plane) })
      case .concatenate:
        traced.append(node.inputs.flatMap { traced[$0] })
      }
    }

    let (groupOfElement, count) = sets.numbered()
    let groups = traced.map { channels in channels.map { groupOfElement[$0] } }
    var members = [[UnitGroup.Member]](repeating: [], count: count)
    for place in graph.weightedLayers {
      for (unit, group) in groups[place].enumerated() {
        members[group].append(UnitGroup.Member(place: place, unit: unit))
      }
    }
    var reachesInput = [Bool](repeating: false, count: count)
    for group in groups[0] { reachesInput[group] = true }
    var reachesOutput = [Bool](repeating: false, count: count)
    for group in groups[groups.count - 1] { reachesOutput[group] = true }
    var mixer = [Int?](repeating: nil, count: count)
    for (place, node) in graph.nodes.enumerated() where node.operation.kind.mixesChannels {
      for group in groups[place] { mixer[group] = place }
    }
    self.groups = groups
    self.members = members
    self.reachesInput = reachesInput
    self.reachesOutput = reachesOutput
    self.mixer = mixer
  }

  /// Whether the group's units are neither tied to the input nor to the output, nor to other units.
  func isFree(_ group: Int) -> Bool {
    !reachesInput[group] && !reachesOutput[group] && mixer[group] == nil
  }

  /// The channels of a node that are not in a removed group.
  func kept(at place: Int, removed: [Bool]) -> [Int] {
    groups[place].indices.filter { !removed[groups[place][$0]] }
  }
}

/// Sets of numbers that can be united; the smallest member is the root.
private struct DisjointSets {
  private var parent: [Int] = []

  /// Adds `count` sets of one new element each.
  mutating func add(_ count: Int) -> [Int] {
    let elements = Array(parent.count..<parent.count + count)
    parent += elements
    return elements
  }

  mutating func unite(_ first: Int, _ second: Int) {
    let roots = (root(first), root(second))
    parent[max(roots.0, roots.1)] = min(roots.0, roots.1)
  }

  private mutating func root(_ element: Int) -> Int {
    var element = element
    while parent[element] != element {
      parent[element] = parent[parent[element]]
      element = parent[element]
    }
    return element
  }

  /// The number of each element's set, counted from 0 in order of the roots, and how many there are.
  mutating func numbered() -> (numbers: [Int], count: Int) {
    var numbers = [Int](repeating: 0, count: parent.count)
    var count = 0
    for element in parent.indices {
      let root = root(element)
      if root == element {
        numbers[element] = count
        count += 1
      } else {
        numbers[element] = numbers[root]
      }
    }
    return (numbers, count)
  }
}
