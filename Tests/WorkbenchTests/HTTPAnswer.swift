import Foundation
import Glibc

/// A request written byte by byte, so that a test can name any host, and what came back.
struct HTTPAnswer {
  var status = 0
  /// By names in lower case.
  var headers: [String: String] = [:]
  var body = ""

  init(port: UInt16, method: String, path: String, host: String) throws {
    let stream = try HTTPStream(port: port, method: method, path: path, host: host)
    let text = try stream.readToEnd()
    guard let end = text.range(of: "\r\n\r\n") else { throw HTTPFault("no answer: '\(text)'") }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    body = String(text[end.upperBound...])
  }
}

/// A connection to a server on loopback, and what comes over it.
final class HTTPStream {
  private let socket: Int32
  private var pending = Data()

  init(port: UInt16, method: String = "GET", path: String, host: String? = nil) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw HTTPFault("cannot connect to port \(port)") }
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(
      socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let request =
      "\(method) \(path) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\nConnection: close\r\n"
      + "Content-Length: 0\r\n\r\n"
    let bytes = Array(request.utf8)
    guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw HTTPFault("cannot write to port \(port)")
    }
  }

  deinit { close(socket) }

  /// All up to and with these words.
  func read(until words: String) throws -> String {
    // What comes in chunks has their lengths between; the headers end as an event does, but for returns.
    while true {
      if let end = pending.range(of: Data(words.utf8)) {
        defer { pending.removeSubrange(..<end.upperBound) }
        return String(decoding: pending[..<end.upperBound], as: UTF8.self)
      }
      guard try more() else { throw HTTPFault("the server ended before '\(words)'") }
    }
  }

  func readToEnd() throws -> String {
    while try more() {}
    return String(decoding: pending, as: UTF8.self)
  }

  private func more() throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(socket, &buffer, buffer.count, 0)
    guard count >= 0 else { throw HTTPFault("the server says nothing") }
    pending.append(contentsOf: buffer.prefix(count))
    return count > 0
  }
}

struct HTTPFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
