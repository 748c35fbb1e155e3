"""What can go wrong while reading, storing and searching an account's records.

RetrievalError                  code, hint: one clear line and what to do
├── ImportFault                 the folder or file given cannot be imported at all
├── UnknownAccount              no such account in the store
├── StoreLocked                 another process owns this home's index
├── IndexBroken                 the vector index cannot be read; it can be rebuilt from SQL
└── EmbedderMissing             the embedding model chosen is not installed or not reachable
"""

from __future__ import annotations


class RetrievalError(Exception):
    """A fault a user can act on. `code` is stable; `hint` says what to do next."""

    code = "retrieval_error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class ImportFault(RetrievalError):
    code = "import_fault"


class UnknownAccount(RetrievalError):
    code = "unknown_account"


class StoreLocked(RetrievalError):
    code = "store_locked"


class IndexBroken(RetrievalError):
    code = "index_broken"


class EmbedderMissing(RetrievalError):
    code = "embedder_missing"
