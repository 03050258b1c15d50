import Foundation

extension ONNXModel {
  typealias Problem = ProtobufReader.Problem

  /// Types of tensors by their numbers in files.
  enum TensorType: Int {
    case float = 1
    case int32 = 6
    case int64 = 7
    case double = 11
  }

  /// Reads a file.
  ///
  /// - Throws: ``Problem`` that says what is wrong with it.
  init(reading bytes: [UInt8]) throws(Problem) {
    var reader = ProtobufReader(bytes[...])
    var hasGraph = false
    var known = false
    while let field = try reader.next() {
      switch field.number {
      case 2: producer = try field.text
      case 7:
        guard !hasGraph else { throw Problem("it has two graphs") }
        hasGraph = true
        try readGraph(try field.message)
      case 8:
        let (domain, version) = try Self.operations(field.message)
        if domain.isEmpty || domain == "ai.onnx" { (operations, known) = (version, true) }
      case 14:
        let (key, value) = try Self.entry(field.message)
        metadata[key] = value
      case 25: throw Problem("it defines functions of its own; inline them before it is read")
      default: break
      }
    }
    guard hasGraph else { throw Problem("it has no graph") }
    guard known else { throw Problem("it names no version of the operations of ONNX") }
  }

  private mutating func readGraph(_ message: ProtobufReader) throws(Problem) {
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 1: nodes.append(try Node(reading: field.message))
      case 2: graphName = try field.text
      case 5: initializers.append(try Tensor(reading: field.message))
      case 11: inputs.append(try Value(reading: field.message))
      case 12: outputs.append(try Value(reading: field.message))
      case 15: throw Problem("it has sparse tensors, which are not read; write them densely")
      default: break
      }
    }
  }

  private static func operations(
    _ message: ProtobufReader
  ) throws(Problem) -> (domain: String, version: Int) {
    var (domain, version) = ("", 0)
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 1: domain = try field.text
      case 2: version = try field.number64
      default: break
      }
    }
    return (domain, version)
  }

  private static func entry(_ message: ProtobufReader) throws(Problem) -> (String, String) {
    var (key, value) = ("", "")
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 1: key = try field.text
      case 2: value = try field.text
      default: break
      }
    }
    return (key, value)
  }
}

extension ONNXModel.Node {
  fileprivate init(reading message: ProtobufReader) throws(ONNXModel.Problem) {
    self.init(name: "", type: "", inputs: [], outputs: [])
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 1: inputs.append(try field.text)
      case 2: outputs.append(try field.text)
      case 3: name = try field.text
      case 4: type = try field.text
      case 5:
        let (name, value) = try ONNXModel.Attribute.named(field.message)
        guard attributes.updateValue(value, forKey: name) == nil else {
          throw ONNXModel.Problem("a node has the attribute '\(name)' twice")
        }
      case 7: domain = try field.text
      default: break
      }
    }
    if domain == "ai.onnx" { domain = "" }
  }
}

extension ONNXModel.Attribute {
  fileprivate static func named(
    _ message: ProtobufReader
  ) throws(ONNXModel.Problem) -> (String, ONNXModel.Attribute) {
    var name = ""
    var type = 0
    var (float, number, text, tensor) = (Float(0), 0, "", ONNXModel.Tensor?.none)
    var (floats, numbers) = ([Float](), [Int]())
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try field.text
      case 2: float = try field.float
      case 3: number = try field.number64
      // Of bytes that are no text nothing is read.
      case 4: text = String(decoding: try field.bytes, as: UTF8.self)
      case 5: tensor = try ONNXModel.Tensor(reading: field.message)
      case 7: floats += try field.floats
      case 8: numbers += try field.numbers
      case 20: type = try field.number64
      default: break
      }
    }
    switch (type, tensor) {
    case (1, _): return (name, .float(float))
    case (2, _): return (name, .number(number))
    case (3, _): return (name, .text(text))
    case (4, let tensor?): return (name, .tensor(tensor))
    case (6, _): return (name, .floats(floats))
    case (7, _): return (name, .numbers(numbers))
    default: return (name, .other)
    }
  }
}

extension ONNXModel.Tensor {
  fileprivate init(reading message: ProtobufReader) throws(ONNXModel.Problem) {
    var (extents, type, name) = ([Int](), 0, "")
    var raw: ArraySlice<UInt8>?
    var (floats, numbers) = ([Float](), [Int]())
    var elsewhere: String?
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 1: extents += try field.numbers
      case 2: type = try field.number64
      case 4: floats += try field.floats
      case 5, 7: numbers += try field.numbers
      case 8: name = try field.text
      case 9: raw = try field.bytes
      case 13: elsewhere = elsewhere ?? "another file"
      case 14: if try field.number64 != 0 { elsewhere = elsewhere ?? "another file" }
      default: break
      }
    }
    if elsewhere != nil {
      throw ONNXModel.Problem(
        "its tensor '\(name)' lies in another file; write one file, in PyTorch by "
          + "torch.onnx.export(…, external_data=False)")
    }
    var count = 1
    for extent in extents {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else {
        throw ONNXModel.Problem("its tensor '\(name)' has the extents \(extents)")
      }
      count = product
    }
    guard let kind = ONNXModel.TensorType(rawValue: type) else {
      throw ONNXModel.Problem(
        "its tensor '\(name)' is of the type \(type); single-precision numbers are read, which is 1"
      )
    }
    let values: Values
    switch (kind, raw) {
    case (.float, let raw?): values = .floats(try Self.floats(raw))
    case (.float, nil): values = .floats(floats)
    case (.int64, let raw?): values = .numbers(try Self.numbers(raw, size: 8))
    case (.int32, let raw?): values = .numbers(try Self.numbers(raw, size: 4))
    case (.int64, nil), (.int32, nil): values = .numbers(numbers)
    case (.double, _):
      throw ONNXModel.Problem(
        "its tensor '\(name)' is of double precision; export the network in single precision")
    }
    let found =
      switch values {
      case .floats(let floats): floats.count
      case .numbers(let numbers): numbers.count
      }
    guard found == count else {
      throw ONNXModel.Problem(
        "its tensor '\(name)' of \(extents) has \(found) values, not \(count)")
    }
    self.init(name: name, extents: extents, values: values)
  }

  private static func floats(_ raw: ArraySlice<UInt8>) throws(ONNXModel.Problem) -> [Float] {
    guard raw.count.isMultiple(of: 4) else { throw ONNXModel.Problem("a tensor is cut short") }
    return raw.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        Float(
          bitPattern: UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
  }

  private static func numbers(
    _ raw: ArraySlice<UInt8>, size: Int
  ) throws(ONNXModel.Problem) -> [Int] {
    guard raw.count.isMultiple(of: size) else { throw ONNXModel.Problem("a tensor is cut short") }
    var reader = ProtobufReader(raw)
    var numbers: [Int] = []
    while !reader.isAtEnd {
      let bits = try reader.fixed(size)
      numbers.append(
        size == 8
          ? Int(Int64(bitPattern: bits)) : Int(Int32(truncatingIfNeeded: bits)))
    }
    return numbers
  }
}

extension ONNXModel.Value {
  fileprivate init(reading message: ProtobufReader) throws(ONNXModel.Problem) {
    self.init(name: "", isFloat: false, extents: [])
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try field.text
      case 2: try readType(field.message)
      default: break
      }
    }
  }

  private mutating func readType(_ message: ProtobufReader) throws(ONNXModel.Problem) {
    var reader = message
    while let field = try reader.next() {
      guard field.number == 1 else { continue }
      var tensor = try field.message
      while let field = try tensor.next() {
        switch field.number {
        case 1: isFloat = try field.number64 == ONNXModel.TensorType.float.rawValue
        case 2:
          var shape = try field.message
          while let field = try shape.next() {
            if field.number == 1 { extents.append(try Self.extent(field.message)) }
          }
        default: break
        }
      }
    }
  }

  private static func extent(_ message: ProtobufReader) throws(ONNXModel.Problem) -> Int? {
    var reader = message
    var extent: Int?
    while let field = try reader.next() {
      if field.number == 1 { extent = try field.number64 }
    }
    return extent
  }
}
