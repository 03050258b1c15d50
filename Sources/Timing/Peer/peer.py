"""Turns what the peer's benchmark scripts print into a report that 'workbench bench --against' reads.

   peer.py [FILE ...] > peer.json        the scripts' output; standard input where no file is named

A row takes the best of the peer's settings (eager or compiled, NCHW or NHWC, and so on), each the
median of the times it was printed. Masks save the peer nothing, so that its dense training stands for
training with masks too. Needs nothing beyond Python's standard library."""
import fileinput
import json
import re
import statistics
import sys

NETWORKS = {"lenet300": "lenet-300-100", "lenet5": "lenet-5", "lenet5pr": "lenet-5", "resnet14": "residual-14"}
SPARSITIES = {"12x": "92%", "50x": "98%"}
MASKED = ("92%", "95%", "98%", "99.5%")
# What the scripts call a thing, and the row and unit it is of. Groups of the pattern: setting, threads,
# figure, as far as they are named.
NUMBER = r"([\d.]+)"


class Settings:
    """Figures by row, threads and setting."""

    def __init__(self):
        self.program = "peer"
        self.processor = "unknown"
        self.figures = {}
        self.units = {}
        self.memory = {}

    def add(self, row, unit, threads, setting, figure, mebibytes=None):
        key = (row, threads)
        self.units[key] = unit
        self.figures.setdefault(key, {}).setdefault(setting, []).append(figure)
        if mebibytes is not None:
            self.memory.setdefault((key, setting), []).append(mebibytes)

    def read(self, line):
        """Takes in one line of a script's output."""
        head = re.match(r"## [^:]*: (torch [^,]+), .*?python [^,]+, (.*), isa", line)
        if head:
            self.program, self.processor = head[1], head[2]
        for reader in (training, moving, inference, sparse_inference, curvature, surgeon, machine):
            reader(line, self)

    def report(self):
        """What 'workbench bench --against' reads."""
        return {"schema": 1, "program": self.program, "threads": 0, "rounds": 0, "rows": list(self.rows()),
                "machine": {"processor": self.processor, "cores": 0, "kernels": "", "algebra": ""}}

    def rows(self):
        for key in sorted(self.figures):
            medians = {s: statistics.median(f) for s, f in self.figures[key].items()}
            best = (max if self.units[key] == "images/s" else min)(medians, key=medians.get)
            figures = self.figures[key][best]
            row = {"name": key[0], "unit": self.units[key], "median": medians[best], "low": min(figures),
                   "high": max(figures), "threads": key[1], "note": best}
            if (key, best) in self.memory:
                row["peakBytes"] = int(statistics.median(self.memory[key, best]) * 2**20)
            yield row


def training(line, settings):
    match = re.match(rf"(\w+), (\d+) thr, (\w+), (\w+) \| TRAIN images/s median {NUMBER}", line)
    if match and match[1] in NETWORKS:
        for label in ("dense",) + MASKED:
            settings.add(f"train/{NETWORKS[match[1]]}/{label}", "images/s", int(match[2]),
                         f"{match[1]} {match[3]} {match[4]}", float(match[5]))


def moving(line, settings):
    match = re.match(rf"lenet300 (\w+) ([\d.]+%), (\d+) thr, (\w+) \| TRAIN images/s whole {NUMBER}", line)
    if match:
        settings.add(f"train/lenet-300-100/{match[2]}/{match[1]}", "images/s", int(match[3]), f"masks, {match[4]}",
                     float(match[5]))


def inference(line, settings):
    match = re.match(rf"(\w+) \| (\d+) thr \| (\w+) \| batch (\d+) \| INFER .*us median {NUMBER}", line)
    if match and match[1] in NETWORKS:
        settings.add(f"infer/{NETWORKS[match[1]]}/dense/batch-{match[4]}", "us", int(match[2]), match[3],
                     float(match[5]))


def sparse_inference(line, settings):
    match = re.match(rf"(12x|50x) \| batch (\d+) \| ([^|]+) \| (\d+) thr \| us median {NUMBER}", line)
    if match:
        for form in ("masked", "compacted"):
            settings.add(f"infer/lenet-300-100/{SPARSITIES[match[1]]}/batch-{match[2]}/{form}", "us", int(match[4]),
                         match[3].strip(), float(match[5]))


def curvature(line, settings):
    match = re.match(rf"OBD (ggn|lecun) \| n=10000 \| chunk (\d+) \| (\d+) thr.* s median {NUMBER}.* so {NUMBER} MB", line)
    if match:
        name = {"ggn": "gauss-newton-diagonal", "lecun": "lecun-diagonal"}[match[1]]
        settings.add(f"curvature/lenet-300-100/{name}", "s", int(match[3]), f"chunk {match[2]}", float(match[4]),
                     float(match[5]))
    match = re.match(rf"OBD fisher \| n=10000 \| (chunk \d+ \w+) \| (\d+) thr \| s median {NUMBER}", line)
    if match:
        settings.add("curvature/lenet-300-100/fisher-diagonal", "s", int(match[2]), match[1], float(match[3]))


def surgeon(line, settings):
    match = re.match(rf"digits \| (inv_\w+) \| (\d+) thr \| ms median {NUMBER}", line)
    # The recursion loses the last digits, or all of them, on this network.
    if match and match[1] != "inv_recursion":
        settings.add("obs/inverse-4810x1437", "s", int(match[2]), match[1], float(match[3]) / 1e3)
    match = re.match(rf"digits \| sweep to 481 of 4810 weights, ([\w ]+) \| (\d+) thr \| ms median {NUMBER}", line)
    if match:
        settings.add("obs/sweep-4810-to-481", "s", int(match[2]), match[1], float(match[3]) / 1e3)
    match = re.match(rf"layer \| full trace of all 300 rows, (\w+), (\d+) at once \| (\d+) thr \| {NUMBER} s", line)
    if match:
        settings.add("obs/rows-784x300-full-trace", "s", int(match[3]), f"{match[1]}, {match[2]} rows at once",
                     float(match[4]))


def machine(line, settings):
    match = re.match(rf"copy 256 MiB \(read\+write\) \| (\d+) thr \| GB/s median {NUMBER}", line)
    if match:
        settings.add("machine/memory-copy", "GB/s", int(match[1]), "copy", float(match[2]))


def main():
    settings = Settings()
    for line in fileinput.input(encoding="utf-8", errors="replace"):
        settings.read(line)
    report = settings.report()
    if not report["rows"]:
        sys.exit("peer.py: nothing in the input is a line that the peer's scripts print")
    json.dump(report, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
