import Comparison

extension HostileCase {
  private static let late = "it took longer than 3.0 s by itself"
  private static let limit = "the limit is 256 MiB"
  private static let badAccess = "its process was ended by SIGSEGV"
  private static let aborted = "its process was ended by SIGABRT"

  /// Every one.
  static let all = endings + processes + amounts + lines + answers + texts + names

  private static let endings = [
    harming("segfault", "writes where there is nothing", badAccess),
    harming("trap", "meets what should never be met", "its process was ended by SIGILL"),
    harming("ending-well", "calls `exit(0)`", "its process ended itself with status 0"),
    harming("ending-badly", "calls `exit(74)`", "its process ended itself with status 74"),
    [
      HostileCase("looping.c", "never comes back", .failed(.timeout, late)),
      HostileCase(
        "looping.c", "never comes back", at: .whileLoaded, .refused("it was not loaded within 10 s")
      ),
      HostileCase("looping.c", "never comes back", at: .whileLeaving, .done("")),
      HostileCase("looping.c", "never comes back", at: .whileLetGo, .done("")),
      HostileCase("deaf.c", "never comes back, and ignores every signal", .failed(.timeout, late)),
      HostileCase("halting.c", "stops its own process", .failed(.timeout, late)),
      HostileCase(
        "throwing.cpp", "throws a C++ exception through the interface", .failed(.crashed, aborted)),
      HostileCase(
        "throwing-elsewhere.cpp", "throws a C++ exception in a thread", .failed(.crashed, aborted)),
      HostileCase(
        "jumping.c", "jumps out of a callback with `longjmp`",
        .failed(.crashed, "its process was ended by")),
      HostileCase("overflowing.c", "needs more stack than there is", .failed(.crashed, badAccess)),
      HostileCase("scribbling.c", "writes to what it may only read", .failed(.crashed, badAccess)),
    ],
  ].flatMap(\.self)

  /// One that ends its process, at each time.
  private static func harming(_ source: String, _ deed: String, _ words: String) -> [HostileCase] {
    [
      HostileCase(source + ".c", deed, .failed(.crashed, words)),
      HostileCase(
        source + ".c", deed, at: .whileLoaded, .refused("\(words)")),
      HostileCase(source + ".c", deed, at: .whileLoadedForACell, .failed(.crashed, words)),
      HostileCase(source + ".c", deed, at: .whileLeaving, .done("")),
      HostileCase(source + ".c", deed, at: .whileLetGo, .done("")),
    ]
  }

  private static let processes = [
    HostileCase(
      "forking.c", "forks, clones, spawns and executes, leaves its session and its group",
      .done("refused")),
    HostileCase(
      "signalling.c", "stops and kills its parent, its group and everybody, and has itself killed",
      .done("refused")),
    HostileCase(
      "reaching.c",
      "reads the data, the home folder and results, writes, changes and removes results, starts a process, "
        + "opens a socket, signals its parent", .done("refused")),
    HostileCase("forging.c", "writes another cell's result as its own", .done("")),
    HostileCase(
      "changing.c",
      "changes rounding, signal handlers, locale, folder, mask and environment, while it is loaded and while it "
        + "scores", .done("")),
  ]

  private static let amounts = [
    HostileCase("hoarding.c", "allocates 20 GB", .failed(.memory, limit)),
    HostileCase(
      "mapping.c", "maps memory that stays when it lets go of it", .done("refused")),
    HostileCase(
      "multiplying.c", "starts 2,000 threads that stay",
      .failed(.invalid, "threads; 512 are the most")),
    HostileCase(
      "filling.c", "fills the memory that it shares with the judge, and unmaps it",
      .failed(.memory, limit)),
    HostileCase(
      "claiming.c", "asks for an inverse Hessian of 128 GB", .failed(.invalid, "it")),
    HostileCase(
      "lending.c", "lends two thousand million indices that nobody ever wrote",
      .failed(.invalid, "its process sent a message that says nothing")),
    HostileCase("descriptors.c", "uses up its descriptors", .done("")),
  ]

  private static let lines = [
    HostileCase(
      "closing.c", "closes every descriptor",
      .failed(.crashed, "its process closed the line to the workbench and went on")),
    HostileCase(
      "babbling.c", "writes to every descriptor",
      .failed(.invalid, "its process sent what is no message")),
    HostileCase("halving.c", "sends half a message", .failed(.timeout, late)),
    HostileCase(
      "promising.c", "announces a message of 64 MiB",
      .failed(.invalid, "its process sent a message of 67108864 bytes")),
    HostileCase(
      "pretending.c", "answers in the place of its process while it is loaded",
      .refused("its process says nonsense of it")),
    HostileCase("flooding.c", "logs without end", .failed(.timeout, late)),
    HostileCase(
      "asking.c", "asks without end, and reads no answer", .failed(.timeout, late)),
    HostileCase("greeting.c", "prints while it is loaded", .done("")),
  ]

  private static let answers = [
    HostileCase("undefined.c", "scores NaN", .failed(.invalid, "scores are finite numbers")),
    HostileCase(
      "beside.c", "writes beside its buffer", .failed(.invalid, "it wrote outside its buffer")),
    HostileCase(
      "understating.c", "gives a struct that says it has 4 bytes",
      .failed(.invalid, "a wb_reading whose struct_size is 4")),
    HostileCase(
      "overstating.c", "proposes an edit of two thousand million indices, of which one is there",
      .failed(.crashed, badAccess)),
    HostileCase(
      "answering-late.c", "answers the next call from a thread that outlived the last",
      .failed(.invalid, "its process answered with something that is no answer")),
    HostileCase(
      "writing-late.c", "writes to shared memory from a thread that outlives its callback",
      .ownFigures),
    HostileCase(
      "own-names.c", "has functions named as some of the libraries that the workbench links to",
      .done("")),
  ]

  private static let texts = [
    HostileCase("long-log.c", "logs 10 MB and 300 lines", .done("")),
    HostileCase(
      "long-reason.c", "fails for a reason of 10 MB", .failed(.invalid, "it failed: aaaa")),
    HostileCase(
      "escaping.c", "says what would clear and paint a terminal",
      .failed(.invalid, "it failed: ")),
    HostileCase(
      "misspelling.c", "says what is not UTF-8", .failed(.invalid, "half a \u{FFFD}, a \u{FFFD}")),
    HostileCase("painted.c", "says of itself what would clear and paint a terminal", .done("")),
    HostileCase(
      "named-badly.c", "has a name that is not UTF-8", .refused("the plugin's name is not UTF-8")),
    HostileCase(
      "named-at-length.c", "has a name of 10 MB",
      .refused("the plugin's name does not end within 65536 bytes")),
  ]

  private static let names = [
    HostileCase("lowest.c", "has an option of -2⁶³", .done("")),
    HostileCase(
      "named-dense.c", "has a strategy `dense`", .refused("'dense' cannot be the id of a strategy")),
    HostileCase(
      "named-random.c", "has a strategy `random`",
      .refused("it has a strategy 'random', and so has")),
    HostileCase(
      "named-magnitude.c", "has a strategy `magnitude`",
      .refused("it has a strategy 'magnitude', and so has")),
  ]
}
