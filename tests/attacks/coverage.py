"""A process that looks, led by what each try has newly reached, for bytes that the guard and the decoder do not bear.

`python -m tests.attacks.coverage FOLDER OPTION...` runs atheris with libFuzzer's options: it keeps in FOLDER what
reaches something new, and ends with what it has found, if anything. Needs `python -m project.bootstrap fuzzer`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["collab"]):
    from tests.attacks.trial import replay


def main(folder: Path, *options: str) -> None:
    bounds = ["-timeout=5", "-rss_limit_mb=2048", "-max_len=2000", f"-artifact_prefix={folder}/found-"]
    atheris.Setup([sys.argv[0], *bounds, *options, str(folder)], replay)
    atheris.Fuzz()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
