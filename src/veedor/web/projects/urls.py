"""Addresses of projects."""

from __future__ import annotations

from django.urls import path

from veedor.web.projects import views

urlpatterns = [path("<slug:project>/", views.project, name="project")]
