/// What a weight has to be worth.
///
/// The elasticity of the loss with respect to the size, d ln L / d ln W, is held against a number: a network
/// that is 1 % larger has to have a loss that is `elasticity` per cent lower. A weight then costs
///
///     price = elasticity · (L + floor · L₀) / W
///
/// with the first loss L₀: below a share of that, falls count for little, as the training loss of a network
/// that knows its samples by heart halves again and again for nothing.
struct Price {
  let elasticity: Double
  let floor: Double
  private var firstLoss: Double?

  init(elasticity: Double, floor: Double) {
    self.elasticity = elasticity
    self.floor = floor
  }

  /// What a weight costs at a loss and a size.
  mutating func ofWeight(loss: Double, weights: Int) -> Double {
    let first = firstLoss ?? loss
    firstLoss = first
    return elasticity * (loss + floor * first) / Double(max(1, weights))
  }
}
