import CKernels
import Foundation
import Numerics

/// Makes the linear-algebra library use the kernels that this processor deserves.
enum ProcessorKernels {
  private static let variable = "OPENBLAS_CORETYPE"

  /// Starts the program again with the library told to use its AVX-512 kernels, where the processor
  /// has AVX-512 and a library older than the processor took it for a lesser one: half the speed.
  ///
  /// The library looks at the environment as it is loaded, before anything of ours runs, so there
  /// is no other way than to begin anew. A choice that the user made stands.
  static func choose() {
    guard getenv(variable) == nil, wbkVariant == "avx512", OpenBLAS.usesHalfRegisters else {
      return
    }
    setenv(variable, "SkylakeX", 1)
    let arguments = CommandLine.arguments.map { strdup($0) } + [nil]
    // Comes back only if it fails, and then all works, if slower.
    execv("/proc/self/exe", arguments)
    unsetenv(variable)
  }

  private static var wbkVariant: String { String(cString: wbk_variant()) }
}
