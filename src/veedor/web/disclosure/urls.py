"""Addresses of records, requests and calendars."""

from __future__ import annotations

from django.urls import path

from veedor.web.disclosure import calendar_views, record_views, request_views

_RECORDS = "projects/<slug:project>/records/"
_RECORD = f"{_RECORDS}<slug:record>/"
_REQUESTS = "projects/<slug:project>/requests/"
_REQUEST = f"{_REQUESTS}<int:number>/"
_DEADLINES = "projects/<slug:project>/deadlines/"

urlpatterns = [
    path(_RECORDS, record_views.records, name="records"),
    path(f"{_RECORDS}new/", record_views.record_new, name="record_new"),
    path(f"{_RECORDS}take-in/", record_views.record_taken_in, name="record_taken_in"),
    path(_RECORD, record_views.record, name="record"),
    path(f"{_RECORD}take-in/", record_views.version_taken_in, name="version_taken_in"),
    path(f"{_RECORD}versions/<int:number>/", record_views.version, name="version"),
    path(f"{_RECORD}versions/<int:number>/record.toml", record_views.file, name="record_file"),
    path(f"{_RECORD}changes/", record_views.changes, name="record_changes"),
    path(f"{_RECORD}export/", record_views.export, name="record_export"),
    path(f"{_RECORD}publish/<slug:job>/", record_views.publish, name="record_publish"),
    path(f"{_RECORD}ask/", request_views.of_record, name="record_ask"),
    path(_REQUESTS, request_views.requests, name="information_requests"),
    path(f"{_REQUESTS}new/", request_views.new, name="information_request_new"),
    path(_REQUEST, request_views.one, name="information_request"),
    path(f"{_REQUEST}day/", request_views.day, name="information_request_day"),
    path(
        f"{_REQUEST}letter.<slug:ending>", request_views.letter, name="information_request_letter"
    ),
    path(_DEADLINES, calendar_views.deadlines, name="deadlines"),
    path(f"{_DEADLINES}link/", calendar_views.link, name="calendar_link"),
    path(f"{_DEADLINES}link/withdraw/", calendar_views.withdraw, name="calendar_withdraw"),
    path("calendar/<str:secret>.ics", calendar_views.calendar, name="calendar"),
]
