"""What people do, as verbs: each begins with the lookup that is the check, writes, and tells others when it is on disk.

`by` and `author` are Visitors, and what they may not do raises docs_app.errors.Refused or one of its kinds. Services
are synchronous and are called from threads, never inside a transaction: the engine commits from a thread of its own.
"""
