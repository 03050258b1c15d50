import FlyingFox

/// Which requests are answered at all.
///
/// Listening on loopback keeps other machines out and not their pages: a name that its owner lets point here
/// would have a browser send that page's requests to this server, and show it the answers. Such requests name
/// another host.
struct Gate: Sendable {
  let port: UInt16

  /// What is wrong with a request; nil where nothing is.
  func refusal(_ request: HTTPRequest) -> HTTPResponse? {
    let hosts = request.headers.values(for: .host)
    guard hosts.count == 1, let host = hosts.first, isOwn(host) else {
      return .text(.forbidden, "this server answers under http://127.0.0.1:\(port)/ alone\n")
    }
    guard request.method == .GET || request.method == .HEAD else {
      var response = HTTPResponse.text(
        .methodNotAllowed, "nothing can be changed here: only GET and HEAD are answered\n")
      response.headers[HTTPHeader("Allow")] = "GET, HEAD"
      return response
    }
    return nil
  }

  private func isOwn(_ host: String) -> Bool {
    let names = ["127.0.0.1", "localhost"]
    let host = host.lowercased()
    return names.contains { host == "\($0):\(port)" || (port == 80 && host == $0) }
  }
}
