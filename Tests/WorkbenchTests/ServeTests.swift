import Foundation
import TestSupport
import Testing

/// The report of a folder of results as a browser of this machine is given it.
@Suite("Serve")
struct ServeTests {
  /// A folder with cells, and a server of it.
  private final class Served {
    let store: URL
    let running: Running
    let address: URL

    init() throws {
      store = try temporaryFolder()
      let made = try Tool().run(
        "compare", "--strategies", "obd", "--benchmarks", "sine", "--quick", "--seeds", "1",
        "--ratios", "2", "--quiet", "--output", store.path)
      #expect(made.code == 0, "\(made.errors)")
      running = try Tool().start(["serve", "--port", "0", "--output", store.path])
      address = try #require(URL(string: try running.firstLine()))
    }

    func ask(_ path: String, method: String = "GET", host: String? = nil) throws -> HTTPAnswer {
      let port = try #require(address.port)
      return try HTTPAnswer(
        port: UInt16(port), method: method, path: path, host: host ?? "127.0.0.1:\(port)")
    }

    func end() throws -> Tool.Outcome {
      running.process.interrupt()
      return try running.finish()
    }

    deinit {
      if running.process.isRunning { running.process.terminate() }
      try? FileManager.default.removeItem(at: store)
    }
  }

  @Test("the page, its data and its script are there, and an interrupt ends the server")
  func pages() throws {
    let served = try Served()
    #expect(served.address.host() == "127.0.0.1")
    let page = try served.ask("/")
    #expect(page.status == 200)
    #expect(page.headers["content-type"] == "text/html; charset=utf-8")
    #expect(page.headers["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
    #expect(page.body.contains("<!doctype html>") || page.body.contains("<!DOCTYPE html>"))
    #expect(page.body.contains("<script src=\"/live.js\" data-state=\""))
    #expect(page.body.contains("magnitude[scope=layer]"))
    let board = try served.ask("/board.json")
    #expect(board.status == 200)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(board.body.utf8)) as? [String: Any])
    #expect(json["boards"] != nil)
    #expect(try served.ask("/live.js").body.contains("EventSource"))
    #expect(try served.ask("/", method: "HEAD").body.isEmpty)
    let ended = try served.end()
    #expect(ended.code == 0, "\(ended.errors)")
  }

  @Test("requests that name another host, and such that would change something, are refused")
  func refusals() throws {
    let served = try Served()
    let port = try #require(served.address.port)
    for host in ["example.org", "example.org:\(port)", "127.0.0.1", "127.0.0.1:1", "[::1]:\(port)"]
    {
      let answer = try served.ask("/board.json", host: host)
      #expect(answer.status == 403, "\(host)")
      #expect(!answer.body.contains("boards"))
    }
    #expect(try served.ask("/", host: "LOCALHOST:\(port)").status == 200)
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
      let answer = try served.ask("/", method: method)
      #expect(answer.status == 405, "\(method)")
      #expect(answer.headers["allow"] == "GET, HEAD")
    }
    for path in ["/../etc/passwd", "/result.json", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"] {
      #expect(try served.ask(path).status == 404, "\(path)")
    }
    _ = try served.end()
  }

  @Test("who waits for changes is told of the results there are, and of a new one")
  func events() throws {
    let served = try Served()
    let port = try #require(served.address.port)
    let stream = try HTTPStream(port: UInt16(port), path: "/events")
    let first = try stream.read(until: "\n\n")
    #expect(first.contains("text/event-stream"))
    #expect(first.contains("event: results\ndata: {\"state\":\""))
    let cells = try FileManager.default.contentsOfDirectory(atPath: served.store.path)
      .filter { !$0.hasPrefix(".") }
    #expect(first.contains("\"stored\":\(cells.count),\"running\":0}"))
    let one = try #require(cells.first)
    try FileManager.default.removeItem(at: served.store.appending(path: one))
    // On a busy machine the folder is seen half removed, or nothing for so long that it says it is there.
    let fewer = "\"stored\":\(cells.count - 1),"
    var event = ""
    for _ in 0..<5 where !event.contains(fewer) { event = try stream.read(until: "\n\n") }
    #expect(event.contains(fewer))
    _ = try served.end()
  }

  @Test("a port that is taken, and none, are said")
  func ports() throws {
    let served = try Served()
    let port = try #require(served.address.port)
    let taken = try Tool().run("serve", "--port", "\(port)", "--output", served.store.path)
    #expect(taken.code == 2)
    #expect(taken.errors.contains("port \(port) is taken; --port names another"))
    let odd = try Tool().run("serve", "--port", "70000", "--output", served.store.path)
    #expect(odd.code == 2)
    #expect(odd.errors.contains("70000"))
    _ = try served.end()
  }

  @Test("a folder without results says what makes some, and is looked at again")
  func empty() throws {
    let store = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: store) }
    let running = try Tool().start(["serve", "--port", "0", "--output", store.path])
    let address = try #require(URL(string: try running.firstLine()))
    let port = UInt16(try #require(address.port))
    let answer = try HTTPAnswer(port: port, method: "GET", path: "/", host: "127.0.0.1:\(port)")
    #expect(answer.status == 200)
    #expect(answer.body.contains("no results"))
    #expect(answer.body.contains("/live.js"))
    running.process.interrupt()
    #expect(try running.finish().code == 0)
  }
}

extension Running {
  /// The first line of standard output, waited for.
  fileprivate func firstLine() throws -> String {
    for _ in 0..<600 {
      if let end = output.firstIndex(of: "\n") { return String(output[..<end]) }
      guard process.isRunning else { break }
      Thread.sleep(forTimeInterval: 0.05)
    }
    throw HTTPFault("the program said nothing: \(errors)")
  }
}
