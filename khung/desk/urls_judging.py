"""Addresses of judging: the queue, plans, reasons."""

from django.urls import URLPattern, path

from khung.desk.views import (
    judging,
    judging_plans,
    judging_together,
    return_reasons,
    verdicts,
)

_QUEUE = "viec-cua-toi/tham-dinh/"

urlpatterns: list[URLPattern] = [
    path(_QUEUE, judging.judging, name="judging"),
    path(f"{_QUEUE}cong-nhan/", verdicts.accept, name="accept_reports"),
    path(f"{_QUEUE}tra-lai/", verdicts.send_back, name="return_reports"),
    path(f"{_QUEUE}chuyen/", verdicts.pass_on, name="pass_on_reports"),
    path(f"{_QUEUE}phan-cong/", verdicts.assign, name="assign_reviewer"),
    path(f"{_QUEUE}gop/", judging_together.together, name="judge_together"),
    path(f"{_QUEUE}gop/<int:pk>/", judging_together.task, name="judge_together_task"),
    path("nhiem-vu-duoc-giao/<int:pk>/huy-cong-nhan/", verdicts.reopen, name="reopen_report"),
    path("cach-tham-dinh/", judging_plans.judging_plans, name="judging_plans"),
    path("cach-tham-dinh/dat/", judging_plans.set_plan, name="set_judging_plan"),
    path(
        "cach-tham-dinh/bat-buoc/<int:pk>/",
        judging_plans.compulsory,
        name="compulsory_methods",
    ),
    path("ly-do-tra-lai/", return_reasons.return_reasons, name="return_reasons"),
    path("ly-do-tra-lai/goi-y/", return_reasons.propose, name="propose_reasons"),
    path("ly-do-tra-lai/thu-tu/", return_reasons.move, name="move_reason"),
    path("ly-do-tra-lai/<int:pk>/", return_reasons.reword, name="reword_reason"),
    path("ly-do-tra-lai/<int:pk>/dung/", return_reasons.retire, name="retire_reason"),
]
