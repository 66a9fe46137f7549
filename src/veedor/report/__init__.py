"""For people to read: results become a page, one HTML file.

Data flows one way here too: a module of a page (``page`` of a study's, ``audit_exposure``,
``sealed``, ...) turns results into a `Document` of finished sentences, tables and charts, in the
words of one language; ``templates/document.html.j2`` lays it out and escapes it; `write_document`
puts it on disk whole or not at all. No page loads anything from outside.
"""

from veedor.report.document import Document, Section, write_document

__all__ = ["Document", "Section", "write_document"]
