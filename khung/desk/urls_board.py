"""Addresses of the board's pages and of the assignments behind its figures."""

from django.urls import URLPattern, path

from khung.desk.views import board, guides, province_map, ranking, trend, work_list

urlpatterns: list[URLPattern] = [
    path("bang-theo-doi/", board.board, name="board"),
    path("bang-theo-doi/xep-hang/", ranking.ranking_page, name="board_ranking"),
    path("bang-theo-doi/dien-bien/", trend.trend, name="board_trend"),
    path("bang-theo-doi/ban-do/", province_map.board_map, name="board_map"),
    path("bang-theo-doi/co-quan-huong-dan/", guides.guides, name="board_guides"),
    path("nhiem-vu-duoc-giao/", work_list.work_list, name="work_list"),
]
