import CCrypto
package import Foundation

/// The SHA-256 digest of `bytes` as 64 lower-case hexadecimal digits.
package func sha256Hex(of bytes: some ContiguousBytes) -> String {
  var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
  bytes.withUnsafeBytes { buffer in
    _ = SHA256(buffer.baseAddress, buffer.count, &digest)
  }
  let digits = Array("0123456789abcdef".utf8)
  let text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  return String(decoding: text, as: UTF8.self)
}
