import Numerics
import PluginHost
import Testing

/// How a C function is named.
struct ForeignFunctionTests {
  @Test(
    "Every way of writing a declaration has one full form",
    arguments: [
      ("libm.so.6:fabs(weight)", "libm.so.6:f64 fabs(f64 weight)"),
      (" libm.so.6 : fabs ( weight ) ", "libm.so.6:f64 fabs(f64 weight)"),
      ("libm.so.6:f64 fabs(f64 weight)", "libm.so.6:f64 fabs(f64 weight)"),
      ("libm.so.6:pow(weight, 2)", "libm.so.6:f64 pow(f64 weight, f64 2)"),
      ("libm.so.6:pow(weight,2.0)", "libm.so.6:f64 pow(f64 weight, f64 2)"),
      ("libm.so.6:pow(weight,-25e-1)", "libm.so.6:f64 pow(f64 weight, f64 -2.5)"),
      ("l:f(weight, -0.0, 1e300)", "l:f64 f(f64 weight, f64 -0.0, f64 1e+300)"),
      ("l:f32 f(f32 weight, f32 .1)", "l:f32 f(f32 weight, f32 0.1)"),
      ("l:i32 f(i32 mask, f64 weight)", "l:i32 f(i32 mask, f64 weight)"),
      (
        "l:u64 f(f64 weight, u64 18446744073709551615, i64 -9223372036854775808)",
        "l:u64 f(f64 weight, u64 18446744073709551615, i64 -9223372036854775808)"
      ),
      (
        "l:void f(const f32*weight,const f64 * gradient,u32 n,f64* out,f32 3)",
        "l:void f(const f32 *weight, const f64 *gradient, u32 n, f64 *out, f32 3)"
      ),
      (
        "./a:b(1)/lib c.so:f(weight, mask, gradient, squared_gradient, curvature, lecun_curvature)",
        "lib c.so:f64 f(f64 weight, f64 mask, f64 gradient, f64 squared_gradient, f64 curvature, "
          + "f64 lecun_curvature)"
      ),
      ("libx.so:_ZN1a1bEd(weight)", "libx.so:f64 _ZN1a1bEd(f64 weight)"),
      ("libx.so:$s1a1byS2dF(weight)", "libx.so:f64 $s1a1byS2dF(f64 weight)"),
    ])
  func fullForm(text: String, expected: String) throws {
    let function = try ForeignFunction(text)
    #expect(function.id == expected)
    #expect(try ForeignFunction(function.text) == function)
    #expect(ForeignFunction.title(of: text) == expected)
    #expect(ForeignFunction.isMeant(by: text))
  }

  private static let signals =
    "there are weight, mask, gradient, squared_gradient, curvature, lecun_curvature"
  private static let types = "there are f32, f64, i32, i64, u32, u64"

  @Test(
    "What is wrong is quoted, and what to write is said",
    arguments: [
      ("fabs(weight)", "'fabs(weight)' names no library; write it and a colon before the function"),
      (":fabs(weight)", "':fabs(weight)' names no library before its ':'"),
      ("l\u{1B}:f(weight)", "has a control character"),
      (
        "l:fabs",
        "in the declaration 'fabs': it has no list of arguments; write such as fabs(weight)"
      ),
      ("l:", "it has no list of arguments; write such as fabs(weight)"),
      ("l:f(weight", "it has a '(' without its ')'"),
      ("l:f(weight)g", "'g' goes on after its ')'"),
      ("l:f((weight))", "it has parentheses inside its parentheses"),
      ("l:f(weight;)", "';' stands in no declaration, and in 'f(weight;)'"),
      ("l:f(wéight)", "'é' stands in no declaration"),
      ("l:(weight)", "it has no name before its '('"),
      ("l:2f(weight)", "'2f' cannot be the name of a function"),
      ("l:f-g(weight)", "'f-g' cannot be the name of a function"),
      (
        "l:f64 *f(f64 weight)", "'*' stands before the name; a function returns one number, or void"
      ),
      ("l:static f64 f(f64 weight)", "'f64' is one word too many before its '('"),
      ("l:f(weight,)", "it has an empty place among its arguments"),
      ("l:f()", "'f' takes no signal"),
      ("l:f(1)", "'f' takes no signal"),
      ("l:f(wieght)", "there is no signal 'wieght'; did you mean 'weight'?; \(signals)"),
      ("l:f(curvatur)", "there is no signal 'curvatur'; did you mean 'curvature'?; \(signals)"),
      ("l:f(xyzzy)", "there is no signal 'xyzzy'; \(signals)"),
      ("l:f64 f(f64 grad)", "there is no signal 'grad'; \(signals)"),
      ("l:f46 f(f64 weight)", "there is no type 'f46'; did you mean 'f64'?; \(types)"),
      ("l:double f(f64 weight)", "there is no type 'double'; did you mean 'f64'?; \(types)"),
      ("l:f64 f(float weight)", "there is no type 'float'; did you mean 'f32'?; \(types)"),
      ("l:f64 f(f64 weight, size_t 3)", "there is no type 'size_t'; did you mean 'u64'?; \(types)"),
      ("l:f64 f(complexity weight)", "there is no type 'complexity'; \(types)"),
      ("l:f(f64 weight)", "'f64 weight' has a type, and 'f' has none; write both"),
      ("l:f64 f(weight)", "'weight' is no argument; write its type and its name"),
      ("l:f64 f(f64 weight gradient)", "'f64 weight gradient' is no argument"),
      ("l:f64 f(f64 weight, f64 1x)", "'1x' is no number of type f64"),
      ("l:f64 f(f64 weight, f64 1e999)", "'1e999' is no number of type f64"),
      ("l:f64 f(f64 weight, i32 2147483648)", "'2147483648' is no number of type i32"),
      ("l:f64 f(f64 weight, u32 -1)", "'-1' is no number of type u32"),
      ("l:f64 f(f64 weight, i32 1.5)", "'1.5' is no number of type i32"),
      ("l:f64 f(i32 weight)", "'i32' has no room for the fractions of 'weight'; write f32 or f64"),
      (
        "l:void f(const u32 *gradient, u64 n, f32 *out)",
        "'u32' has no room for the fractions of 'gradient'"
      ),
      ("l:f(weight, n)", "'n' belongs to functions of whole arrays"),
      ("l:f(weight, out)", "'out' belongs to functions of whole arrays"),
      (
        "l:f64 f(f64 weight, u64 n)",
        "'u64 n' belongs to functions of whole arrays, which return void"
      ),
      (
        "l:f64 f(const f64 *weight)",
        "'const f64 *weight' belongs to functions of whole arrays, which return void, and 'f' "
          + "returns f64"
      ),
      ("l:f64 f(const f64 weight)", "'const f64 weight' is not to be const; write f64 weight"),
      (
        "l:void f(f32 *weight, u64 n, f32 *out)",
        "'f32 *weight' would let the function write to what it reads; write const f32 *weight"
      ),
      (
        "l:void f(const f32 *weight, u64 n, const f32 *out)",
        "'const f32 *out' is not to be const; write f32 *out"
      ),
      ("l:void f(const f32 *weight, f32 *out)", "'f' works on arrays and takes no 'n'; add u64 n"),
      (
        "l:void f(const f32 *weight, u64 n)", "'f' works on arrays and takes no 'out'; add f32 *out"
      ),
      (
        "l:void f(const f32 *weight, u64 n, u32 n, f32 *out)",
        "'f' takes 'n' 2 times; it is there once"
      ),
      (
        "l:void f(const f32 *weight, u64 n, f32 *out, f64 *out)",
        "'f' takes 'out' 2 times; it is there once"
      ),
      ("l:void f(const f32 *weight, f64 n, f32 *out)", "'n' is how many values the arrays have"),
      ("l:void f(const f32 *weight, u64 *n, f32 *out)", "'n' is how many values the arrays have"),
      ("l:void f(const f32 *weight, u64 n, f32 out)", "'out' is the array that the scores go to"),
      ("l:void f(const f32 *weight, u64 n, i32 *out)", "'out' is the array that the scores go to"),
      (
        "l:void f(f32 weight, u64 n, f32 *out)",
        "'f32 weight' is one value, and 'f' returns void, as functions of whole arrays do; write "
          + "const f32 *weight"
      ),
      ("l:void f(const f32 *3, u64 n, f32 *out)", "'3' is a number and no array; write f32 3"),
      ("l:void f(const f32 **weight, u64 n, f32 *out)", "'const f32 **weight' is no argument"),
      ("l:void f(f32 const *weight, u64 n, f32 *out)", "'f32 const *weight' is no argument"),
      (
        "l:f(weight,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)",
        "'f' has 17 arguments; a function has at most 16"
      ),
    ])
  func refusals(text: String, sentence: String) {
    let said = message { _ = try ForeignFunction(text) }
    #expect(said.contains(sentence), "\(said)")
    #expect(said.utf8.count < 1000)
    #expect(ForeignFunction.title(of: text) == text)
  }

  @Test("Names of ten thousand letters are refused in a sentence")
  func longNames() {
    let long = String(repeating: "a", count: 10_000)
    for text in [
      long, long + "(weight)", "l:\(long)(weight)", "l:f(\(long))", "\(long):f(weight)",
      "l:\(long) f(f64 weight)", "l:f64 f(\(long) weight)", "l:f64 f(f64 \(long))",
    ] {
      let said = message { _ = try ForeignFunction(text) }
      #expect(said != "(no error)")
      #expect(said.utf8.count < 1000, "\(said)")
    }
    let said = message { _ = try ForeignFunction("l:\(long)(weight)") }
    #expect(said.contains("has 10008 bytes; a function's name and arguments have at most 1000"))
  }

  @Test("Whatever is written, it is read or refused, and what is read has one full form")
  func anyText() throws {
    var random = RandomStream(seed: 1, name: "texts")
    func pick<Element>(_ all: [Element]) -> Element { all[Int(random.next() % UInt64(all.count))] }
    let words = [
      "f64", "f32", "i32", "u64", "void", "const", "*", "(", ")", ",", ":", "weight", "mask",
      "gradient", "n", "out", "2", "-1", "1e9", "fabs", " ", "libm.so.6", ".", "é", "\u{0}",
    ]
    var read = 0
    for round in 0..<20_000 {
      var text: String
      if round.isMultiple(of: 2) {
        text = (0..<Int(random.next() % 24)).map { _ in pick(words) }.joined()
      } else {
        // Near what is right: a word or two exchanged.
        var parts = [
          "l", ":", "void", " ", "f", "(", "const ", "f32", "*", "weight", ",", "u64 ", "n",
          ",", "f32", "*", "out", ")",
        ]
        for _ in 0..<(random.next() % 3) {
          parts[Int(random.next() % UInt64(parts.count))] = pick(words)
        }
        text = parts.joined()
      }
      guard let function = try? ForeignFunction(text) else { continue }
      read += 1
      #expect(try ForeignFunction(function.text) == function, "\(text)")
      #expect(try ForeignFunction(function.id).declaration == function.declaration, "\(text)")
    }
    #expect(read > 1000)
  }

  @Test("Any bytes are read or refused")
  func anyBytes() {
    var random = RandomStream(seed: 2, name: "texts")
    for _ in 0..<5000 {
      let bytes = (0..<Int(random.next() % 40)).map { _ in UInt8(truncatingIfNeeded: random.next())
      }
      let text = String(decoding: bytes, as: UTF8.self)
      _ = try? ForeignFunction(text)
      _ = try? ForeignFunction("l:f(\(text))")
      _ = try? StrategyReference.list(text)
    }
  }

  @Test(
    "Commas inside parentheses separate no strategies",
    arguments: [
      ("libm.so.6:pow(weight, 2),obd", ["libm.so.6:pow(weight, 2)", "obd"]),
      (
        "obs[damping=1|2], l:f(weight,mask) ,obd",
        ["obs[damping=1]", "obs[damping=2]", "l:f(weight,mask)", "obd"]
      ),
      ("a[note=b(c],d", ["a[note=b(c]", "d"]),
      (
        "./a(1).so:f(weight,2)[x=1|2]",
        ["./a(1).so:f(weight,2)[x=1]", "./a(1).so:f(weight,2)[x=2]"]
      ),
    ])
  func lists(text: String, expected: [String]) throws {
    let references = try StrategyReference.list(text).map { reference in
      let list = reference.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
      return list.isEmpty ? reference.id : "\(reference.id)[\(list)]"
    }
    #expect(references == expected)
  }

  @Test(arguments: [
    ("l:f(weight,obd", "'l:f(weight,obd' has a '(' without its ')'"),
    ("l:f(weight)),obd", "')' stands in the wrong place in 'l:f(weight)),obd'"),
    ("l:f((weight)", "'(' stands in the wrong place"),
    ("l:f(weight[]),obd", "'[' stands in the wrong place"),
  ])
  func badLists(text: String, sentence: String) {
    let said = message { _ = try StrategyReference.list(text) }
    #expect(said.contains(sentence), "\(said)")
  }
}
