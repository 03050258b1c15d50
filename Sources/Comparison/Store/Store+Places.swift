import Foundation

extension Store {
  /// What is being written, under this name so that nobody's folder is taken for ours.
  var unfinished: URL {
    directory.appending(path: ".workbench-unfinished", directoryHint: .isDirectory)
  }

  static let steppedAside = "old-"

  /// Where a cell's old result is while a new one takes its place in two steps.
  func aside(_ name: String) -> URL {
    unfinished.appending(path: Self.steppedAside + name, directoryHint: .isDirectory)
  }

  /// Where the result of this name is to be read: where it belongs, or where it stepped aside for one
  /// that did not come.
  func place(of name: String) -> URL {
    let folder = directory.appending(path: name, directoryHint: .isDirectory)
    let aside = aside(name)
    return !Self.isThere(folder) && Self.isThere(aside) ? aside : folder
  }

  /// The names of results that stepped aside.
  var namesAside: [String] {
    let names = (try? Self.names(in: unfinished)) ?? []
    return names.filter { $0.hasPrefix(Self.steppedAside) }
      .map { String($0.dropFirst(Self.steppedAside.count)) }.filter(Self.isHash)
  }

  /// The names of cells that are being run, or were when their comparison ended without a word.
  package var namesUnfinished: [String] {
    ((try? Self.names(in: unfinished)) ?? []).filter(Self.isHash)
  }
}
