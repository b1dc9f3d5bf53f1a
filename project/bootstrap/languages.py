"""The catalogues of project/languages, compiled with a package of .venv: nobody's machine needs gettext's own tools."""

from __future__ import annotations

from project.bootstrap.places import PYTHON, ROOT, STATIC
from project.bootstrap.python import venv
from project.bootstrap.work import digest, once, run


def languages() -> None:
    """What server and page load of each language, as docs_app/locale/ says."""
    venv()
    key = digest(*ROOT.glob("docs_app/locale/*/*/*.po"), *ROOT.glob("project/languages/*.py"))
    (STATIC / "languages").mkdir(exist_ok=True)
    once(STATIC / "languages" / ".compiled-from", key, _compile)


def _compile() -> None:
    run("Compiling the catalogues", PYTHON, "-m", "project.languages", "compile", log="languages.log")
