"""Addresses of work: uploads, studies, audits, jobs and results of a project."""

from __future__ import annotations

from django.urls import path

from veedor.web.work import audit_views, publish_views, study_views, upload_views, views

_STUDY, _JOB = "<slug:project>/studies/<slug:study>", "<slug:project>/jobs/<slug:job>"

urlpatterns = [
    path("<slug:project>/uploads/", upload_views.uploads, name="uploads"),
    path("<slug:project>/uploads/new/", upload_views.upload_new, name="upload_new"),
    path("<slug:project>/uploads/new-pack/", upload_views.pack_new, name="pack_new"),
    path(
        "<slug:project>/uploads/<slug:upload>/erase/",
        upload_views.upload_erase,
        name="upload_erase",
    ),
    path("<slug:project>/studies/", study_views.studies, name="studies"),
    path("<slug:project>/new-study/", study_views.study_new, name="study_new"),
    path(f"{_STUDY}/", study_views.study, name="study"),
    path(f"{_STUDY}/settings/", study_views.study_settings, name="study_settings"),
    path(f"{_STUDY}/do/<slug:task>/", study_views.study_do, name="study_do"),
    path("<slug:project>/audits/", audit_views.audit_kinds, name="audit_kinds"),
    path("<slug:project>/audits/<slug:audit>/", audit_views.audit_new, name="audit_new"),
    path("<slug:project>/jobs/", views.jobs, name="jobs"),
    path(f"{_JOB}/", views.job, name="job"),
    path(f"{_JOB}/progress/", views.job_progress, name="job_progress"),
    path(f"{_JOB}/cancel/", views.job_cancel, name="job_cancel"),
    path(f"{_JOB}/retry/", views.job_retry, name="job_retry"),
    path(f"{_JOB}/report/", views.job_report, name="job_report"),
    path(f"{_JOB}/publish/", publish_views.job_publish, name="job_publish"),
    path(f"{_JOB}/files/<path:file>", views.job_file, name="job_file"),
]
