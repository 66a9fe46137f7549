"""The catalogues of translations: gathered from the code, kept up to date, added to, checked.

``make catalogues`` brings ``src/veedor/locale/*/LC_MESSAGES/veedor.po`` up to date; see
``docs/languages.md``.
"""
