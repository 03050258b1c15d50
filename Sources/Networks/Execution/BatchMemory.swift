/// The memory of a batch: its samples, and what a forward and a backward pass leave of them.
///
/// An executor that goes from batch to batch overwrites it; whoever wants to come back gives each batch
/// a memory of its own.
struct BatchMemory {
  fileprivate(set) var batch: Lanes
  fileprivate(set) var activations: [FloatBuffer]
  fileprivate(set) var gradients: [FloatBuffer]
  fileprivate(set) var labels: Buffer<Int32>
  fileprivate(set) var targets: Executor.Targets

  /// The bytes that a memory for `samples` samples takes, but for their targets.
  static func bytes(of graph: Graph, samples: Int) -> Int {
    let storage = graph.sharedStorage(fuses: false)
    var sizes = [Int](repeating: 0, count: (storage.max() ?? 0) + 1)
    for (place, shape) in graph.shapes.enumerated() {
      sizes[storage[place]] = max(sizes[storage[place]], shape.count)
    }
    return 2 * MemoryLayout<Float>.stride * sizes.reduce(0, +) * samples
  }
}

extension Executor {
  /// The memory that passes work in. One that is put in place has to be this executor's, or made by
  /// ``freshMemory()``.
  var memory: BatchMemory {
    get {
      BatchMemory(
        batch: batch, activations: activations, gradients: gradients, labels: labels,
        targets: targets)
    }
    set {
      batch = newValue.batch
      activations = newValue.activations
      gradients = newValue.gradients
      labels = newValue.labels
      targets = newValue.targets
    }
  }

  /// Room for another batch.
  func freshMemory() -> BatchMemory {
    BatchMemory(
      batch: Lanes(valid: 0), activations: FloatBuffer.sideBySide(activations.map(\.count)),
      gradients: FloatBuffer.sideBySide(gradients.map(\.count)),
      labels: Buffer(count: labels.count), targets: .none)
  }

  /// Goes to a batch that was run before, but leaves what backward passes wrote of it alone: those to
  /// come write to the gradients that are in place.
  func resumeForward(_ memory: BatchMemory) {
    var memory = memory
    memory.gradients = gradients
    self.memory = memory
  }
}
