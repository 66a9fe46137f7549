"""Addresses that belong to no app: home, language, health."""

from __future__ import annotations

from django.urls import path

from veedor.web.pages import views
from veedor.web.pages.health import health

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.language, name="language"),
    path("health/", health, name="health"),
]
