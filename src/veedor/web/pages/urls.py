"""Addresses that belong to no app: home, language, health."""

from __future__ import annotations

from django.urls import path

from veedor.web.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.language, name="language"),
    path("health/", views.health, name="health"),
]
