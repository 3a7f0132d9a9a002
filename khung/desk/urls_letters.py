"""Addresses of letters of urging."""

from django.urls import URLPattern, path

from khung.desk.views import letter_recording, letter_writing, letters

urlpatterns: list[URLPattern] = [
    path("don-doc/", letters.letters, name="letters"),
    path("don-doc/soan/", letter_writing.write_letter, name="write_letter"),
    path("don-doc/tai-ve/", letters.letters_zip, name="letters_zip"),
    path("don-doc/<int:pk>/", letters.letter, name="letter"),
    path("don-doc/<int:pk>/cong-van.docx", letters.letter_docx, name="letter_docx"),
    path("don-doc/<int:pk>/ban-da-ky/", letters.signed_letter, name="signed_letter"),
    path("don-doc/<int:pk>/ghi-so/", letter_recording.record_letter, name="record_letter"),
    path("don-doc/<int:pk>/thu-hoi/", letter_recording.withdraw_letter, name="withdraw_letter"),
]
