"""What the trail says for each verb of this room; `{name}` stands for a value of the event."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "units.loaded": _("nạp {units} đơn vị và {successions} quan hệ kế thừa"),
    "unit.succeeded": _("ghi đơn vị kế thừa: {name}, từ {on}"),
    "unit.renamed": _("đổi tên “{old}” thành “{name}” từ {on}"),
    "unit.ended": _("ghi ngày kết thúc của {name}: {on}"),
    "person.created": _("mở tài khoản {username} cho {full_name}"),
    "role.granted": _("giao vai trò {role} tại {unit}"),
}
