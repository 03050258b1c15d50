/// Builds a graph layer by layer, each on the one before unless told otherwise.
///
/// ```swift
/// var builder = GraphBuilder(input: Shape(784), layout: .flat)
/// builder.add(.dense(units: 300, bias: true), name: "fc1")
/// builder.add(.relu)
/// let graph = try builder.graph()
/// ```
package struct GraphBuilder {
  package private(set) var nodes: [Graph.Node]
  private var nextID: UInt64 = 2

  package init(input: Shape, layout: Layout) {
    nodes = [
      Graph.Node(id: 1, name: "input", operation: .input(input, layout: layout), inputs: [])
    ]
  }

  /// The place of the newest node.
  package var last: Int { nodes.count - 1 }

  /// Adds a node that reads `inputs` (the newest node when nil) and returns its place. A name that
  /// is not given is made of the operation and the place.
  @discardableResult
  package mutating func add(
    _ operation: Operation, name: String? = nil, on inputs: [Int]? = nil
  ) -> Int {
    nodes.append(
      Graph.Node(
        id: nextID, name: name ?? Graph.ordinaryName(of: operation, at: nodes.count),
        operation: operation,
        inputs: inputs ?? [last]))
    nextID += 1
    return last
  }

  /// Adds a residual block on the newest node: `branch` and `skip` get the place of that node to
  /// build on; a skip that adds nothing is the identity. The nodes of the branch belong to the block.
  @discardableResult
  package mutating func addBlock(
    name: String, branch: (inout GraphBuilder, _ entry: Int) -> Void,
    skip: (inout GraphBuilder, _ entry: Int) -> Void = { _, _ in }
  ) -> Int {
    let entry = last
    let beforeSkip = nodes.count
    skip(&self, entry)
    let skipEnd = nodes.count > beforeSkip ? last : entry
    let firstOfBranch = nodes.count
    branch(&self, entry)
    let sum = add(.residualSum(scale: 1), name: name, on: [skipEnd, last])
    for place in firstOfBranch..<sum { nodes[place].block = nodes[sum].id }
    return sum
  }

  /// - Throws: ``GraphError`` when a layer does not fit.
  package func graph() throws(GraphError) -> Graph { try Graph(nodes: nodes) }
}
