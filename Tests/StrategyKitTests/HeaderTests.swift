import Foundation
import Testing

/// The C header says of everything in it what it is.
@Suite struct HeaderTests {
  @Test("Each constant, type, function and field has a comment of its own")
  func documented() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let header = try String(
      contentsOf: root.appending(path: "Sources/CWorkbench/include/workbench.h"), encoding: .utf8)
    let declarations = Self.declarations(in: header)
    for declaration in declarations {
      #expect(declaration.isDocumented, "\(declaration.text)")
    }
    // Nothing was overlooked.
    #expect(declarations.count { $0.text.hasSuffix("{") } == 20)
    #expect(declarations.count { $0.text.hasPrefix("#define WB_SIGNAL_") } == 19)
    #expect(declarations.contains { $0.text == "uint64_t prunable_count;" })
    #expect(declarations.contains { $0.text.hasPrefix("typedef wb_status wb_end_step_fn(") })
  }

  @Test("A comment that is missing is missed")
  func missing() {
    let text = """
      /** Said. */
      #define WB_A 1
      #define WB_B 2 /**< said */
      #define WB_C 3
      /* Not for documentation. */
      typedef struct wb_s {
        int a, b; /**< said */
        int c;
        /** Said, in
            two lines. */
        int d;
      } wb_s;
      """
    let missing = Self.declarations(in: text).filter { !$0.isDocumented }.map(\.text)
    #expect(missing == ["#define WB_C 3", "typedef struct wb_s {", "int c;"])
  }

  private struct Declaration {
    /// The first line, without comments.
    var text: String
    var isDocumented: Bool
  }

  private enum CommentKind {
    case plain, above, behind

    init(_ text: Substring) {
      self = text.hasPrefix("/**<") ? .behind : text.hasPrefix("/**") ? .above : .plain
    }
  }

  /// What the header declares, with whether a `/** … */` is above it or a `/**< … */` behind it.
  private static func declarations(in header: String) -> [Declaration] {
    var found: [Declaration] = []
    var kind = CommentKind.plain
    var (isInComment, hasComment, isContinued) = (false, false, false)
    for line in header.components(separatedBy: "\n") {
      var (code, rest) = ("", line[...])
      var isTrailing = false
      while !rest.isEmpty {
        if isInComment {
          guard let end = rest.range(of: "*/") else { break }
          (isInComment, hasComment) = (false, kind == .above)
          rest = rest[end.upperBound...]
        } else {
          let start = rest.range(of: "/*")
          code += rest[..<(start?.lowerBound ?? rest.endIndex)]
          guard let start else { break }
          kind = CommentKind(rest[start.lowerBound...])
          isTrailing = isTrailing || kind == .behind
          isInComment = true
          rest = rest[start.upperBound...]
        }
      }
      code = code.trimmingCharacters(in: .whitespaces)
      guard !code.isEmpty else { continue }
      if !isContinued, isDeclaration(code) {
        found.append(Declaration(text: code, isDocumented: isTrailing || hasComment))
      }
      isContinued =
        code.last == "\\" || !(code.hasPrefix("#") || ";{}\"".contains(code.last ?? ";"))
      if !isInComment { hasComment = false }
    }
    return found
  }

  /// What makes Swift see pointers as they are is the header's own, and so are its brackets.
  private static func isDeclaration(_ code: String) -> Bool {
    guard code.hasPrefix("#") else {
      return !["}", "WB_BEGIN", "WB_END", "extern"].contains { code.hasPrefix($0) }
    }
    return code.hasPrefix("#define WB_")
      && !["BEGIN", "END", "SENDABLE", "NULLABLE"].contains { code.hasPrefix("#define WB_\($0)") }
  }
}
