import Files
import Foundation
import Templates

extension PackageTemplate.Dependency {
  /// The workbench's package at a folder or at the address of a repository.
  ///
  /// - Parameter word: As the user wrote it.
  /// - Throws: ``CommandError`` that quotes the word, where no package can be there.
  init(_ word: String) throws {
    guard word.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      throw CommandError("'\(word)' has control characters; \(Self.advice)")
    }
    let isAddress = word.contains("://") || word.hasPrefix("git@")
    self = isAddress ? .url(try Self.checkedAddress(word)) : .path(try Self.checkedFolder(word))
  }

  private static let advice =
    "write the folder of the workbench's sources, or an address such as "
    + "https://example.org/workbench.git"

  private static func checkedFolder(_ word: String) throws -> String {
    let folder = URL(literalPath: word).standardizedFileURL
    let manifest = folder.appending(path: "Package.swift")
    guard !word.isEmpty, FileManager.default.fileExists(atPath: manifest.path) else {
      throw CommandError("there is no Package.swift in '\(word)'; \(advice)")
    }
    let text = (try? String(contentsOf: manifest, encoding: .utf8)) ?? ""
    guard text.contains("\"StrategyKit\"") else {
      throw CommandError("the package in '\(word)' has no StrategyKit; \(advice)")
    }
    return folder.path
  }

  private static func checkedAddress(_ word: String) throws -> String {
    if let address = word.wholeMatch(of: /git@[^:\/]+:(?<path>.+)/), address.path != "/" {
      return word
    }
    guard let address = word.wholeMatch(of: /(?<scheme>[^:]*):\/\/(?<host>[^\/]*)\/(?<path>.*)/),
      address.path.contains(where: { $0 != "/" }),
      address.scheme == "file" ? address.host.isEmpty : !address.host.isEmpty,
      ["https", "http", "ssh", "git", "file"].contains(address.scheme)
    else { throw CommandError("'\(word)' is no address of a repository; \(advice)") }
    let folder = "/" + address.path
    let isThere = [".git", "HEAD"].contains {
      FileManager.default.fileExists(atPath: "\(folder)/\($0)")
    }
    guard address.scheme != "file" || isThere else {
      throw CommandError("there is no repository of git at '\(word)'; \(advice)")
    }
    return word
  }
}
