import CWorkbench

/// How a strategy is called where it is looked at more closely than in a comparison.
struct CallConditions {
  /// What lies around the memory that it may write to.
  enum Surroundings {
    /// Marks, by which a write nearby is found afterwards.
    case marks
    /// Pages that end whoever writes there, from the first byte of one side on.
    case pages(GuardedPages.Side)
  }

  var surroundings = Surroundings.marks
  /// Whether what it reads lies in pages that it cannot write to, and that are gone when the call
  /// returns.
  var protectsViews = false
  /// Changes the table of host functions before it is given.
  var adaptHost: (inout wb_host) -> Void = { _ in }
}
