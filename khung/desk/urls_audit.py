"""Address of the audit trail."""

from django.urls import URLPattern, path

from khung.desk.views import audit

urlpatterns: list[URLPattern] = [path("nhat-ky/", audit.trail, name="audit_trail")]
