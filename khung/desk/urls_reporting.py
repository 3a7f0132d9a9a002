"""Addresses of writing and sending reports."""

from django.urls import URLPattern, path

from khung.desk.views import figures, reporting, sheet_actions, spreadsheets

urlpatterns: list[URLPattern] = [
    path("viec-cua-toi/gui/", sheet_actions.send_many, name="send_many"),
    path("viec-cua-toi/trinh-duyet/", sheet_actions.hand_in, name="hand_in"),
    path("viec-cua-toi/chep-ky-truoc/", sheet_actions.copy_last_of_all, name="copy_last_of_all"),
    path("viec-cua-toi/bang-tinh/<int:pk>/", spreadsheets.spreadsheet, name="spreadsheet"),
    path(
        "viec-cua-toi/bang-tinh/<int:pk>/tai/",
        spreadsheets.spreadsheet_file,
        name="spreadsheet_file",
    ),
    path(
        "viec-cua-toi/bang-tinh/<int:pk>/luu/",
        spreadsheets.take_spreadsheet,
        name="take_spreadsheet",
    ),
    path("viec-cua-toi/so-lieu/", figures.figures, name="figures"),
    path("viec-cua-toi/so-lieu/tep-mau/", figures.figures_template, name="figures_template"),
    path("viec-cua-toi/so-lieu/nap/", figures.take_figures, name="take_figures"),
    path("viec-cua-toi/<int:pk>/", reporting.report_line, name="report_line"),
    path("viec-cua-toi/<int:pk>/luu/", reporting.save_report, name="save_report"),
    path("viec-cua-toi/<int:pk>/chep-ky-truoc/", reporting.copy_last, name="copy_last"),
    path("viec-cua-toi/<int:pk>/thu-hoi/", reporting.withdraw_report, name="withdraw_report"),
    path(
        "viec-cua-toi/<int:pk>/lan-thuc-hien/",
        sheet_actions.record_occurrence,
        name="record_occurrence",
    ),
    path(
        "viec-cua-toi/lan-thuc-hien/<int:pk>/bo/",
        sheet_actions.withdraw_occurrence,
        name="withdraw_occurrence",
    ),
]
