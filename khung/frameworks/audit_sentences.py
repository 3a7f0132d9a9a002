"""What the trail says for each verb of this room; `{name}` stands for a value of the event."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "framework.drafted": _(
        "đọc Quyết định thành bộ khung dự thảo: {tasks} nhiệm vụ, {doubts} nghi vấn"
    ),
    "framework.put_in_force": _("đưa bộ khung vào hiệu lực từ {from}"),
    "framework.discarded": _("bỏ bộ khung dự thảo {framework}"),
    "settlements.reused": _("dùng lại {doubts} cách xử lý nghi vấn và {meanings} cách hiểu trước"),
    "doubt.settled": _("xử lý nghi vấn {key}: {settlement}"),
    "task.placed": _("xếp nhiệm vụ {task} vào nội dung {place}"),
    "phrase.withdrawn": _("bỏ cách hiểu “{phrase}” ({role})"),
    "phrase.settled": _("xác định “{phrase}” ({role}): {reason}"),
}
