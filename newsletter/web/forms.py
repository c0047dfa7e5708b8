"""What the readers' forms hold, checked before any room sees it."""

from django import forms

from newsletter.common.cadence import Cadence, Language

# A page can only read Korean or English out; a mail can have both.
_CADENCES = [(cadence.value, cadence.value) for cadence in Cadence]
_LANGUAGES = [(language.value, language.value) for language in Language]


class SignUpForm(forms.Form):
    """The sign-up form. ``website`` is bait: no person sees it, so only a program fills it."""

    email = forms.CharField(max_length=320)
    cadences = forms.MultipleChoiceField(choices=_CADENCES, required=False)
    language = forms.ChoiceField(choices=_LANGUAGES)
    website = forms.CharField(required=False)


class PreferencesForm(forms.Form):
    """What a reader may change about their own subscription."""

    cadences = forms.MultipleChoiceField(choices=_CADENCES, required=False)
    language = forms.ChoiceField(choices=_LANGUAGES)
    name = forms.CharField(required=False)


def cadences_of(form: forms.Form) -> list[Cadence]:
    """Return the cadences that were ticked."""
    return [Cadence(name) for name in form.cleaned_data["cadences"]]


def language_of(form: forms.Form) -> Language:
    """Return the language that was chosen."""
    return Language(form.cleaned_data["language"])
