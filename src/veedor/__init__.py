"""veedor: forecast recorded incidents for places in the open, and audit such systems from files."""

__version__ = "0.1.0"
