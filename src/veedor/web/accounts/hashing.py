"""How passwords are hashed: Argon2id as OWASP asks, with a bound on what sign-ins may take."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Hasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB and one thread, so that many at once fit into a small machine."""

    time_cost = 2
    memory_cost = 46 * 1024
    parallelism = 1
