"""From a fresh checkout to a running server, in steps that each look first whether their inputs have changed.

`python -m project.bootstrap STEP…` is what the Makefile calls. It runs before anything is installed: it knows the
standard library only, and what it cannot do it says in one sentence with the remedy.
"""
