import CWorkbench
import Foundation
import Strategies

/// A library in the process of a test, of which nothing has been read.
struct UnreadLibrary {
  let target: LoadTarget
  let witness: Witness

  /// The library's entry, called whenever it is asked for.
  ///
  /// - Throws: ``Shortcoming`` when there is none.
  func entry() throws -> () -> UnsafeRawPointer? {
    guard case .file(let path) = target else { return { UnsafeRawPointer(builtInPlugin()) } }
    witness.doing("loaded the library")
    do throws(LoadError) {
      let file = try LibraryFile(path: path)
      return try Library(file, contents: try file.contents()).table
    } catch {
      throw witness.shortcoming(error.reason)
    }
  }

  var reader: PluginReader {
    PluginReader(path: "the library", origin: .builtIn)
  }

  /// The library with what it says of itself.
  func read() throws -> ReadLibrary {
    let entry = try entry()
    witness.doing("read what it says of itself")
    do throws(LoadError) {
      let entries = try reader.entries(of: entry())
      return ReadLibrary(library: self, entries: entries)
    } catch {
      throw witness.shortcoming(error.reason)
    }
  }
}

/// A library that has been read.
struct ReadLibrary {
  let library: UnreadLibrary
  /// At least one.
  let entries: [StrategyEntry]

  var witness: Witness { library.witness }

  /// What it says of itself, byte for byte.
  ///
  /// - Throws: ``Shortcoming`` when it cannot be read any more.
  func description() throws -> [UInt8] {
    guard let table = entries.first?.table else { return [] }
    do throws(LoadError) {
      return LibraryDescription.bytes(
        of: try library.reader.entries(of: UnsafeRawPointer(table.pointer)), name: "")
    } catch {
      throw witness.shortcoming(error.reason)
    }
  }
}
