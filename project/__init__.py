"""The site that serves Scriptorium: its settings, addresses, start and end. A Python too old is told so in one line."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (the packaging metadata stops nobody who runs from a checkout)
    sys.exit(
        "Scriptorium needs Python 3.11 or later, and this is %d.%d: name another, such as PYTHON=python3.11."  # noqa: UP031
        % sys.version_info[:2]
    )
