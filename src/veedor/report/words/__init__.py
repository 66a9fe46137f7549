"""The one room where words are made: sentences from codes and numbers, in the language asked for.

Every sentence of a page or of a command stands in a module here, by topic, as an English template
that is a gettext message; `Words` fills it in. Codes of results have their templates in tables
(`noted`), one template a code, which `Words.of` finds.
"""

from veedor.report.words.language import Words, noted, words_in

__all__ = ["Words", "noted", "words_in"]
