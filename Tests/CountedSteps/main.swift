import Foundation
import Networks
import Numerics

// Takes two steps of training, of which `countedStep` is the second one, for callgrind to count:
//
//   CountedSteps NETWORK DENSITY
//
// The network is lenet-300-100, lenet-5 or residual-14, and a share DENSITY of its weights is live. The
// images are noise and a batch is one block of them; what is counted depends on the zeros behind rectifiers alone.

@inline(never) @_cdecl("countedStep")
func countedStep(_ period: UnsafeRawPointer) -> Int32 {
  let period = Unmanaged<TrainingPeriod>.fromOpaque(period).takeUnretainedValue()
  return (try? period.advance(to: 2)) == nil ? 1 : 0
}

func graph(named name: String) throws -> Graph? {
  switch name {
  case "lenet-300-100": try Models.leNet300()
  case "lenet-5": try Models.leNet5()
  case "residual-14":
    try Models.residualNetwork(blocksPerStage: 2, input: Shape(1, 28, 28), classes: 10)
  default: nil
  }
}

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 2, let name = arguments.first, let graph = try graph(named: name),
  let density = arguments.last.flatMap(Double.init), 0 < density, density <= 1
else {
  print("CountedSteps lenet-300-100|lenet-5|residual-14 DENSITY")
  exit(2)
}

var random = RandomStream(seed: 1, name: "counted steps")
let network = Network(graph: graph).initialized(seed: 1, by: .fanIn).thinned(to: density, &random)
let images = 16
let inputs = (0..<2 * images * 784).map { _ in Float(random.normal()) }
let samples = try Samples(
  shape: [1, 28, 28], inputs: inputs,
  targets: .labels((0..<2 * images).map { Int32($0 % 10) }, classes: 10))
let period = try Trainer(loss: .crossEntropy).begin(
  network, state: OptimizerState(parameters: network.layout.count), on: samples,
  recipe: TrainingRecipe(
    optimizer: .sgd(momentum: 0.9, nesterov: false), learningRate: 1e-3, schedule: .cosine,
    batchSize: images, epochs: 1, decay: 5e-4, longestGradient: 1),
  random: &random)
try period.advance(to: 1)
exit(countedStep(Unmanaged.passUnretained(period).toOpaque()))
