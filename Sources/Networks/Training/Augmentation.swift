import CKernels
import Foundation
import Numerics

/// Random affine maps through which training images are seen, another for each time that one is shown.
///
/// Each number is the largest of a uniform draw to both sides. What comes from beyond the border is 0.
package struct Augmentation: Codable, Hashable, Sendable {
  /// In pixels, along each axis.
  package var shift: Double
  /// In degrees, about the middle.
  package var rotation: Double
  /// The share by which each axis is stretched or shrunk.
  package var scaling: Double
  /// The tangent of the angle by which columns lean.
  package var shear: Double

  package init(
    shift: Double = 0, rotation: Double = 0, scaling: Double = 0, shear: Double = 0
  ) {
    self.shift = shift
    self.rotation = rotation
    self.scaling = scaling
    self.shear = shear
  }

  /// The map of one image: from the places of its pixels to those that their values come from.
  func map(_ random: inout RandomStream) -> [Float] {
    func draw(_ limit: Double) -> Double { limit > 0 ? random.uniform(in: -limit..<limit) : 0 }
    let angle = draw(rotation) * .pi / 180
    let (tall, wide) = (1 / (1 + draw(scaling)), 1 / (1 + draw(scaling)))
    let lean = draw(shear)
    let (down, right) = (draw(shift), draw(shift))
    let (sine, cosine) = (sin(angle), cos(angle))
    return [
      tall * cosine, -wide * sine, down,
      tall * sine + lean * tall * cosine, wide * cosine - lean * wide * sine, right,
    ].map(Float.init)
  }
}

/// The images of one mini-batch as training sees them.
final class AugmentedImages {
  private let augmentation: Augmentation
  private let samples: Samples
  private let images: FloatBuffer

  /// Room for batches of `capacity` of the samples.
  ///
  /// - Throws: ``TrainingError`` where the samples are no images.
  init(
    _ augmentation: Augmentation, of samples: Samples, capacity: Int
  ) throws(TrainingError) {
    guard samples.shape[1] > 1, samples.shape[2] > 1 else {
      throw .mismatch(
        "inputs of the shape \(samples.shape) are no images, and the recipe asks that they be shifted"
      )
    }
    self.augmentation = augmentation
    self.samples = samples
    images = FloatBuffer(count: capacity * samples.features)
  }

  /// The samples at `rows`, one after the other.
  ///
  /// - Parameter key: what all draws follow from.
  func images(at rows: ArraySlice<Int32>, key: UInt64) -> UnsafePointer<Float> {
    var random = RandomStream(seed: key, name: "augmentation")
    let maps = rows.flatMap { _ in augmentation.map(&random) }
    samples.inputs.withUnsafeBufferPointer { inputs in
      rows.withUnsafeBufferPointer { rows in
        guard let inputs = inputs.baseAddress, let rows = rows.baseAddress else { return }
        let shape = samples.shape.map(Int64.init)
        wbk_affine_images(
          Int64(maps.count / 6), shape[0], shape[1], shape[2], maps, inputs, rows, images.pointer)
      }
    }
    return UnsafePointer(images.pointer)
  }
}
