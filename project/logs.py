"""What a log may not hold: whoever reads it must not get into documents by it."""

from __future__ import annotations

import logging
import re

# The token in a share link's address, and the one that programs add to an address.
_TOKEN = re.compile(r"(?<=/s/)[^/\s?'\"]+|(?<=\btoken=)[^&\s'\"]+", re.IGNORECASE)


class Discreet(logging.Formatter):
    """Leaves tokens out of the finished line, traceback and all."""

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub("…", super().format(record))
