/// A rule for libraries, as `Documentation/abi.md` numbers and words it.
package enum ConformanceRule: String, CaseIterable, Sendable {
  case sameTable = "P1"
  case version = "P2"
  case sizes = "P3"
  case texts = "P4"
  case description = "P5"
  case unknownId = "P6"
  case instances = "P7"
  case pointers = "P8"
  case buffers = "P9"
  case scores = "P10"
  case randomness = "P11"
  case edits = "P12"
  case failures = "P13"
  case threads = "P14"
  case unknownValues = "P15"
  case pureScores = "P16"
  case skipping = "P17"
  case rounds = "P18"
  case memoryLimit = "P19"
  case memory = "P20"
  case time = "P21"

  package var id: String { rawValue }

  package var sentence: String {
    switch self {
    case .sameTable:
      "`wb_plugin_v1` returns the same non-null pointer each time, within 100 ms, without input or output"
    case .version: "`abi_major` is the host's; `min_host_minor` is not above the host's minor"
    case .sizes:
      "every `struct_size` is the size that the library was built with, and reaches all 1.0 fields; reserved fields are 0"
    case .texts:
      "ids are lower case letters, digits, `-` and `.`, unique in the process; id, name, summary, citation and version are UTF-8 and not empty"
    case .description:
      "`describe(i)` gives the same for the life of the process, and null for i ≥ `strategy_count`"
    case .unknownId:
      "`create` with an unknown id, or a known id with a tail, gives null after `fail(text)`"
    case .instances: "`create` reads no model; instances share no mutable state"
    case .pointers:
      "a pointer from the host is not used after the callback in which it was given; texts are copied"
    case .buffers:
      "a callback writes only inside the buffers it was given, and leaves inputs alone"
    case .scores:
      "scores are finite; same inputs and same stream give bit-equal scores and edits"
    case .randomness: "randomness is from `host->random` alone; no clock, no files, no network"
    case .edits:
      "edits name live layers and blocks, positions inside them, arrays of the right size, and kinds declared in `edits`; reads are of declared `signals`; a plan leaves no more weights than the round's goal, where there were more"
    case .failures:
      "a failure is a non-zero status after `fail(text)`, or a status of the host's passed on; no trap, `exit` or `longjmp`"
    case .threads: "no thread of the library runs after a callback returned"
    case .unknownValues:
      "an id, signal, edit or kind from a newer peer is answered `WB_UNSUPPORTED`, or ignored where it is only listed"
    case .pureScores: "`score` is pure: it emits no edit and leaves the instance as it was"
    case .skipping:
      "a strategy that cannot act on a network answers `WB_SKIPPED` after `fail(reason)`, at `score` or `propose`"
    case .rounds:
      "the instance lives through all rounds of a cell, and may keep state from one to the next in its own memory only"
    case .memoryLimit:
      "`memory_limit` says whether a strategy can run, as by `WB_SKIPPED`, and chooses nothing that it computes: where a user sets no limit, it is what the machine has"
    case .memory:
      "an instance gives back what it takes: a hundred rounds hold little more memory than the first"
    case .time:
      "a round on 60,000 weights takes at most 10 s with what it reads, a step at most 20 ms"
    }
  }
}
