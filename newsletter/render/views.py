"""The views of an issue that a mail tries, from the fullest to the lightest, in one language."""

from newsletter.common.cadence import Language
from newsletter.issues.content import IssueContent
from newsletter.render import show
from newsletter.render.folding import Fold, Plan, plans
from newsletter.render.text import one_line
from newsletter.render.view import CorrectionView, IssueView, PaperView, SectionView

_CORRECTED = 120
_FOLDED_INTRO_SECTIONS = 3
_TEASED, _TEASER = 3, 40


class Views:
    """An issue as a mail may show it; each view is made when it is asked for."""

    def __init__(self, content: IssueContent, language: Language, base_url: str) -> None:
        self._content, self._language = content, language
        self._web_url = f"{base_url}/issues/{content.slug}/"
        self._plans = tuple(plans(content))
        self._papers: dict[tuple[int, Fold], PaperView] = {}

    def __len__(self) -> int:
        """Return how many views there are."""
        return len(self._plans)

    def __getitem__(self, place: int) -> IssueView:
        """Return the view at ``place``: 0 is the fullest, and each is a step lighter than the last."""
        content, language, plan = self._content, self._language, self._plans[place]
        title, subtitle = _titles_of_issue(content.title, language)
        papers = self._shown(plan)
        return IssueView(
            cadence=content.cadence,
            language=language,
            title=title,
            subtitle=subtitle,
            subject=show.subject_in(content.subject, content.title, language),
            period=show.period(content.start, content.end, show.interface(language)),
            teaser=_teaser(content, language),
            intro=_intro(content, language, plan.intro),
            intro_folded=plan.intro is not Fold.FULL,
            papers=papers,
            left_out=len(content.items) - len(papers),
            web_url=self._web_url,
            corrections=corrections(content, self._web_url),
        )

    def _shown(self, plan: Plan) -> tuple[PaperView, ...]:
        shown = [(index, fold) for index, fold in enumerate(plan.items) if fold < Fold.LEFT_OUT]
        for index, fold in shown:
            if (index, fold) not in self._papers:
                item = self._content.items[index]
                view = show.paper_view(item, fold, self._language, self._web_url)
                self._papers[index, fold] = view
        return tuple(self._papers[each] for each in shown)


def corrections(content: IssueContent, web_url: str) -> tuple[CorrectionView, ...]:
    """Return what an issue at ``web_url`` takes back; its content says no more than fits a mail."""
    return tuple(
        CorrectionView(one_line(told.title, _CORRECTED), show.other_issue(web_url, told.issue))
        for told in content.corrections
    )


def _intro(content: IssueContent, language: Language, fold: Fold) -> tuple[SectionView, ...]:
    sections = show.chosen(content.intro, language)
    if fold is Fold.FULL:
        return sections
    return tuple(section.shortened() for section in sections[:_FOLDED_INTRO_SECTIONS])


def _titles_of_issue(title: str, language: Language) -> tuple[str, str]:
    korean, english = show.headline(title)
    return (english or korean, "") if language is Language.ENGLISH else (korean, english)


def _teaser(content: IssueContent, language: Language) -> str:
    titles = [show.titles(item, language)[0] for item in content.items[:_TEASED]]
    return ", ".join(one_line(title.partition(":")[0], _TEASER) for title in titles)
