"""Where things lie in a checkout."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STATIC = ROOT / "static"
LOGS = ROOT / ".build"
VAR_DIR = Path(os.environ.get("VAR_DIR", "").strip() or ROOT / "var")
EMBEDDED = not os.environ.get("DATABASE_URL") and not os.environ.get("ALLOWED_HOSTS")
