import Foundation
import PluginHost

// Confines itself, says what came of it, and does what a program in Swift does: it needs no more than it
// is allowed. The arguments are folders to read, of which the first has a library and a file.

let folders = Array(CommandLine.arguments.dropFirst())
let confinement = Confinement(
  memory: 8 << 30, processorSeconds: 60, readable: Confinement.systemPaths + folders)
do {
  print(try confinement.apply())
} catch {
  print(error)
  exit(1)
}

// Tasks and their threads.
let isDone = DispatchSemaphore(value: 0)
Task.detached {
  print("squares \(await sumOfSquares(to: 100))")
  isDone.signal()
}
isDone.wait()
DispatchQueue.concurrentPerform(iterations: 100) { _ in usleep(10) }

let folder = URL(filePath: folders.first ?? "/")
let library = dlopen(folder.appending(path: "libplain.so").path, RTLD_NOW | RTLD_LOCAL)
print("library \(library == nil ? "refused" : "loaded")")

let file = folder.appending(path: "file")
print("read \((try? Data(contentsOf: file).count) ?? -1)")
do {
  try Data("text".utf8).write(to: file)
  print("written")
} catch {
  print("write refused")
}
let process = Process()
process.executableURL = URL(filePath: "/bin/true")
print("process \((try? process.run()) == nil ? "refused" : "started")")

nonisolated func sumOfSquares(to last: Int) async -> Int {
  await withTaskGroup(of: Int.self) { group in
    for number in 1...last { group.addTask { number * number } }
    var sum = 0
    for await square in group { sum += square }
    return sum
  }
}
