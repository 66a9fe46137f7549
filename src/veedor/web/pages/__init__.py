"""The pages' common ground: layout, style, words, headers, errors, language."""
