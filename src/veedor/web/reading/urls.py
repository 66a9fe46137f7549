"""Addresses of reading packs."""

from __future__ import annotations

from django.urls import path

from veedor.web.reading import judge_views, pack_views

_JUDGING = "projects/<slug:project>/judging/"
_PACKS = "projects/<slug:project>/packs/"
urlpatterns = [
    path(_JUDGING, judge_views.packs, name="judging"),
    path(f"{_JUDGING}<slug:pack>/", judge_views.go_on, name="judge"),
    path(f"{_JUDGING}<slug:pack>/end/", judge_views.end, name="judge_end"),
    path(f"{_JUDGING}<slug:pack>/<int:line>/", judge_views.line, name="judge_line"),
    path(_PACKS, pack_views.packs, name="packs"),
    path(f"{_PACKS}<slug:pack>/", pack_views.pack, name="pack"),
    path(f"{_PACKS}<slug:pack>/readers.zip", pack_views.export, name="pack_export"),
    path(f"{_PACKS}<slug:pack>/<int:reader>/assign/", pack_views.assign, name="pack_assign"),
    path(f"{_PACKS}<slug:pack>/<int:reader>/replace/", pack_views.replace, name="pack_replace"),
    path(f"{_PACKS}<slug:pack>/<int:reader>/reopen/", pack_views.reopen, name="pack_reopen"),
]
