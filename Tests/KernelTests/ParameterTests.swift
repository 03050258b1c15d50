import CKernels
import Numerics
import Testing

extension Kernels {
  @Suite struct Parameters {
    @Test(arguments: variants, [0, 1, 16, 17, 250])
    func livePlaces(variant: String, count: Int) {
      select(variant)
      defer { release() }
      for density in [0, 0.05, 0.5, 1] {
        var random = RandomStream(seed: UInt64(count), name: "mask \(density)")
        let mask = (0..<count).map { _ in random.uniform() < density ? Float(1) : 0 }
        let expected = mask.indices.filter { mask[$0] != 0 }.map(Int32.init)
        var places = [Int32](repeating: -1, count: expected.count + 1)
        var live: Int64 = -1
        wbk_live_places(Int64(count), mask, &places, &live)
        #expect(live == Int64(expected.count))
        #expect(places == expected + [-1])
        wbk_count_live(Int64(count), mask, &live)
        #expect(live == Int64(expected.count))
      }
    }

    @Test(arguments: variants, [0, 1, 15, 16, 100])
    func takeFinite(variant: String, count: Int) {
      select(variant)
      defer { release() }
      let from = Kernels.normals(count + 5, "values")
      let order = (0..<count).map { Int32(count + 4 - $0) }
      let mask = (0..<count).map { $0 % 3 == 1 ? Float(0) : 1 }
      for (ordered, masked) in [(false, false), (false, true), (true, false), (true, true)] {
        func taken(_ from: [Float]) -> (values: [Float], spoilt: Int32) {
          var to = [Float](repeating: 7, count: count + 1)
          var spoilt: Int32 = -1
          mask.withUnsafeBufferPointer { mask in
            order.withUnsafeBufferPointer { order in
              wbk_take_finite(
                Int64(count), ordered ? order.baseAddress : nil, from,
                masked ? mask.baseAddress : nil, &to, &spoilt)
            }
          }
          return (to, spoilt)
        }
        let expected = (0..<count).map { masked && mask[$0] == 0 ? 0 : from[source($0)] }
        func source(_ place: Int) -> Int { ordered ? Int(order[place]) : place }
        #expect(taken(from).values == expected + [7])
        #expect(taken(from).spoilt == 0)
        for place in 0..<count {
          for value in [Float.nan, .infinity, -.infinity] {
            var spoilt = from
            spoilt[source(place)] = value
            #expect(taken(spoilt).spoilt == (masked && mask[place] == 0 ? 0 : 1))
          }
          var largest = from
          largest[source(place)] = .greatestFiniteMagnitude
          #expect(taken(largest).spoilt == 0)
        }
      }
    }

    @Test(arguments: variants, [0, 1, 9, 4095, 4096, 4097, 20_000])
    func put(variant: String, size: Int) {
      select(variant)
      defer { release() }
      for density in [0, 0.03, 0.6, 1] {
        var random = RandomStream(seed: UInt64(size), name: "places \(density)")
        let order = (0..<size).filter { _ in random.uniform() < density }.map(Int32.init)
        let from = Kernels.normals(order.count + 1, "values")
        var expected = [Float](repeating: 0, count: size)
        for (index, place) in order.enumerated() { expected[Int(place)] = from[index] }
        var to = [Float](repeating: 7, count: size + 1)
        order.withUnsafeBufferPointer { order in
          withUnsafePointer(to: Int32(0)) { none in
            wbk_put(Int64(order.count), order.baseAddress ?? none, from, Int64(size), &to)
          }
        }
        #expect(to == expected + [7])
      }
    }
  }
}
