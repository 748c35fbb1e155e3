"""Secrets of targets under lock: with a key of your own they lie in the database encrypted, so that a copy of it lets nobody send in your name."""

from __future__ import annotations

import base64
from functools import cached_property
from typing import TYPE_CHECKING

from briefs.errors import BadInput

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

MARK = "sealed:1:"
SHORTEST = 32
SETTING = "BRIEFS_SECRET_KEY"


class Seal:
    """Encrypts and opens secrets with a key (Fernet, its key taken from yours by HKDF). Without a key it does neither."""

    def __init__(self, key: str | None = None) -> None:
        """Raises BadInput for a key that is too short to be one."""
        if key is not None and len(key) < SHORTEST:
            raise BadInput(f"{SETTING} is too short.", f"At least {SHORTEST} characters nobody can guess, as `openssl rand -hex 32` prints.")
        self._key = key

    @property
    def locks(self) -> bool:
        return self._key is not None

    def close(self, secret: str) -> str:
        """What is kept of a secret; the secret itself where there is no key."""
        return secret if self._key is None or is_sealed(secret) else MARK + self._box.encrypt(secret.encode()).decode()

    def open(self, kept: str) -> str:
        """The secret; one kept in the clear is itself. Raises BadInput where the key is missing or another one."""
        if not is_sealed(kept):
            return kept
        from cryptography.fernet import InvalidToken

        if self._key is None:
            raise BadInput("The secrets of targets are sealed, and there is no key.", f"Set {SETTING} to the key they were sealed with.")
        try:
            return self._box.decrypt(kept.removeprefix(MARK).encode()).decode()
        except InvalidToken as cause:
            raise BadInput(
                f"{SETTING} is not the key the secrets of targets were sealed with.", "Set the old key, or give the targets new secrets."
            ) from cause

    @cached_property
    def _box(self) -> Fernet:
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        made = HKDF(SHA256(), 32, salt=None, info=b"briefs target secrets").derive((self._key or "").encode())
        return Fernet(base64.urlsafe_b64encode(made))


def is_sealed(kept: str) -> bool:
    return kept.startswith(MARK)
