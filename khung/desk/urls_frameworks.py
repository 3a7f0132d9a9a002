"""Addresses of the framework, its tasks, and the desk where a Decision is taken in."""

from django.urls import URLPattern, path

from khung.desk.views import drafts, frameworks, import_desk, meanings

urlpatterns: list[URLPattern] = [
    path("bo-khung/", frameworks.framework, name="framework"),
    path("bo-khung/nhiem-vu/<int:no>/", frameworks.task, name="task"),
    path("bo-khung/nhiem-vu/<int:no>/cach-hieu/", meanings.settle_phrase, name="settle_phrase"),
    path("bo-khung/nhiem-vu/<int:no>/noi-dung/", import_desk.place_task, name="place_task"),
    path("bo-khung/noi-thi-hanh/", meanings.settle_addressee, name="settle_addressee"),
    path(
        "bo-khung/cach-hieu/<int:meaning_id>/bo/",
        meanings.withdraw_meaning,
        name="withdraw_meaning",
    ),
    path("bo-khung/nghi-van/", import_desk.doubts, name="doubts"),
    path("bo-khung/nghi-van/<int:doubt_id>/", import_desk.doubt, name="doubt"),
    path("bo-khung/du-thao/dung-lai/", drafts.reuse_settlements, name="reuse_settlements"),
    path("bo-khung/du-thao/bo/", drafts.discard_draft, name="discard_draft"),
    path("bo-khung/tep/", frameworks.decision_file, name="decision_file"),
    path("bo-khung/hieu-luc/", import_desk.put_in_force, name="put_in_force"),
    path("quyet-dinh/doc/", import_desk.read_decision, name="read_decision"),
]
