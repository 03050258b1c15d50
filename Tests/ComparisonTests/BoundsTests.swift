import Comparison
import Foundation
import Testing

/// What a strategy says takes a bounded place.
struct BoundsTests {
  @Test func outputIsKeptWholeUpToTheBound() {
    var output = BoundedOutput(half: 10)
    for piece in ["0123456789", "abcde", "fghij"] { output.append(Data(piece.utf8)) }
    #expect(output.data == Data("0123456789abcdefghij".utf8))
  }

  @Test(
    "Of long output the beginning and the end are kept, however it came", arguments: [1, 3, 1000])
  func longOutput(piece: Int) {
    let text = Data((0..<1000).map { UInt8(ascii: "a") + UInt8($0 % 26) })
    var output = BoundedOutput(half: 10)
    for start in stride(from: 0, to: text.count, by: piece) {
      output.append(text[start..<min(start + piece, text.count)])
    }
    let expected =
      text.prefix(10) + Data("\n… 980 bytes were left out …\n".utf8) + text.suffix(10)
    #expect(output.data == expected)
  }

  @Test func lastWordsAreThreeLines() {
    var output = BoundedOutput()
    #expect(output.lastWords.isEmpty)
    output.append(Data("one\ntwo\n\nthree\r\nfour\n".utf8))
    #expect(output.lastWords == "two / three / four")
    output.append(Data(repeating: UInt8(ascii: "x"), count: 1 << 20))
    #expect(output.lastWords.utf8.count == 1500)
  }

  @Test func manyLinesAreCounted() {
    var lines = LogLines()
    for index in 0..<LogLines.mostLines { lines.append("line \(index)") }
    #expect(lines.all.count == 200 && lines.all.last == "line 199")
    lines.append("one too many")
    #expect(lines.all.count == 201 && lines.all.last == "1 more line was left out")
    lines.append("and another")
    #expect(lines.all.last == "2 more lines were left out")
  }

  @Test func longLinesAreCutAndAllOfThemBounded() {
    var lines = LogLines()
    lines.append(String(repeating: "é", count: 1000))
    #expect(lines.all == [String(repeating: "é", count: 1000)])
    lines.append(String(repeating: "é", count: 60_000))
    #expect(lines.all[1] == String(repeating: "é", count: 998) + " …")
    for _ in 0..<1000 { lines.append(String(repeating: "x", count: 60_000)) }
    #expect(lines.all.reduce(0) { $0 + $1.utf8.count } <= LogLines.mostBytes + 100)
    // Combining marks make one character of any length.
    var marks = LogLines()
    marks.append("e" + String(repeating: "\u{301}", count: 60_000))
    #expect(marks.all[0].unicodeScalars.count == 1000)
  }

  @Test func textIsCutBetweenItsCharacters() {
    #expect("abc".shortened(toBytes: 3) == "abc")
    #expect("abcdef".shortened(toBytes: 5) == "ab…")
    #expect("ééé".shortened(toBytes: 6) == "ééé")
    #expect("éééé".shortened(toBytes: 6) == "é…")
  }
}
