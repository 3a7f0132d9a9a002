"""Addresses of a unit's own order: sharing, approving, covering reports, exemptions."""

from django.urls import URLPattern, path

from khung.desk.views import (
    approving,
    covering,
    entering,
    exceptions,
    exemptions,
    joint,
    sharing,
    versions,
)

_ONE = "nhiem-vu-duoc-giao/<int:pk>"
_EXEMPT = "viec-cua-toi/de-nghi-mien"
_PAPER = "viec-cua-toi/bao-cao-cua-don-vi"
_LEAVE = "ky-bao-cao/sau-ngay-khoa"

urlpatterns: list[URLPattern] = [
    path("duyet-bao-cao/", approving.approve, name="approve"),
    path("giao-viec/", sharing.share, name="share_work"),
    path("giao-viec/cach-gui/", sharing.habits, name="unit_habits"),
    path(f"{_ONE}/cac-lan-bao-cao/", versions.versions, name="report_versions"),
    path(f"{_ONE}/de-nghi-mien/", exemptions.propose, name="propose_exemption"),
    path(f"{_ONE}/bo-mien/", exemptions.restore, name="restore_exempted"),
    path(f"{_ONE}/ket-qua-chung/", joint.joint_result, name="joint_result"),
    path(f"{_EXEMPT}/", exemptions.exemptions, name="exemptions"),
    path(f"{_EXEMPT}/<int:pk>/", exemptions.answer, name="answer_exemption"),
    path(f"{_EXEMPT}/<int:pk>/rut/", exemptions.withdraw, name="withdraw_proposal"),
    path(f"{_PAPER}/", covering.covering_report, name="covering_report"),
    path(f"{_PAPER}/du-thao/", covering.draft, name="covering_draft"),
    path(f"{_PAPER}/<int:pk>/da-ky/", covering.signed, name="covering_signed"),
    path(f"{_LEAVE}/", exceptions.lock_exceptions, name="lock_exceptions"),
    path(f"{_LEAVE}/cho-phep/", exceptions.grant, name="grant_lock_exception"),
    path(f"{_LEAVE}/<int:pk>/dung/", exceptions.revoke, name="revoke_lock_exception"),
    path("nhap-thay/", entering.enter_for, name="enter_for"),
    path("nhap-thay/<int:pk>/", entering.enter_for_unit, name="enter_for_unit"),
]
