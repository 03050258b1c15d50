import Foundation
import Testing

/// The page in a browser.
@Suite(.enabled(if: isThere("chromium"), "there is no chromium"), .serialized)
struct BrowserTests {
  /// The letters that the frozen pictures are of.
  private static let letters = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"

  /// Runs `body` with the page as a file, in a folder of its own.
  private func withPage(_ body: (URL, URL) throws -> Void) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = folder.appending(path: "page.html")
    try Data(HTMLReportTests.page().utf8).write(to: page)
    try body(folder, page)
  }

  private func open(_ page: URL, _ options: [String], in folder: URL) throws -> Tool.Outcome {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--force-device-scale-factor=0.5", "--disable-background-networking",
        "--disable-component-update",
        // A browser asks what time it is.
        "--disable-features=NetworkTimeServiceQuerying", "--no-first-run", "--disable-sync",
        "--user-data-dir=\(folder.path)/profile", "--enable-logging=stderr", "--v=0",
      ] + options + [page.absoluteString]
    let outcome = try Running(process).finish()
    try #require(outcome.code == 0, "\(outcome.errors)")
    return outcome
  }

  @Test("It opens, says nothing on the console and asks the network for nothing")
  func opens() throws {
    try withPage { folder, page in
      let log = folder.appending(path: "net.json")
      let outcome = try open(page, ["--dump-dom", "--log-net-log=\(log.path)"], in: folder)
      #expect(outcome.output.contains("</html>"))
      #expect(!outcome.errors.contains("CONSOLE"), "\(outcome.errors)")
      let events = try String(contentsOf: log, encoding: .utf8)
      #expect(events.contains("constants"))
      // What a browser asks for of its own accord is no word of the page's.
      let text = try String(contentsOf: page, encoding: .utf8)
      let asked = events.matches(of: /"url":"https?:\/\/([^"\/:]+)/).map { String($0.1) }
      #expect(asked.allSatisfy { !text.contains($0) }, "\(asked)")
    }
  }

  @Test("What a browser makes of the page has all that was written")
  func understood() throws {
    try withPage { folder, page in
      let outcome = try open(page, ["--dump-dom"], in: folder)
      let written = try String(contentsOf: page, encoding: .utf8)
      for tag in ["<table", "<svg", "<path", "<th ", "<td", "<dd", "<section", "<figure"] {
        let counts = [written, outcome.output].map { $0.components(separatedBy: tag).count }
        #expect(counts[0] == counts[1], "\(tag)")
      }
    }
  }

  @Test(
    "It looks as it did when somebody looked at it",
    .enabled(
      if: FileManager.default.fileExists(atPath: letters),
      "the frozen pictures have the letters of fonts-dejavu-core, which is not there"),
    arguments: [
      (400, "light"), (1000, "light"), (1600, "light"), (1000, "dark"),
    ])
  func pictures(width: Int, scheme: String) throws {
    try withPage { folder, page in
      let file = folder.appending(path: "picture.png")
      _ = try open(
        Self.frame(around: page, width: width, in: folder),
        [
          "--window-size=\(max(500, width)),\(Self.height)", "--screenshot=\(file.path)",
          "--blink-settings=preferredColorScheme=\(scheme == "dark" ? 0 : 1)",
        ], in: folder)
      let made = try Data(contentsOf: file)
      let frozen = packageRoot.appending(
        path: "Tests/WorkbenchTests/Snapshots/page-\(width)-\(scheme).png")
      if ProcessInfo.processInfo.environment["WORKBENCH_REWRITE_SNAPSHOTS"] != nil {
        try made.write(to: frozen)
        return
      }
      let picture = try #require(Picture(made))
      let known = try #require(Picture(Data(contentsOf: frozen)))
      let difference = picture.difference(from: known)
      #expect(difference < 0.01, "\(difference) of the points differ")
    }
  }

  private static let height = 1500

  @Test("Nothing is wider than the window but what scrolls by itself", arguments: [320, 400, 1000])
  func widths(width: Int) throws {
    try withPage { folder, page in
      // A copy that may run a script tells its own width.
      let told = try String(contentsOf: page, encoding: .utf8)
        .replacing("default-src &#39;none&#39;", with: "default-src * &#39;unsafe-inline&#39;")
        .replacing(
          "</body>",
          with: "<script>parent.postMessage('width ' + document.documentElement.scrollWidth"
            + " + ' of ' + window.innerWidth, '*')</script></body>")
      try Data(told.utf8).write(to: page)
      let frame = try Self.frame(
        around: page, width: width, in: folder,
        script: "addEventListener('message', message => document.title = message.data)")
      let outcome = try open(frame, ["--dump-dom", "--virtual-time-budget=2000"], in: folder)
      let title = try #require(outcome.output.firstMatch(of: /width (\d+) of (\d+)/))
      #expect(title.1 == title.2 && String(title.1) == "\(width)", "\(title.0)")
    }
  }

  /// A page that shows another as wide as asked for: a window cannot be as narrow as a phone.
  private static func frame(
    around page: URL, width: Int, in folder: URL, script: String = ""
  ) throws -> URL {
    let frame = folder.appending(path: "frame.html")
    let text =
      "<!DOCTYPE html><html><head><script>\(script)</script></head><body style='margin: 0'>"
      + "<iframe src='\(page.lastPathComponent)' "
      + "style='width: \(width)px; height: \(height)px; border: 0; display: block'></iframe></body></html>"
    try Data(text.utf8).write(to: frame)
    return frame
  }

  @Test func prints() throws {
    try withPage { folder, page in
      let pdf = folder.appending(path: "page.pdf")
      _ = try open(page, ["--print-to-pdf=\(pdf.path)", "--no-pdf-header-footer"], in: folder)
      let bytes = try Data(contentsOf: pdf)
      #expect(bytes.starts(with: Data("%PDF".utf8)) && bytes.count > 10_000)
    }
  }
}
