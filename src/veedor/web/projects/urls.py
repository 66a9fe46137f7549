"""Addresses of projects."""

from __future__ import annotations

from django.urls import path

from veedor.web.projects import members, views

urlpatterns = [
    path("", members.projects, name="projects"),
    path("new/", members.new, name="new_project"),
    path("<slug:project>/members/", members.members, name="members"),
    path("<slug:project>/members/add/", members.add, name="add_member"),
    path("<slug:project>/members/<int:account>/remove/", members.remove, name="remove_member"),
    path("<slug:project>/", views.project, name="project"),
]
