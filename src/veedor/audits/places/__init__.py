"""Audits of systems that flag places: whom they burden, whether they feed on themselves."""
