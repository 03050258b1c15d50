import Foundation
import PluginHost
import Testing

/// How a user names strategies and their parameters.
struct ReferenceTests {
  private static func text(_ references: [StrategyReference]) -> [String] {
    references.map { reference in
      let list = reference.parameters.map { "\($0.name)=\($0.value)" }
      return list.isEmpty ? reference.id : "\(reference.id)[\(list.joined(separator: ","))]"
    }
  }

  @Test(arguments: [
    ("obd", ["obd"]),
    ("obd,obs", ["obd", "obs"]),
    (" obd , obs[] ", ["obd", "obs"]),
    ("obs[damping=1e-3,method=row],obd", ["obs[damping=1e-3,method=row]", "obd"]),
    ("obs[ damping = 1 | 2 ]", ["obs[damping=1]", "obs[damping=2]"]),
    (
      "a[x=1|2,y=p|q],b", ["a[x=1,y=p]", "a[x=1,y=q]", "a[x=2,y=p]", "a[x=2,y=q]", "b"]
    ),
    ("a[note=b=c]", ["a[note=b=c]"]),
    ("a[note=]", ["a[note=]"]),
  ])
  func isRead(list: String, expected: [String]) throws {
    #expect(try Self.text(StrategyReference.list(list)) == expected)
  }

  @Test(arguments: [
    ("", "empty place"),
    ("obd,,obs", "empty place"),
    ("obs[damping", "'obs[damping' has a '[' without its ']'"),
    ("obs]", "']' stands in the wrong place"),
    ("obs[a[b]]", "'[' stands in the wrong place"),
    ("obs[a=1]x", "'obs[a=1]x' goes on after its ']'"),
    ("[a=1]", "has no name"),
    ("obs[damping]", "'damping' in 'obs[damping]' is no parameter"),
    ("obs[=1]", "'=1' in 'obs[=1]' is no parameter"),
    ("obs[a=1,]", "'' in 'obs[a=1,]' is no parameter"),
    ("obs[a=1,a=2]", "gives the parameter 'a' twice"),
    ("obs[a=1||2]", "empty value"),
  ])
  func isRefused(list: String, sentence: String) {
    let text = message { _ = try StrategyReference.list(list) }
    #expect(text.contains(sentence), "\(text)")
  }

  @Test func aGridHasABound() {
    let values = (0..<30).map(String.init).joined(separator: "|")
    let text = message {
      _ = try StrategyReference.list("obs[a=\(values),b=\(values),c=\(values)]")
    }
    #expect(text.contains("more than 10000"))
  }
}

struct ParameterTests {
  private func parameters(_ text: String) throws -> [String: String] {
    let reference = try #require(StrategyReference.list(text).first)
    return try StrategyCatalogue().entry(named: reference.id).parameters(reference)
  }

  @Test(arguments: [
    ("obs", [:]),
    ("obs[damping=1e-2]", [:]),
    ("obs[damping=0.0200]", ["damping": "0.02"]),
    ("obs[damping=1e0,method=row]", ["damping": "1", "method": "row"]),
    ("magnitude[scope=global]", [:]),
    ("magnitude[scope=layer]", ["scope": "layer"]),
  ])
  func onlyWhatDiffersRemains(text: String, expected: [String: String]) throws {
    #expect(try parameters(text) == expected)
  }

  @Test(arguments: [
    ("obs[dampng=1]", "'obs' has no parameter 'dampng'; did you mean 'damping'?; it has"),
    ("none[x=1]", "'none' has no parameters, so no 'x'"),
    ("obs[damping=lots]", "is a number, and 'lots' is none"),
    ("obs[damping=nan]", "is a number, and 'nan' is none"),
    ("obs[damping=-1]", "lies from 1e-08 to 1000.0, and '-1' does not"),
    ("magnitude[scope=layr]", "cannot be 'layr'; did you mean 'layer'?; it is one of"),
  ])
  func badOnesAreRefused(text: String, sentence: String) {
    let text = message { _ = try parameters(text) }
    #expect(text.contains(sentence), "\(text)")
  }
}

struct CatalogueTests {
  @Test func theLinkedInStrategiesAreThere() throws {
    let catalogue = try StrategyCatalogue()
    let ids = catalogue.entries.map(\.id)
    #expect(Set(["none", "random", "magnitude", "obd", "obs"]).isSubset(of: ids))
    #expect(catalogue.entries.allSatisfy { $0.origin == .builtIn })
  }

  @Test(arguments: [
    ("odb", "there is no strategy 'odb'; did you mean 'obd'?"),
    ("magnitud", "did you mean 'magnitude'?"),
    ("", "there is no strategy ''"),
    ("qqqqqqqqqqqqqqqq", "'workbench list' shows all of them"),
  ])
  func theNearestNameIsOffered(word: String, sentence: String) throws {
    let catalogue = try StrategyCatalogue()
    let text = message { _ = try catalogue.entry(named: word) }
    #expect(text.contains(sentence), "\(text)")
  }

  @Test(arguments: [
    ("obd", "odb"), ("obd", "ob"), ("random", "rndom"), ("stochastic-depth", "stochastic_depth"),
  ])
  func nearNamesAreFound(name: String, word: String) {
    #expect(nearest(to: word, among: ["obd", "random", "stochastic-depth"]) == name)
  }
}

@Suite(.enabled(if: PluginCompiler.isThere, "needs a C compiler"))
struct SearchTests {
  private let variable = StrategyCatalogue.environmentVariable

  @Test func theEnvironmentNamesFilesAndFolders() throws {
    try PluginCompiler.withFolder { folder in
      let library = try PluginCompiler.build("good", in: folder)
      for path in [folder.path, library.path, ":\(folder.path)::\(library.path)"] {
        let catalogue = try StrategyCatalogue(environment: [variable: path])
        #expect(catalogue.entries.count { $0.id == "test" } == 1)
      }
    }
  }

  @Test func aMissingPathInTheEnvironmentIsRefused() {
    let text = message { _ = try StrategyCatalogue(environment: [variable: "/nowhere"]) }
    #expect(text.contains("/nowhere: WORKBENCH_PLUGIN_PATH names this"))
  }

  @Test func theSameFileIsOnePlugin() throws {
    try PluginCompiler.withFolder { folder in
      let library = try PluginCompiler.build("good", in: folder)
      let link = folder.appending(path: "libother.so")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: library)
      let catalogue = try StrategyCatalogue(
        plugins: [library, link], environment: [variable: library.path],
        executableDirectory: folder)
      #expect(catalogue.entries.count { $0.id == "test" } == 1)
    }
  }

  @Test func aCopyIsAnotherPluginOfTheSameIds() throws {
    try PluginCompiler.withFolder { folder in
      let library = try PluginCompiler.build("good", in: folder)
      let copy = folder.appending(path: "libcopy.so")
      try FileManager.default.copyItem(at: library, to: copy)
      let text = message { _ = try StrategyCatalogue(plugins: [library, copy]) }
      #expect(text.contains("\(copy.path): it has a strategy 'test', and so has \(library.path)"))
    }
  }

  @Test func besideTheExecutableOthersAreLeftAlone() throws {
    try PluginCompiler.withFolder { folder in
      _ = try PluginCompiler.build("good", in: folder)
      _ = try PluginCompiler.build("no-entry", in: folder)
      _ = try PluginCompiler.build("wrong-major", in: folder)
      try Data("nothing".utf8).write(to: folder.appending(path: "libtext.so"))
      let catalogue = try StrategyCatalogue(executableDirectory: folder)
      #expect(catalogue.entries.contains { $0.id == "test" })
      #expect(catalogue.refused.map(\.path) == [folder.path + "/libwrong-major.so"])
    }
  }
}
