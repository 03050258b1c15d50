import CKernels
import Foundation
import Numerics

/// How a result came about, as far as that does not decide it: what a reader of its times must know.
package struct Provenance: Codable, Hashable, Sendable {
  /// The version of the program.
  package var program: String
  package var machine: Machine
  /// The variant of the numeric kernels.
  package var kernels: String
  /// The processor that the library for factorisations takes this one for.
  package var algebra: String
  /// Threads that shared the work.
  package var threads: Int
  /// Of the file of the network that was given in place of one that is trained here.
  package var givenSHA256: String?

  package init(program: String, machine: Machine, kernels: String, algebra: String, threads: Int) {
    self.program = program
    self.machine = machine
    self.kernels = kernels
    self.algebra = algebra
    self.threads = threads
  }

  /// Of what this process measures.
  package static func ofThisProcess(threads: Int) -> Provenance {
    Provenance(
      program: programVersion, machine: .current, kernels: currentKernels, algebra: OpenBLAS.core,
      threads: threads)
  }

  /// The version of this program.
  package static let programVersion = "1.2.0"

  /// The variant of the numeric kernels that this process uses.
  package static var currentKernels: String { String(cString: wbk_variant()) }

  /// What to say when the environment names kernels that are not there, so that others are used; nil
  /// otherwise.
  package static var missingKernels: String? {
    guard let asked = ProcessInfo.processInfo.environment["WORKBENCH_KERNELS"],
      asked != currentKernels
    else { return nil }
    return "WORKBENCH_KERNELS names '\(asked)', which this processor does not have or nobody "
      + "knows; say avx512, avx2 or portable, or unset it to take '\(currentKernels)'"
  }
}

/// A machine, as far as times depend on it.
package struct Machine: Codable, Hashable, Sendable {
  package var processor: String
  package var cores: Int
  package var system: String

  package init(processor: String, cores: Int, system: String) {
    self.processor = processor
    self.cores = cores
    self.system = system
  }

  /// The machine this runs on.
  package static var current: Machine {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = lines.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = model?.split(separator: ":", maxSplits: 1).last?
      .trimmingCharacters(in: .whitespaces)
    return Machine(
      processor: name ?? "unknown processor",
      cores: ProcessInfo.processInfo.activeProcessorCount,
      system: ProcessInfo.processInfo.operatingSystemVersionString)
  }
}
