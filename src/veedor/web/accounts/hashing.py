"""How passwords are hashed: Argon2id as OWASP asks, with a bound on what sign-ins may take."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher

from veedor.web.accounts.turns import TURNS


class Hasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB and one thread, one password at a time in all processes of a site."""

    time_cost = 2
    memory_cost = 46 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash a password in its turn.

        Raises
        ------
        CrowdedError
        """
        with TURNS.taken():
            encoded: str = super().encode(password, salt)
        return encoded

    def verify(self, password: str, encoded: str) -> bool:
        """Say in its turn whether a password is the one that was hashed.

        Raises
        ------
        CrowdedError
        """
        with TURNS.taken():
            return bool(super().verify(password, encoded))
