"""What briefs remembers: people, dossiers, results, drafts and their versions, decisions, hand-offs, the audit chain. The only SQL of this layer.

One small module a noun, each a set of functions of an open transaction; `Store` opens the transaction around them.
"""

from briefs.store.facade import Store, Transaction

__all__ = ["Store", "Transaction"]
