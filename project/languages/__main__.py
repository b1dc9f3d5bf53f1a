"""`python -m project.languages extract` brings the catalogues up to date, `extract CODE` begins one; `compile`."""

from __future__ import annotations

import sys

from project.languages import catalogues, extraction
from project.languages.places import languages


def main(words: list[str]) -> int:
    match words:
        case ["extract", *new]:
            template = extraction.template()
            for language in sorted({*languages(), *new}):
                print(catalogues.update(language, template))
        case ["compile"]:
            for language in languages():
                catalogues.compile_for_server(language)
                catalogues.compile_for_page(language)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
