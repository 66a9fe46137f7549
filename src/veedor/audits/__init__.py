"""Audits of anyone's system, from files.

An audit never imports a forecaster: a vendor's forecast gets the very same treatment as ours.
"""
