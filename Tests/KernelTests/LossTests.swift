import CKernels
import Foundation
import Numerics
import Testing

extension Kernels {
  @Suite struct Losses {
    /// Outputs, lanes and valid samples.
    static let cases = [(10, 128, 100), (3, 16, 16), (1, 32, 5), (2, 16, 0), (11, 48, 33)]

    @Test(arguments: variants, cases)
    func softmaxCrossEntropy(variant: String, size: (outputs: Int, lanes: Int, valid: Int)) {
      select(variant)
      defer { release() }
      let x = normals(size.outputs * size.lanes, "x").map { $0 * 4 }
      var random = RandomStream(seed: 5, name: "labels")
      let labels = (0..<size.valid).map { _ in Int32(random.index(below: size.outputs)) }
      let factor: Float = 0.125
      var losses = [Float](repeating: -1, count: size.valid + 1)
      var gradient = [Float](repeating: .nan, count: x.count)
      var probabilities = gradient
      let (outputs, lanes) = (Int64(size.outputs), Int64(size.lanes))
      wbk_softmax_cross_entropy(
        outputs, lanes, Int64(size.valid), factor, x, labels, &losses, &gradient)
      wbk_softmax(outputs, lanes, x, &probabilities)

      let reference = softmax(x, size.outputs, size.lanes)
      expectClose(probabilities, reference, relative: 3e-6)
      for sample in 0..<size.valid {
        let expected = -log(reference[Int(labels[sample]) * size.lanes + sample])
        #expect(abs(Double(losses[sample]) - expected) < 2e-6 * (1 + expected))
      }
      #expect(losses.last == -1)
      let gradients = x.indices.map { i in
        let (k, lane) = (i / size.lanes, i % size.lanes)
        guard lane < size.valid else { return Sum() }
        let hot: Double = Int(labels[lane]) == k ? 1 : 0
        return Sum(value: (reference[i] - hot) * 0.125, magnitude: (reference[i] + hot) * 0.125)
      }
      expectClose(gradient, gradients, relative: 3e-6)
      #expect(gradient.indices.allSatisfy { $0 % size.lanes < size.valid || gradient[$0] == 0 })

      var alone = [Float](repeating: -1, count: size.valid + 1)
      wbk_softmax_cross_entropy(
        outputs, lanes, Int64(size.valid), factor, x, labels, &alone, nil)
      #expect(alone == losses)
    }

    @Test(arguments: variants)
    func extremesAreNumbers(variant: String) {
      select(variant)
      defer { release() }
      let extremes: [Float] = [
        .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0, 1e30, -1e30, 200, -200,
      ]
      let outputs = extremes.count
      let x = (0..<(outputs * lanes)).map { extremes[($0 / lanes + $0 % lanes) % outputs] }
      let labels = (0..<lanes).map { Int32($0 % outputs) }
      var losses = [Float](repeating: .nan, count: lanes)
      var gradient = [Float](repeating: .nan, count: x.count)
      wbk_softmax_cross_entropy(
        Int64(outputs), Int64(lanes), Int64(lanes), 1, x, labels, &losses, &gradient)
      #expect(losses.allSatisfy { !$0.isNaN })
      #expect(gradient.allSatisfy { $0.isFinite })
    }

    @Test(arguments: variants, cases)
    func squaredError(variant: String, size: (outputs: Int, lanes: Int, valid: Int)) {
      select(variant)
      defer { release() }
      let x = normals(size.outputs * size.lanes, "x")
      let targets = normals(x.count, "targets")
      var losses = [Float](repeating: -1, count: size.valid + 1)
      var gradient = [Float](repeating: .nan, count: x.count)
      wbk_squared_error(
        Int64(size.outputs), Int64(size.lanes), Int64(size.valid), 0.25, x, targets, &losses,
        &gradient)
      var means = [Sum](repeating: Sum(), count: size.valid)
      let gradients = x.indices.map { i in
        let lane = i % size.lanes
        guard lane < size.valid else { return 0.0 }
        let error = Double(x[i] - targets[i])
        means[lane].add(error * error / Double(size.outputs))
        return 2 * error / Double(size.outputs) * 0.25
      }
      expectClose(Array(losses.dropLast()), means)
      expectClose(gradient, gradients)
      #expect(losses.last == -1)
      #expect(gradient.indices.allSatisfy { $0 % size.lanes < size.valid || gradient[$0] == 0 })
      var alone = [Float](repeating: -1, count: size.valid + 1)
      wbk_squared_error(
        Int64(size.outputs), Int64(size.lanes), Int64(size.valid), 0.25, x, targets, &alone, nil)
      #expect(alone == losses)
    }

    private func softmax(_ x: [Float], _ outputs: Int, _ lanes: Int) -> [Double] {
      var result = x.map(Double.init)
      for lane in 0..<lanes {
        let column = (0..<outputs).map { $0 * lanes + lane }
        let maximum = column.map { result[$0] }.max() ?? 0
        for i in column { result[i] = exp(result[i] - maximum) }
        let sum = column.reduce(0) { $0 + result[$1] }
        for i in column { result[i] /= sum }
      }
      return result
    }
  }
}
