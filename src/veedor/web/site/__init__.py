"""A site on disk, and the Django project that serves it."""
