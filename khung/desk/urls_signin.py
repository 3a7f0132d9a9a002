"""Addresses of signing in and out; allauth's names, because allauth asks for them."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from khung.desk.views import signin

# Only a preference, changed from public pages too, which ask for no session and so hold no token.
language = csrf_exempt(login_not_required(require_POST(set_language)))

urlpatterns: list[URLPattern] = [
    path("dang-nhap/", signin.SignIn.as_view(), name="account_login"),
    path("dang-nhap/minh-hoa/<int:person_id>/", signin.demonstrate, name="demonstrate"),
    path("dang-xuat/", signin.SignOut.as_view(), name="account_logout"),
    path("ngon-ngu/", language, name="set_language"),
    path("doi-mat-khau/", signin.ChangePassword.as_view(), name="account_change_password"),
    path("doi-mat-khau/xong/", signin.password_changed, name="password_changed"),
]
