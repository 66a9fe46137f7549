"""For people to read: results, quality report and manifest become one HTML file.

Data flows one way here too: ``page`` turns the three dictionaries into a dictionary of finished
sentences, tables and charts; ``templates/report.html.j2`` lays it out and escapes it; ``write``
puts it on disk whole or not at all. Every other report is a `Document` of sections. No page loads
anything from outside.
"""

from veedor.report.document import Document, Section, write_document

__all__ = ["Document", "Section", "write_document"]
