/// Units to be added to a layer, with all weights from and to them. They come behind the units that
/// the layer has, and everything about them is live and fresh.
///
/// Layers that a residual sum adds to the layer grow with it. A batch normalisation that the new
/// channels pass takes scale 1, shift 0, mean 0 and variance 1 for them.
///
/// With `sources` all of that is copied from what the units named there have, so that a unit and its
/// copy are equal wherever they go (Net2Wider, Chen et al. 2016). The old fan-out that has to be
/// divided for it is set by an edit *before*, as what is copied is copied after.
package struct NewUnits: Sendable, Equatable {
  package var count: Int
  /// A row of the layer's weights for each new unit, row-major.
  package var fanIn: [Float]
  /// One a unit, or empty where the layer has no bias.
  package var biases: [Float]
  /// The new columns of each consumer, for the edges of ``Graph/unitEdges`` from the layer in their
  /// order: the consumer's present units × (`count` × ``UnitEdge/columns``), row-major.
  ///
  /// What else reads a layer that grows along gets columns of 0.
  package var fanOut: [[Float]]
  /// For each new unit the present unit that it is a copy of. Layers that are added to this one then
  /// copy their unit that is added to that one; without sources their new units have fan-in and
  /// bias 0, so that they add nothing.
  package var sources: [Int]?
  /// What batch normalisations do to the new channels, where neither the identity nor a copy is
  /// wanted; one for each node at most.
  package var normalisation: [Normalisation]

  /// Parameters and running statistics of a batch normalisation for the new channels, one a unit.
  package struct Normalisation: Sendable, Equatable {
    /// The id of the batch normalisation.
    package var node: UInt64
    package var scales: [Float]
    package var shifts: [Float]
    package var means: [Float]
    /// Above 0.
    package var variances: [Float]

    package init(
      node: UInt64, scales: [Float], shifts: [Float], means: [Float], variances: [Float]
    ) {
      self.node = node
      self.scales = scales
      self.shifts = shifts
      self.means = means
      self.variances = variances
    }
  }

  package init(
    count: Int, fanIn: [Float], biases: [Float] = [], fanOut: [[Float]], sources: [Int]? = nil,
    normalisation: [Normalisation] = []
  ) {
    self.count = count
    self.fanIn = fanIn
    self.biases = biases
    self.fanOut = fanOut
    self.sources = sources
    self.normalisation = normalisation
  }
}
