"""Addresses of evidence: adding, reusing, serving."""

from django.urls import URLPattern, path

from khung.desk.views import evidence, evidence_files, evidence_reuse

urlpatterns: list[URLPattern] = [
    path("nhiem-vu-duoc-giao/<int:pk>/tai-lieu/", evidence.add_evidence, name="add_evidence"),
    path(
        "nhiem-vu-duoc-giao/<int:pk>/tai-lieu/dung-lai/",
        evidence_reuse.reuse_evidence,
        name="reuse_evidence",
    ),
    path(
        "nhiem-vu-duoc-giao/<int:pk>/tai-lieu/con-hieu-luc/",
        evidence_reuse.carry_over,
        name="carry_over",
    ),
    path("tai-lieu/trong-bao-cao/<int:use_id>/", evidence.change_evidence, name="change_evidence"),
    path(
        "tai-lieu/trong-bao-cao/<int:use_id>/bo/",
        evidence.remove_evidence,
        name="remove_evidence",
    ),
    path("tai-lieu/<int:pk>/", evidence_files.evidence_file, name="evidence_file"),
    path(
        "tai-lieu/<int:pk>/anh-nho/", evidence_files.evidence_thumbnail, name="evidence_thumbnail"
    ),
]
