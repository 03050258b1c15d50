import Testing

func rows(_ range: Range<Int>) -> ArraySlice<Int32> { range.map(Int32.init)[...] }

/// Elementwise, relative to the largest value: single precision's share of the whole.
func expectClose(
  _ values: [Float], _ expected: [Double], tolerance: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let scale = expected.map(abs).max() ?? 0
  #expect(scale > 0, sourceLocation: sourceLocation)
  for (index, value) in values.enumerated() {
    #expect(
      abs(Double(value) - expected[index]) < tolerance * scale * 4,
      "parameter \(index): \(value) where \(expected[index]) belongs",
      sourceLocation: sourceLocation)
  }
}
