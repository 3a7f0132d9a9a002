"""Addresses of the board's pages and of the assignments behind its figures."""

from django.urls import URLPattern, path

from khung.desk.views import board, work_list

urlpatterns: list[URLPattern] = [
    path("bang-theo-doi/", board.board, name="board"),
    path("nhiem-vu-duoc-giao/", work_list.work_list, name="work_list"),
]
