"""What the trail says for each verb of this room; `{name}` stands for a value of the event."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "units.loaded": _("nạp {units} đơn vị và {successions} quan hệ kế thừa"),
    "units.bounded": _("nạp ranh giới vẽ bản đồ của {units} đơn vị từ tệp {source}"),
    "unit.succeeded": _("ghi đơn vị kế thừa: {name}, từ {on}"),
    "unit.renamed": _("đổi tên “{old}” thành “{name}” từ {on}"),
    "unit.ended": _("ghi ngày kết thúc của {name}: {on}"),
    "person.created": _("mở tài khoản {username} cho {full_name}"),
    "person.password_reset": _("đặt mật khẩu mới cho {full_name}"),
    "person.deactivated": _("khóa tài khoản của {full_name}"),
    "person.reactivated": _("mở lại tài khoản của {full_name}"),
    "role.granted": _("giao {full_name} vai trò “{role}” tại {unit}"),
    "role.ended": _("cho {full_name} thôi vai trò “{role}” tại {unit} sau ngày {on}"),
}
