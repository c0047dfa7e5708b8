"""What a reader of digests has to report, and the sentences in which it does.

No sentence repeats text of the digest; the file and the line lead to it.
"""

from enum import Enum

from newsletter.common.findings import Finding, Severity


class Problem(Enum):
    """Something in a digest that a person should know: code, severity, Korean, English."""

    EMPTY_FILE = ("empty_file", Severity.ERROR, "빈 파일입니다.", "The file is empty.")
    NOT_TEXT = (
        "not_text",
        Severity.ERROR,
        "글이 아니라 이진 파일입니다.",
        "The file is binary data and not text.",
    )
    TOO_LARGE = (
        "too_large",
        Severity.ERROR,
        "파일이 {megabytes}MB보다 커서 읽지 않았습니다.",
        "The file is larger than {megabytes} MB and was not read.",
    )
    UNKNOWN_FORMAT = (
        "unknown_format",
        Severity.ERROR,
        "아는 다이제스트 형식이 아닙니다. 제목 {headings}개와 목록 항목 {items}개를 보았지만 arXiv, Hugging Face, alphaXiv 논문 링크가 없습니다. 논문마다 제목 하나와 arXiv 링크를 적으면 읽을 수 있습니다.",
        "The file is in none of the known digest formats: {headings} headings and {items} list items, no arXiv, Hugging Face or alphaXiv link. Give each paper a heading of its own with its arXiv link, and it can be read.",
    )
    OTHER_LINK = (
        "unknown_format",
        Severity.ERROR,
        "아는 다이제스트 형식이 아닙니다. 제목 {headings}개와 목록 항목 {items}개를 보았지만 arXiv, Hugging Face, alphaXiv 논문 링크가 없고, {number}행의 링크는 {site}로 갑니다. 논문마다 arXiv 링크를 함께 적으면 읽을 수 있습니다.",
        "The file is in none of the known digest formats: {headings} headings and {items} list items, no arXiv, Hugging Face or alphaXiv link; line {number} has a link to {site}. Add the arXiv link of each paper, and it can be read.",
    )
    PAPERS_TOGETHER = (
        "unknown_format",
        Severity.ERROR,
        "아는 다이제스트 형식이 아닙니다. 논문 {papers}편의 링크가 있지만, 논문 하나만 담은 제목이나 목록 항목이나 표의 행이 없습니다. 논문마다 제목이나 항목을 따로 두면 읽을 수 있습니다.",
        "The file is in none of the known digest formats: it links to {papers} papers, but no heading, list item or table row has exactly one. Give each paper a heading or an item of its own, and it can be read.",
    )
    UNKNOWN_RECORDS = (
        "unknown_format",
        Severity.ERROR,
        "아는 JSON 형식이 아닙니다. 값 {records}개를 보았지만 논문 하나의 arXiv 번호와 제목을 함께 담은 것이 없습니다. 값마다 title과 arxiv_id(또는 url)를 두면 읽을 수 있습니다.",
        "The JSON is in none of the known formats: of {records} records, none has the arXiv id and the title of one paper. Give each record a title and an arxiv_id (or url), and it can be read.",
    )
    UNSURE = (
        "unsure",
        Severity.NOTICE,
        "아는 형식이 아니어서 논문 {read}편을 짐작으로 읽었습니다. 원문과 견주어 보세요.",
        "This is in none of the known formats: {read} papers were read by guess. Please compare them with the original.",
    )
    LEFT_OUT = (
        "left_out",
        Severity.NOTICE,
        "논문 링크가 없는 글이어서 뺐습니다.",
        "This part links to no paper and was left out.",
    )
    MORE_LEFT_OUT = (
        "left_out",
        Severity.NOTICE,
        "논문 링크가 없는 글을 여기서부터 {left}개 더 뺐습니다.",
        "From here on, {left} more parts that link to no paper were left out.",
    )
    NOT_TOLD_APART = (
        "not_told_apart",
        Severity.NOTICE,
        "논문 링크가 있지만 어느 논문을 소개한 글인지 알 수 없어 뺐습니다.",
        "This part links to papers, but which one it introduces could not be told; it was left out.",
    )
    UNREADABLE = (
        "unreadable",
        Severity.ERROR,
        "형식은 알아보았으나 내용을 읽지 못했습니다.",
        "The format was recognised, but the content could not be read.",
    )
    ENCODING = (
        "encoding",
        Severity.NOTICE,
        "UTF-8이 아니어서 다른 인코딩({encoding})으로 읽었습니다.",
        "The text is not UTF-8 and was read as {encoding}.",
    )
    REPAIRED_ENCODING = (
        "repaired_encoding",
        Severity.NOTICE,
        "UTF-8을 다른 인코딩({encoding})으로 잘못 읽어 깨진 글을 되돌렸습니다.",
        "UTF-8 text that had been misread as {encoding} was restored.",
    )
    DAMAGED_TEXT = (
        "damaged_text",
        Severity.WARNING,
        "되살릴 수 없는 글자가 있어 뺐습니다.",
        "Some letters could not be restored and were left out.",
    )
    NO_PAPERS = (
        "no_papers",
        Severity.WARNING,
        "다이제스트에 논문이 한 편도 없습니다.",
        "The digest does not contain a single paper.",
    )
    NO_DATE = (
        "no_date",
        Severity.WARNING,
        "다이제스트의 날짜를 알 수 없습니다.",
        "The digest does not say which day it is of.",
    )
    DATES_DIFFER = (
        "dates_differ",
        Severity.NOTICE,
        "제목의 날짜와 글의 날짜가 달라 제목의 날짜를 따랐습니다.",
        "The title and the post give different days; the one in the title was taken.",
    )
    MONTH_SUMMARY = (
        "month_summary",
        Severity.NOTICE,
        "하루치가 아니라 한 달을 모은 글입니다.",
        "This post sums up a month and not a day.",
    )
    COUNT_DIFFERS = (
        "count_differs",
        Severity.WARNING,
        "글에는 논문이 {stated}편이라고 적혀 있지만 읽은 것은 {read}편입니다.",
        "The post says that it holds {stated} papers, but {read} were read.",
    )
    ALL_VOTES_ZERO = (
        "all_votes_zero",
        Severity.WARNING,
        "모든 논문의 추천 수가 0입니다. 수집이 잘못되었을 수 있습니다.",
        "Every paper has 0 votes; the collector of this digest may have failed.",
    )
    NO_ID = (
        "no_id",
        Severity.WARNING,
        "논문의 arXiv 번호를 알려 주는 링크가 없습니다.",
        "No link gives the arXiv id of this paper.",
    )
    IDS_DIFFER = (
        "ids_differ",
        Severity.WARNING,
        "한 논문의 링크들이 서로 다른 arXiv 번호를 가리켜 첫 번째를 따랐습니다.",
        "The links of one paper give different arXiv ids; the first was taken.",
    )
    NO_TITLE = ("no_title", Severity.WARNING, "제목이 없는 논문입니다.", "This paper has no title.")
    NO_SECTIONS = (
        "no_sections",
        Severity.NOTICE,
        "논문에 설명이 없습니다.",
        "Nothing is written about this paper.",
    )
    REPEATED_PAPER = (
        "repeated_paper",
        Severity.NOTICE,
        "같은 논문이 이 글에 두 번 나옵니다.",
        "The same paper stands twice in this digest.",
    )
    EMPTY_SECTION = (
        "empty_section",
        Severity.NOTICE,
        "제목만 있고 내용이 없는 절입니다.",
        "This section has a heading but no text.",
    )
    FAILED_TEXT = (
        "failed_text",
        Severity.WARNING,
        "요약 대신 오류 문장이 들어 있습니다.",
        "An error sentence stands here instead of a summary.",
    )
    BAD_VOTES = (
        "bad_votes",
        Severity.WARNING,
        "추천 수를 읽을 수 없습니다.",
        "The votes could not be read.",
    )
    BAD_LINK = (
        "bad_link",
        Severity.WARNING,
        "웹 주소가 아닌 링크를 뺐습니다.",
        "A link that is not a web address was left out.",
    )
    BROKEN_JSON = (
        "broken_json",
        Severity.ERROR,
        "JSON이 깨져 있어 읽지 못했습니다.",
        "The JSON is broken and was not read.",
    )
    NO_LIST = (
        "no_list",
        Severity.ERROR,
        "논문 목록 대신 다른 값이 들어 있습니다.",
        "Another value stands here instead of a list of papers.",
    )
    EMPTY_LIST = (
        "empty_list",
        Severity.ERROR,
        "논문 목록이 비어 있습니다.",
        "The list of papers is empty.",
    )
    ERROR_INSTEAD = (
        "error_instead",
        Severity.ERROR,
        "논문 목록 대신 오류 메시지가 저장되어 있습니다.",
        "An error message was saved instead of a list of papers.",
    )
    BAD_RECORD = (
        "bad_record",
        Severity.WARNING,
        "목록에 논문이 아닌 값이 있습니다.",
        "The list holds a value that is no paper.",
    )
    BAD_ID = (
        "bad_id",
        Severity.WARNING,
        "arXiv 번호가 아닌 것이 번호로 적힌 논문이라 뺐습니다.",
        "What stands as the id of this paper is no arXiv id; the paper was left out.",
    )
    WITHDRAWN = (
        "withdrawn",
        Severity.WARNING,
        "철회된 논문이라 뺐습니다.",
        "This paper was withdrawn and was left out.",
    )
    NOT_TRANSLATED = (
        "not_translated",
        Severity.WARNING,
        "번역이 비어 있습니다.",
        "The translation is empty.",
    )
    TEXT_ASIDE = (
        "text_aside",
        Severity.NOTICE,
        "어느 논문에도 속하지 않는 글이 있습니다.",
        "Some text belongs to no paper.",
    )

    def at(self, line: int | None = None, **values: object) -> Finding:
        """Return the finding for one place; ``values`` fill the sentences."""
        name, severity, ko, en = self.value
        return Finding(
            f"digest.{name}", ko.format(**values), en.format(**values), severity, line=line
        )
