import Datasets
import Foundation
import Testing

private let header =
  "method,year,paper,dataset,architecture,metric,dense_params,params_left,compression_ratio,"
  + "dense_error_pct,pruned_error_pct,extra,source,verified,epochs,augmentation,checkpoint\n"
private let good =
  "OBD,1989,LeCun,MNIST,LeNet,test error,100,25,4,1.5,2,remark,text,yes,250 + 100,affine,best\n"

private func complaint(_ text: String) -> String? {
  do {
    _ = try PublishedResult.parse(text, file: "p.csv")
    return nil
  } catch {
    return error.description
  }
}

@Suite("Published results")
struct PublishedTests {
  @Test("the file holds the published figures, with their sources")
  func file() throws {
    let results = try PublishedResult.load(from: DataDirectory.locate())
    #expect(results.count == 132)
    #expect(results.count { !$0.isVerified } == 12)
    let han = try #require(results.first)
    #expect(han.method == "Magnitude prune+retrain")
    #expect(han.architecture == "LeNet-300-100")
    #expect(han.ratio == 12)
    #expect(han.denseError == 1.64 && han.prunedError == 1.59)
    #expect(han.denseParameters == 267_000 && han.parametersLeft == 22_000)
    #expect(han.isVerified)
    let nest = results.filter { $0.method.hasPrefix("NeST") && $0.architecture == "LeNet-300-100" }
    #expect(Set(nest.map(\.ratio)) == [70.2, 34.1])
    #expect(nest.allSatisfy { $0.prunedError == ($0.ratio == 70.2 ? 1.58 : 1.29) })
    #expect(!results.contains { $0.method == "SET" && $0.ratio == 20 && $0.isVerified })
    // What the training was is told where somebody says it.
    #expect(nest.allSatisfy { $0.augmentation == "affine" && $0.epochs == nil })
    let rigl = results.filter { $0.method.hasPrefix("RigL") && $0.dataset == "MNIST" }
    #expect(rigl.count == 2)
    #expect(rigl.allSatisfy { $0.epochs == "200" && $0.checkpoint == .last })
    #expect(results.count { $0.method == "Sparse momentum" && $0.epochs == "100" } == 22)
    #expect(
      results.filter { ["SBP", "VIB"].contains($0.method) }.allSatisfy { $0.checkpoint == .best })
    #expect(results.contains { $0.method == "GSM" && $0.epochs == "200 + 280 + 200" })
    // A range is no ratio, a quoted comma no column.
    #expect(results.contains { $0.paper == "Jaderberg" && $0.ratio == nil })
    #expect(results.contains { $0.architecture == "10,000-param convnet" })
  }

  @Test("a changed file is refused by its digest, and named")
  func changed() throws {
    try withTemporaryFolder { folder in
      let copy = folder.appending(path: "published")
      try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
      let file = copy.appending(path: "published.csv")
      try Data((header + good).utf8).write(to: file)
      let error = #expect(throws: DatasetError.self) { try PublishedResult.load(from: folder) }
      guard case .wrongDigest(let path, _, _) = error else {
        Issue.record("expected a wrong digest, got \(String(describing: error))")
        return
      }
      #expect(path == file.path)
    }
  }

  @Test("quotes keep commas, line ends and doubled quotes together")
  func quotes() throws {
    let row = "\"O,B\"\"D\"\"\",1989,\"Le\nCun\",a,b,c,,,,,,\"\",s,no,,,\r\n"
    let results = try PublishedResult.parse(header + row + good, file: "p.csv")
    #expect(results.count == 2)
    #expect(results[0].method == "O,B\"D\"")
    #expect(results[0].paper == "Le\nCun")
    #expect(results[0].denseParameters == nil && results[0].ratio == nil)
    #expect(results[0].remark.isEmpty && results[0].source == "s" && !results[0].isVerified)
    #expect(results[0].epochs == nil && results[0].augmentation == nil)
    #expect(results[0].checkpoint == nil)
    #expect(results[1].parametersLeft == 25)
    #expect(results[1].epochs == "250 + 100" && results[1].augmentation == "affine")
    #expect(results[1].checkpoint == .best)
    let unended = try PublishedResult.parse(header + good.dropLast(), file: "p.csv")
    #expect(unended == [results[1]])
  }

  @Test(
    "a wrong line is named, numbered and quoted",
    arguments: [
      ("OBD,1989\n", "expected 17 columns and not 2, found \"OBD,1989\""),
      ("\n", "expected 17 columns and not 1, found \"\""),
      (good.replacing("\n", with: ",more\n"), "expected 17 columns and not 18, found \""),
      ("O\"BD\"\n", "a quote within a field that does not start with one, found \"O\\\"BD"),
      ("\"OBD\n\n", "a quote is opened and not closed, found \"\\\"OBD"),
      ("\"OBD\"x\n", "a closing quote is followed by more than a comma, found \"\\\"OBD"),
      ("OBD\rx\n", "a carriage return without a line feed, found \"OBD"),
      (good.replacing("1989", with: "long ago"), "expected a year as year, found \"long ago\""),
      (good.replacing(",25,", with: ",few,"), "expected a count or nothing as params_left"),
      (good.replacing(",4,", with: ",0,"), "expected a ratio, a range of them or nothing as"),
      (good.replacing(",4,", with: ",2-3-4,"), "expected a ratio, a range of them or nothing as"),
      (good.replacing(",1.5,", with: ",nan,"), "expected a number or nothing as dense_error_pct"),
      (good.replacing(",text,", with: ",,"), "expected a text as source, found \"\""),
      (good.replacing("yes", with: "maybe"), "expected yes or no as verified, found \"maybe\""),
      (
        good.replacing("250 + 100", with: "250+100"),
        "expected numbers joined by ' + ' or nothing as epochs, found \"250+100\""
      ),
      (good.replacing("250 + 100", with: "0"), "expected numbers joined by ' + ' or nothing as"),
      (good.replacing("best", with: "good"), "expected last, best or nothing as checkpoint, found"),
    ])
  func malformed(line: String, reason: String) throws {
    let text = try #require(complaint(header + good + line + good))
    #expect(text.hasPrefix("p.csv:3: \(reason)"), "\(text)")
    #expect(text.count < 250)
  }

  @Test("a line behind a quoted line end is counted right")
  func lineNumbers() throws {
    let long = good.replacing("remark", with: "\"one\ntwo\nthree\"")
    let text = try #require(complaint(header + long + "short\n"))
    #expect(text.hasPrefix("p.csv:5: expected 17 columns"))
  }

  @Test("an empty file and other columns are refused")
  func columns() throws {
    #expect(complaint("") == "p.csv: the file is empty")
    #expect(complaint("a,b\n1,2\n")?.hasPrefix("p.csv:1: expected the columns method,") == true)
    #expect(try PublishedResult.parse(header, file: "p.csv").isEmpty)
  }
}
