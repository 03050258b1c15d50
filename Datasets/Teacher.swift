import Foundation
import Numerics

/// A fixed sparse random network whose outputs are the targets, so that the smallest network that
/// fits is known: which inputs are dead, how many hidden units and how many weights are needed.
///
/// The output is Σ v_j tanh(b_j + Σ w_ji x_i) over the hidden units j, each of which reads `fanIn`
/// of the live inputs. Every live input is read, and every weight is kept away from zero, so that
/// none is spare. A student that is given more hidden units than the teacher has the surplus as
/// planted dead units.
package struct Teacher: Sendable {
  package let name: String
  /// The number of inputs, dead ones included.
  package let inputs: Int
  /// Indices of the inputs no hidden unit reads, ascending.
  package let deadInputs: [Int]
  /// The number of hidden units.
  package let hiddenUnits: Int
  /// How many inputs each hidden unit reads.
  package let fanIn: Int
  /// Non-zero weights of both layers, without the biases.
  package let weightCount: Int

  /// The teacher's output as a task like the others, its noise included.
  package let task: FunctionTask

  /// The teacher of the benchmark: 20 inputs of which 8 are dead, 10 hidden units that read 4 inputs
  /// each, 50 weights; noise about a tenth of the signal's deviation.
  package static let standard = Teacher(
    name: "teacher", seed: 1991, inputs: 20, dead: 8, hiddenUnits: 10, fanIn: 4, noise: 0.2)

  /// Draws a teacher; the same arguments give the same one.
  ///
  /// - Parameters:
  ///   - name: The name of the task.
  ///   - seed: Decides the teacher, and nothing about the samples.
  ///   - inputs: The number of inputs, each uniform in [−1, 1].
  ///   - dead: How many of them are not read.
  ///   - hiddenUnits: The number of hidden units.
  ///   - fanIn: How many inputs each hidden unit reads.
  ///   - noise: Standard deviation of the noise added to the output.
  /// - Precondition: there are enough live inputs for `fanIn`, and enough connections to read each.
  package init(
    name: String, seed: UInt64, inputs: Int, dead: Int, hiddenUnits: Int, fanIn: Int, noise: Double
  ) {
    let live = inputs - dead
    precondition(dead >= 0 && fanIn >= 1 && fanIn <= live && hiddenUnits * fanIn >= live)
    var stream = RandomStream(seed: seed, name: "\(name)/network")
    let order = stream.permutation(inputs).map { Int($0) }
    let units = Self.units(
      count: hiddenUnits, fanIn: fanIn, liveInputs: Array(order[dead...]), from: &stream)
    self.name = name
    self.inputs = inputs
    self.deadInputs = order[..<dead].sorted()
    self.hiddenUnits = hiddenUnits
    self.fanIn = fanIn
    self.weightCount = units.reduce(0) { $0 + $1.weights.count + 1 }
    self.task = FunctionTask(
      name: name, intervals: Array(repeating: -1..<1, count: inputs),
      irrelevantInputs: deadInputs, noise: noise
    ) { row in
      units.reduce(0) { $0 + $1.contribution(row) }
    }
  }

  /// The output without noise for one row of inputs.
  package func output(_ row: [Double]) -> Double {
    task.functions[0](row)
  }

  /// Splits of fresh samples labelled by this teacher.
  ///
  /// The seed changes the samples, never the teacher; see ``FunctionTask/splits(seed:training:validation:test:)``.
  package func splits(
    seed: UInt64, training: Int, validation: Int, test: Int
  ) throws(DatasetError) -> Splits {
    try task.splits(seed: seed, training: training, validation: validation, test: test)
  }

  /// Hidden units that together read every live input.
  private static func units(
    count: Int, fanIn: Int, liveInputs: [Int], from stream: inout RandomStream
  ) -> [Unit] {
    // Inputs are dealt from a shuffled deck that holds each once, so the first deck reads them all.
    var deck: [Int] = []
    return (0..<count).map { _ in
      var read: [Int] = []
      while read.count < fanIn {
        if deck.isEmpty { deck = stream.permutation(liveInputs.count).map { liveInputs[Int($0)] } }
        let input = deck.removeLast()
        if !read.contains(input) { read.append(input) }
      }
      let weights = read.map { _ in signed(stream.uniform(in: 1..<2), from: &stream) }
      return Unit(
        inputs: read, weights: weights, bias: stream.uniform(in: -0.5..<0.5),
        outputWeight: signed(stream.uniform(in: 0.5..<1.5), from: &stream))
    }
  }

  private static func signed(_ magnitude: Double, from stream: inout RandomStream) -> Double {
    stream.uniform() < 0.5 ? -magnitude : magnitude
  }

  /// One hidden unit with its weight to the output.
  private struct Unit {
    let inputs: [Int]
    let weights: [Double]
    let bias: Double
    let outputWeight: Double

    func contribution(_ row: [Double]) -> Double {
      var sum = bias
      for (input, weight) in zip(inputs, weights) { sum += weight * row[input] }
      return outputWeight * tanh(sum)
    }
  }
}
