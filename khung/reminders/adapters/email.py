"""Sends by the SMTP server of the settings."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext

from khung.reminders.adapters.sent import NotSent, Outgoing

TIMEOUT_SECONDS = 20


def send(message: Outgoing) -> None:
    """Sends one e-mail of plain text."""
    mail = EmailMessage(
        subject=message.subject,
        body=message.text,
        from_email=settings.SMTP_FROM,
        to=[message.address],
        # Tells mail programs not to answer with "I am on leave".
        headers={"Auto-Submitted": "auto-generated"},
        connection=get_connection(
            "django.core.mail.backends.smtp.EmailBackend",
            host=settings.SMTP_HOST,
            port=settings.SMTP_PORT,
            username=settings.SMTP_USER,
            password=settings.SMTP_PASSWORD,
            use_tls=settings.SMTP_TLS == "starttls",
            use_ssl=settings.SMTP_TLS == "implicit",
            timeout=TIMEOUT_SECONDS,
        ),
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise NotSent(gettext("Máy chủ thư từ chối địa chỉ người nhận.")) from error
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(gettext("Máy chủ thư từ chối tên hoặc mật khẩu của Khung.")) from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # ValueError: a header with a line break, which no address of a form has.
        said = gettext("Máy chủ thư không nhận: %(why)s")
        why = f"{type(error).__name__}: {error}"
        raise NotSent((said % {"why": why})[:300]) from error
