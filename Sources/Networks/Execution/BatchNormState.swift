/// What a batch normalisation keeps of one batch.
final class BatchNormState {
  let mean: FloatBuffer
  let variance: FloatBuffer
  /// 1 / √(variance + ε)
  let inverse: FloatBuffer
  /// In inference: y = factor · x + offset.
  let factor: FloatBuffer
  let offset: FloatBuffer
  /// Gradients of scale and shift that nobody asked for.
  let unused: FloatBuffer

  init(_ channels: Int) {
    mean = FloatBuffer(count: channels)
    variance = FloatBuffer(count: channels)
    inverse = FloatBuffer(count: channels)
    factor = FloatBuffer(count: channels)
    offset = FloatBuffer(count: channels)
    unused = FloatBuffer(count: 2 * channels)
  }
}
