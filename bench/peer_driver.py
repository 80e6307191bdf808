"""What each peer says of a folder, asked through its own Python: one folder a line in, one JSON object a line out.

    PEER_PYTHON -I bench/peer_driver.py guarddog|hexora|pipguard

Source rules alone, no metadata, no network. Peers only read files; nothing in the folders is imported or run.
Thresholds are the peers' own (docs/benchmarks.md): of each word in "said", whether the folder is flagged.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

Said = dict[str, bool]


def guarddog() -> Callable[[str], Said]:
    from guarddog.analyzer.analyzer import Analyzer
    from guarddog.ecosystems import ECOSYSTEM

    analyser = Analyzer(ECOSYSTEM.PYPI)

    def ask(folder: str) -> Said:
        found = analyser.analyze_sourcecode(folder)
        score = analyser.calculate_package_risk_score(found)["score"]
        return {"5.0": score >= 5.0, "7.0": score >= 7.0}

    return ask


def hexora() -> Callable[[str], Said]:
    import hexora

    def ask(folder: str) -> Said:
        score = max((one["score"] for one in hexora.audit_path(folder)), default=0.0)
        return {"0.5": score >= 0.5, "0.7": score >= 0.7}

    return ask


def pipguard() -> Callable[[str], Said]:
    from pipguard.extractor import collect_binary_extension_files, collect_scannable_files
    from pipguard.scanner import scan_binary_extensions, scan_pth_file, scan_python_file

    def ask(folder: str) -> Said:
        found, source = [], False
        for path, hook in collect_scannable_files(folder):
            source = True
            found += scan_pth_file(path) if path.endswith(".pth") else scan_python_file(path, is_hook=hook)
        binaries = collect_binary_extension_files(folder)
        found += scan_binary_extensions(binaries, has_python_source=source) if binaries else []
        worst = max((one.level.value for one in found), default=0)
        return {"HIGH": worst >= 3, "CRITICAL": worst >= 4}

    return ask


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # some peers print as they start
    ask = {"guarddog": guarddog, "hexora": hexora, "pipguard": pipguard}[sys.argv[1]]()
    answers.write('"ready"\n')
    answers.flush()
    for line in sys.stdin:
        began = time.process_time()
        try:
            answer: dict[str, object] = {"said": ask(json.loads(line))}
        except Exception as why:  # noqa: BLE001 - whatever a peer raises is its answer: an error
            answer = {"error": f"{type(why).__name__}: {why}"}
        answer["seconds"] = time.process_time() - began
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
