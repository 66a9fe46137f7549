"""Addresses of the access log."""

from __future__ import annotations

from django.urls import path

from veedor.web.looks import views

urlpatterns = [
    path("looks/", views.public, name="looks_public"),
    path("looks/checkpoint", views.checkpoint, name="looks_checkpoint"),
    path("looks/key", views.public_key, name="looks_key"),
    path("looks/keys", views.renewed_keys, name="looks_keys"),
    path("looks/log/", views.log, name="looks_log"),
    path("looks/log/export", views.export, name="looks_export"),
    path("looks/log/purpose", views.purpose_site, name="looks_purpose_site"),
    path("projects/<slug:project>/purpose", views.purpose, name="looks_purpose"),
]
