"""Every address of a site: those of each app under a name of its own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("veedor.web.pages.urls")),
    path("accounts/", include("veedor.web.accounts.urls")),
    path("", include("veedor.web.observatory.urls")),
    path("projects/", include("veedor.web.projects.urls")),
    path("", include("veedor.web.looks.urls")),
    path("projects/", include("veedor.web.work.urls")),
    path("", include("veedor.web.reading.urls")),
    path("", include("veedor.web.disclosure.urls")),
]

handler400 = "veedor.web.pages.views.wrong"
handler403 = "veedor.web.pages.views.refused"
handler404 = "veedor.web.pages.views.absent"
handler500 = "veedor.web.pages.views.broken"
