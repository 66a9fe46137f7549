"""Addresses of what anyone may read, and of what a project published."""

from __future__ import annotations

from django.urls import path

from veedor.web.observatory import api, feed, views

urlpatterns = [
    path("published/", views.published, name="published"),
    path("published/pages/<int:page>/", views.published, name="published_page"),
    path("published/<slug:publication>/", views.publication, name="publication"),
    path("published/<slug:publication>/promises/", views.promises_of, name="promises_of"),
    path(
        "published/<slug:publication>/promises/<int:page>/",
        views.promises_of,
        name="promises_of_page",
    ),
    path("published/<slug:publication>/<path:name>", views.public_file, name="public_file"),
    path("promises/", views.promises, name="promises"),
    path("data/", views.data, name="public_data"),
    path("feed/<slug:language>.xml", feed.feed, name="feed"),
    path("api/openapi.json", api.description, name="api_description"),
    path("api/publications.json", api.publications, name="api_publications"),
    path("api/publications/<slug:key>.json", api.publication, name="api_publication"),
    path("api/promises.json", api.promises, name="api_promises"),
    path("api/scoreboard.json", api.scoreboard, name="api_scoreboard"),
    path("api/<path:rest>", api.nothing, name="api_nothing"),
    path("projects/<slug:project>/published/", views.of_project, name="published_of_project"),
]
