"""What the product says in other languages: from sources to catalogues, and from those to what server and page load.

Run as `python -m project.languages`; nothing of the running site imports it (docs/translating.md).
"""
