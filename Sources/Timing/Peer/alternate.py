"""Times the program and its peer in turns, and writes both sides' reports for 'workbench bench'.

   alternate.py --workbench .build/release/workbench --peer DIR --python ENV/bin/python --out DIR [--rounds 5]

Each round runs the program once and every script of the peer once, for 1 and for 2 threads; what the
machine does meanwhile meets both. The reports hold each row's median over the rounds: the program's are
ours-1.json and ours-2.json, the peer's, the best of its settings, peer.json. Forms of the peer that never
win (a recursion that loses all digits, sweeps at full size, trials of other block sizes) are left out
to save the time they take. The peer's folder must be one that can be written to, and hold the networks
that its magnitude.py and obd.py leave there. Needs nothing beyond Python's standard library; the peer's scripts need the
packages they name."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

import peer

FILTER = ("machine/,train/,update/,step-hook/,infer/lenet-300-100,curvature/lenet-300-100,obs/")
# Script, arguments, and passages that are replaced in a copy of it.
SCRIPTS = [
    ("train_mnist.py", "speed lenet300", []),
    ("train_mnist.py", "speed lenet300 --compile", []),
    ("train_mnist.py", "speed lenet5 --nhwc --limit 12800 --epochs 3", []),
    ("train_mnist.py", "speed lenet5pr --nhwc --limit 12800 --epochs 3", []),
    ("train_mnist.py", "speed lenet5pr --nhwc --compile --limit 12800 --epochs 3", []),
    ("train_mnist.py", "speed lenet5pr --compile --limit 12800 --epochs 3", []),
    ("train_mnist.py", "speed resnet14 --nhwc --limit 2560 --epochs 3", []),
    ("train_mnist.py", "speed resnet14 --limit 2560 --epochs 3", []),
    ("train_mnist.py", "speed resnet14 --compile --limit 2560 --epochs 3", []),
    ("train_mnist.py", "speed resnet14 --compile --nhwc --limit 2560 --epochs 3", []),
    ("moving.py", "static", []),
    ("moving.py", "static --compile", []),
    ("moving.py", "rigl", []),
    ("moving.py", "rigl --compile", []),
    ("sparse_infer.py", "", [("timeit(f, 1.0, warm=50)", "timeit(f, 0.3, warm=50)")]),
    ("obd.py", "ggn 10000 --chunk 500", []),
    ("obd.py", "ggn 10000 --chunk 1000", []),
    ("obd.py", "lecun 10000 --chunk 1000", []),
    ("fisher.py", "backpack 10000 --chunk 1000", []),
    ("fisher.py", "hand 10000 --chunk 1000", []),
    ("obs.py", "digits --reps 2", [("(inv_recursion,) + (() if", "(() if"),
                                   ("for compact in (True, False)", "for compact in (True,)")]),
    ("obs.py", "layer", [("for dtype in (torch.float32, torch.float64):", "for dtype in ():")]),
]


def run(command, environment=None, folder=None):
    done = subprocess.run(command, env=environment, cwd=folder, text=True, capture_output=True)
    if done.returncode != 0:
        sys.stderr.write(done.stdout[-500:] + done.stderr[-2000:])
        sys.exit(f"alternate.py: {' '.join(map(str, command))} ended with {done.returncode}")
    return done.stdout


def source(folder, script):
    """One of the peer's scripts, or one that lies here and uses what the peer's have in common."""
    own = pathlib.Path(__file__).parent / script
    return own if own.exists() else folder / script


def changed(folder, script, replacements):
    text = source(folder, script).read_text()
    for old, new in replacements:
        if old not in text:
            sys.exit(f"alternate.py: {script} does not have the passage '{old}'")
        text = text.replace(old, new)
    copy = folder / f"alternate_{script}"
    copy.write_text(text)
    return copy.name


def median_report(reports):
    result = dict(reports[0], rounds=len(reports))
    result["rows"] = []
    for row in reports[0]["rows"]:
        same = [r for report in reports for r in report["rows"] if r["name"] == row["name"]]
        figures = sorted(r["median"] for r in same)
        row = dict(row, median=statistics.median(figures), low=figures[0], high=figures[-1])
        for field in ("gigaflops", "ceilingShare", "peakBytes"):
            if field in row:
                row[field] = statistics.median(r[field] for r in same)
        if "peakBytes" in row:
            row["peakBytes"] = int(row["peakBytes"])
        result["rows"].append(row)
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--workbench", type=pathlib.Path, required=True)
    parser.add_argument("--peer", type=pathlib.Path, required=True)
    parser.add_argument("--python", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--filter", default=FILTER, help="the program's rows")
    parser.add_argument("--scripts", default="", help="only the peer's scripts whose names and arguments contain this")
    options = parser.parse_args()
    scripts = [s for s in SCRIPTS if options.scripts in f"{s[0]} {s[1]}"]
    for path in [options.workbench, options.python] + [source(options.peer, name) for name, _, _ in scripts]:
        if not path.exists():
            parser.error(f"there is no '{path}'")
    options.out.mkdir(parents=True, exist_ok=True)
    # The peer's packages bring a library of their own, which knows the processor.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    # Its tensors are in large pages, as the program's memory is, where that does not make it slower.
    large_pages = environment | {"THP_MEM_ALLOC_ENABLE": "1"}
    ours = {1: [], 2: []}
    settings = peer.Settings()
    with open(options.out / "peer.txt", "w") as log:
        for round in range(options.rounds):
            for threads in (1, 2):
                print(f"round {round + 1} of {options.rounds}, threads {threads}", file=sys.stderr, flush=True)
                text = run([options.workbench, "bench", "--format", "json", "--quiet", "--rounds", "1",
                            "--threads", str(threads), "--filter", options.filter])
                ours[threads].append(json.loads(text))
                for script, arguments, replacements in scripts:
                    name = changed(options.peer, script, replacements)
                    text = run([options.python, name, *arguments.split(), "--threads", str(threads)],
                               environment if script == "obs.py" else large_pages, options.peer)
                    log.write(text)
                    log.flush()
                    for line in text.splitlines():
                        settings.read(line)
    for threads, reports in ours.items():
        (options.out / f"ours-{threads}.json").write_text(json.dumps(median_report(reports), indent=1) + "\n")
    (options.out / "peer.json").write_text(json.dumps(settings.report(), indent=1) + "\n")


if __name__ == "__main__":
    main()
