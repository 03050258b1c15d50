import FlyingFox
import FlyingSocks
package import Foundation

/// The report of a folder of results, on loopback, as it is at any time.
///
/// It reads and never writes, and answers four paths: `/` for a browser, `/board.json` for programs, `/events`
/// for who waits for changes, and `/live.js`, which does that for the page.
package struct ReportServer: Sendable {
  private let folder: URL
  private let port: UInt16
  private let cache: PageCache

  /// - Parameters:
  ///   - folder: Of results; it may be empty yet.
  ///   - port: 0 for any that is free.
  ///   - page: Makes the report; what it throws is shown in its place.
  package init(folder: URL, port: UInt16, page: @escaping @Sendable () throws -> ServedPage) {
    self.folder = folder
    self.port = port
    cache = PageCache(page)
  }

  /// Serves until the task is cancelled.
  ///
  /// - Parameter ready: Called with the address once it can be asked.
  /// - Throws: `CancellationError` then, ``ServingError`` where the port cannot be had.
  package func run(ready: @escaping @Sendable (URL) throws -> Void) async throws {
    let server = HTTPServer(
      address: try .inet(ip4: "127.0.0.1", port: port), logger: .disabled, handler: nil)
    await server.appendRoute("*") { [self] request in
      guard case .ip4(_, let port)? = await server.listeningAddress else {
        return HTTPResponse(statusCode: .serviceUnavailable)
      }
      return await answer(request, Gate(port: port))
    }
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.run() }
        group.addTask {
          try await server.waitUntilListening()
          if case .ip4(let host, let port)? = await server.listeningAddress,
            let address = URL(string: "http://\(host):\(port)/")
          {
            try ready(address)
          }
        }
        try await group.waitForAll()
      }
    } catch {
      // Whatever a socket says of being closed under it.
      guard !Task.isCancelled else { throw CancellationError() }
      guard case SocketError.failed(_, let number, let message) = error else { throw error }
      throw ServingError(port: port, isTaken: number == EADDRINUSE, message: message)
    }
  }

  private func answer(_ request: HTTPRequest, _ gate: Gate) async -> HTTPResponse {
    if let refusal = gate.refusal(request) { return refusal }
    var response: HTTPResponse
    switch request.path {
    case "/": response = await page(type: html) { $0.live(state: $1.stamp) }
    case "/board.json": response = await page(type: json) { page, _ in page.json }
    case "/live.js": response = .whole(liveScript, type: "text/javascript; charset=utf-8")
    case "/events" where request.method == .GET:
      return HTTPResponse(
        statusCode: .ok, headers: HTTPResponse.headers(type: "text/event-stream"),
        body: HTTPBodySequence(from: StateEvents(folder: folder)))
    default:
      response = .text(.notFound, "there is '/', '/board.json' and '/events'\n")
    }
    if request.method == .HEAD { response.payload = .httpBody(HTTPBodySequence()) }
    return response
  }

  /// What there is to show, or why there is nothing, which a page goes on asking for.
  private func page(
    type: String, _ body: (ServedPage, StoreState) -> String
  ) async -> HTTPResponse {
    let state = StoreState(of: folder)
    do {
      return .whole(body(try await cache.page(at: state), state), type: type)
    } catch  where type == html {
      let page = ServedPage(html: Self.document(saying: "\(error)"), json: "")
      return .whole(page.live(state: state.stamp), type: html)
    } catch {
      return .text(.serviceUnavailable, "\(error)\n")
    }
  }

  private static func document(saying words: String) -> String {
    let escaped =
      words.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      + "<title>workbench</title></head><body><p>\(escaped)</p></body></html>\n"
  }
}

private let html = "text/html; charset=utf-8"
private let json = "application/json; charset=utf-8"

/// Why nothing is served.
package struct ServingError: Error, CustomStringConvertible {
  package let description: String

  init(port: UInt16, isTaken: Bool, message: String) {
    description =
      isTaken
      ? "port \(port) is taken; --port names another, and --port 0 takes any that is free"
      : "cannot listen on port \(port): \(message)"
  }
}
