"""`make screenshots`: every page and dialog of a real server in Chromium, to be looked at, and for docs/images/."""
