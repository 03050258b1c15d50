import FlyingFox
import Foundation

extension HTTPResponse {
  /// Words for a person.
  static func text(_ status: HTTPStatusCode, _ words: String) -> HTTPResponse {
    whole(words, type: "text/plain; charset=utf-8", status)
  }

  /// A body that browsers neither keep nor take for something else, and that may load nothing from
  /// elsewhere.
  static func whole(
    _ body: String, type: String, _ status: HTTPStatusCode = .ok
  ) -> HTTPResponse {
    HTTPResponse(statusCode: status, headers: headers(type: type), body: Data(body.utf8))
  }

  static func headers(type: String) -> HTTPHeaders {
    [
      .contentType: type,
      .cacheControl: "no-store",
      HTTPHeader("Content-Security-Policy"):
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'self'; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
      HTTPHeader("Referrer-Policy"): "no-referrer",
      HTTPHeader("X-Content-Type-Options"): "nosniff",
    ]
  }
}
