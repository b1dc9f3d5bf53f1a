"""`make screenshots ARGS="document share-dialog --look dark"`: without names all scenes, without looks all of them.

Each becomes test-results/screenshots/NAME-LOOK.png, NAME.png being the wide one. Those that a page of documentation
shows are also put into docs/images/, with few enough colours to be kept in the repository.
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Error

from tests.gallery.looks import LOOKS, Look
from tests.gallery.scenes import SCENES
from tests.gallery.stage import Set, Stage, build, playing
from tests.support.browser import RESULTS, Browser
from tests.support.site import ROOT, Site

OUT = ROOT / RESULTS / "screenshots"
IMAGES = ROOT / "docs" / "images"
KEPT_BYTES = 150_000  # the most that a kept picture may have


def main(words: list[str]) -> int:
    asked = _parsed(words)
    wanted = {file_name(scene, LOOKS[look]) for scene in asked.scenes for look in asked.look}
    OUT.mkdir(parents=True, exist_ok=True)
    for name in wanted:
        (OUT / name).unlink(missing_ok=True)
    failed: list[str] = []
    with TemporaryDirectory() as folder, playing(Path(folder)) as (chromium, site):
        sets: dict[str, Set] = {}
        for look in map(LOOKS.__getitem__, asked.look):
            language = look.cast.language
            sets[language] = sets.get(language) or build(chromium, site, look.cast)
            failed += _played(chromium, site, look, sets[language], asked.scenes)
    for name in wanted & shown_in_docs():
        if (OUT / name).exists():
            keep(OUT / name, IMAGES / name)
    print("\n".join([f"In {OUT}.", *failed]))
    return 1 if failed else 0


def _parsed(words: list[str]) -> Namespace:
    parser = ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("scenes", nargs="*", default=[], help=", ".join(SCENES))
    parser.add_argument("--look", action="append", choices=LOOKS, help="may be given several times")
    asked = parser.parse_args(words)
    if unknown := set(asked.scenes) - set(SCENES):
        parser.error(f"There is no scene {', '.join(sorted(unknown))}.")
    asked.scenes = asked.scenes or list(SCENES)
    asked.look = asked.look or list(LOOKS)
    return asked


def _played(chromium: Chromium, site: Site, look: Look, scenery: Set, names: Iterable[str]) -> list[str]:
    """One sentence for each scene that could not be played."""
    failed = []
    stage = Stage(Browser(chromium, site), look, scenery)
    for name in names:
        try:
            page = SCENES[name](stage)
            page.evaluate("() => document.fonts.ready")
            page.screenshot(path=OUT / file_name(name, look), animations="disabled", caret="initial")
        except (AssertionError, Error) as error:
            failed.append(f"{file_name(name, look)} failed: {error}")
        finally:
            stage.leave()
    return failed


def file_name(scene: str, look: Look) -> str:
    return f"{scene}.png" if look.name == "wide" else f"{scene}-{look.name}.png"


def shown_in_docs() -> set[str]:
    """The names of the pictures that README and docs/ show."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    return {name for page in pages for name in re.findall(r"\((?:docs/)?images/([\w-]+\.png)\)", page.read_text())}


def keep(picture: Path, target: Path) -> None:
    """A copy with as many colours as its size allows. Raises ValueError if it is too large even with sixteen."""
    with Image.open(picture) as image:
        for colours in 256, 128, 64, 32, 16:
            # The rare colours too, and then those moved to where the letters' edges want them.
            few = image.convert("RGB").quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
            few.save(target, optimize=True)
            if target.stat().st_size <= KEPT_BYTES:
                return
    raise ValueError(f"{target.name} is larger than {KEPT_BYTES} bytes.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
