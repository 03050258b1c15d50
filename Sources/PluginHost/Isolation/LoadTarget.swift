/// What a strategy's process is to load.
enum LoadTarget {
  case builtIn
  case file(path: String)
  /// Of the library that lies where the function says.
  case function(ForeignFunction)

  /// Where the library lies; nil where there is none.
  var path: String? {
    switch self {
    case .builtIn: nil
    case .file(let path): path
    case .function(let function): function.library
    }
  }

  func put(to out: inout WireWriter) {
    out.put(path)
    if case .function(let function) = self {
      out.put(String?.some(function.text))
    } else {
      out.put(String?.none)
    }
  }

  init(_ reader: inout WireReader) throws(WireReader.Malformed) {
    let path = try reader.optionalText()
    guard let text = try reader.optionalText() else {
      self = path.map { .file(path: $0) } ?? .builtIn
      return
    }
    guard let function = try? ForeignFunction(text) else { throw WireReader.Malformed() }
    self = .function(function)
  }
}
