"""What all forms share: fields that clean what people type, and messages that say what to do.

The token against forged requests is checked for every POST at once (see create_app), so forms do not carry it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext
from wtforms import Field, Form, StringField, ValidationError
from wtforms import FileField as WTFormsFileField
from wtforms.widgets import TextArea, TextInput

from congress.core.text import UnprintableText, clean_line, clean_text

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def valid_address(text: str) -> str | None:
    """The mail address in its normal form, None if it is none. Whether it can be reached is not asked."""
    try:
        return str(validate_email(text, check_deliverability=False).normalized)
    except EmailNotValidError:
        return None


def usable_key(sent: str | None) -> str:
    """What names one form, the same when it is sent twice; a form without a usable one counts as sent once."""
    return sent if sent and re.fullmatch(r"[0-9a-f-]{36}", sent) else str(uuid.uuid4())


class OfAnyField(str):
    """A sentence that fits every field, so that a summary of errors has to say of which one it speaks."""

    names_no_field = True


class _Sentences:
    """What WTForms says by itself, in the reader's language and in words for a reader."""

    def gettext(self, sentence: str) -> str:
        if "choice" in sentence.lower():  # a page was open while its list became another one
            return OfAnyField(gettext("Choose one of the answers in the list."))
        return OfAnyField(gettext("Check this answer."))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)


class BaseForm(Form):
    """Base of all forms. A form checks shape; what its values mean is decided by rules and services."""

    # Where a page has its fields in another order than the classes declare them: names, or stems of names in several languages,
    # that come first. Summaries of errors follow the page.
    on_page: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.on_page:
            self._fields: dict[str, Field] = {name: self._fields[name] for name in sorted(self._fields, key=self._place)}

    def _place(self, name: str) -> int:
        stem = name if name in self.on_page else name.rpartition("_")[0]
        return self.on_page.index(stem) if stem in self.on_page else len(self.on_page)

    class Meta:
        def get_translations(self, _form: Form) -> _Sentences:
            return _Sentences()

    def add_error(self, name: str, sentence: str) -> None:
        """Put a refusal of a service on the field that it is about."""
        self[name].errors = [*self[name].errors, sentence]


class FileField(WTFormsFileField):
    """A file. A text that is sent under its name, as no browser does, is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = next((each for each in valuelist if hasattr(each, "filename")), None)


class LineField(StringField):
    """One line of text, cleaned; ``most`` characters at the most. What was typed stays in the field when it is refused."""

    def __init__(self, label: Any = None, validators: Sequence[Any] | None = None, *, most: int = 200, **more: Any) -> None:
        super().__init__(label, validators, **more)
        self.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = _CONTROL.sub("", valuelist[0])
            try:
                self.data = self.clean(valuelist[0])
            except UnprintableText:
                raise ValueError(
                    OfAnyField(gettext("There are invisible control characters in this text. Please type it again."))
                ) from None

    def clean(self, text: str) -> str:
        return clean_line(text)

    def pre_validate(self, form: Any) -> None:
        if self.data and len(self.data) > self.most:
            raise ValidationError(
                OfAnyField(
                    gettext(
                        "This is too long: %(length)d characters. Shorten it to at most %(most)d.",
                        length=len(self.data),
                        most=self.most,
                    )
                )
            )


class TextField(LineField):
    """Several lines of text."""

    widget = TextArea()

    def clean(self, text: str) -> str:
        return clean_text(text)


class MailField(LineField):
    """One mail address, normalised (RFC 5321; internationalised ones too, RFC 6531)."""

    def __init__(self, label: Any = None, validators: Sequence[Any] | None = None, **more: Any) -> None:
        super().__init__(label, validators, most=254, **more)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if not self.data:
            return
        if self.data.count("@") > 1 or re.search(r"[,;\s]", self.data):
            raise ValidationError(gettext("Write one e-mail address only, such as name@city.example."))
        address = valid_address(self.data)
        if address is None:
            raise ValidationError(gettext("This is not an e-mail address. Write it as name@city.example."))
        self.data = address


class NumberField(Field):
    """A whole number from ``least`` to ``greatest``; None where nothing was typed. What was typed stays when it is refused."""

    widget = TextInput()
    data: int | None

    def __init__(
        self, label: Any = None, validators: Sequence[Any] | None = None, *, least: int = 0, greatest: int, **more: Any
    ) -> None:
        super().__init__(label, validators, **{"render_kw": {"inputmode": "numeric"}, **more})
        self.least, self.greatest = least, greatest

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        typed, self.data = valuelist[0].strip().replace(" ", ""), None
        if not typed:
            return
        if not (typed.isascii() and typed.isdigit()) or len(typed) > 9 or not self.least <= int(typed) <= self.greatest:
            raise ValueError(
                OfAnyField(
                    gettext("Write a whole number from %(least)d to %(greatest)d.", least=self.least, greatest=self.greatest)
                )
            )
        self.data = int(typed)

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else "" if self.data is None else str(self.data)


class Needed:
    """Validator: something must be given. ``sentence`` says what."""

    field_flags = {"required": True}  # noqa: RUF012

    def __init__(self, sentence: Any = None) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data and not field.errors:
            raise ValidationError(self.sentence or OfAnyField(gettext("Fill in this field.")))


class Given:
    """Validator: a number must be given; nought is one."""

    field_flags = {"required": True}  # noqa: RUF012

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is None and not field.errors:
            raise ValidationError(OfAnyField(gettext("Fill in this field.")))
