import ArgumentParser
import Comparison
import Files
import Foundation
import Networks
import Reports

/// Says what a network is.
struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract:
      "Say what a network is: its structure, shapes, counts and densities, and where it comes from.",
    discussion: """
      A network is that of a result, named by its folder, by the name of its folder in the folder of results \
      or the beginning of it, or as benchmark/strategy/seed; or that of a file, safetensors or ONNX.

      EXAMPLES
        workbench show friedman1/obd/0
        workbench show mnist-300-100/dense/0 --format json
        workbench show ./model.safetensors
      """)

  @Argument(help: "A model file, or a result: a folder, or a name in the folder of results.")
  var network: String

  @OptionGroup var place: OutputOptions

  @Option(help: "How it is written.")
  var format = OutputFormat.text

  func run() async throws {
    let portrait = try portrait()
    switch format {
    case .text:
      try place.print(
        PortraitText(style: place.style, width: place.width).render(portrait, name: network))
    case .json:
      try place.print(
        portraitJSON(portrait, name: network, version: Provenance.programVersion))
    }
  }

  private func portrait() throws -> Portrait {
    let file = URL(literalPath: network)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder),
      !isFolder.boolValue
    {
      let contents = try NetworkFile.decode(
        PlainFile.read(file, atMost: Self.longest), file: network)
      return Portrait(contents.network, lineage: contents.lineage)
    }
    let (store, result) = try StoredCell.named(network, in: place).found
    guard result.files[Store.modelName] != nil else {
      throw CommandError(
        "'\(network)' left no network: \(result.status.rawValue), \(result.reason ?? "for no reason given")"
      )
    }
    let contents = try ModelFile.contents(
      of: store.model(of: result.key),
      file: store.folder(of: result.key).appending(path: Store.modelName).path)
    return Portrait(contents.network, result: result, lineage: contents.lineage)
  }

  /// Bytes of a file that is read.
  private static let longest = 1 << 30
}
