"""Who is in the pictures and what they say, once in English and once from right to left. Nothing here is a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on a passage, and what was answered. `by` and `answers` name people by their place in the cast."""

    passage: str
    by: int
    body: str
    answers: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    """The first person owns the documents and is on the staff; the second and third write with them, the fourth
    comments, the fifth reads, the last is alone with an empty list. `kept` are names of snapshots, oldest first,
    `draft` words of the text and what stood in their place at the first of them;
    `passage` is selected; at `places` the others are, one with the words selected, one at the end of the line.
    """

    language: str
    people: dict[str, str]
    title: str
    others: Sequence[str]
    kept: Sequence[str]
    draft: tuple[str, str]
    remarks: Sequence[Remark]
    passage: str
    places: tuple[str, str]
    search: str
    guest: str
    link: str

    def text(self, sections: int | None = None) -> str:
        """The document in Markdown, or its first so many sections; it shows room.svg."""
        whole = (TEXTS / f"{self.language}.md").read_text(encoding="utf-8")
        text, sign, notes = whole.partition("\n[^")
        return "\n## ".join(text.split("\n## ")[:sections]) + sign + notes


ENGLISH = Cast(
    language="en",
    people={
        "ines": "Ines Moreau",
        "tomas": "Tomás Herrera",
        "noor": "Noor Haddad",
        "jonas": "Jonas Weber",
        "mei": "Mei Tanaka",
        "ada": "Ada Lind",
    },
    title="A reading room for Harbour Street",
    others=[
        "Letters to the council, spring",
        "Box 114: harbour pilots, 1902 to 1931",
        "How we scan a glass negative",
        "Saturday rota",
        "Minutes of the friends of the archive",
        "Words for the opening, second draft",
        "What the survey said",
    ],
    kept=["As sent to the council", "With the costs"],
    draft=("nine thousand photographs, and a long table by the window", "some photographs, and a table"),
    remarks=[
        Remark(
            "one weak beam",
            1,
            "Is that the beam they circled twice?",
            [(0, "The same. Somebody comes on Tuesday.")],
        ),
        Remark("not for climate control", 2, "Worth asking again: the county has a fund for exactly this."),
        Remark("Find somebody for Saturdays", 3, "My sister would, from April."),
    ],
    passage="The survey found",
    places=("nine thousand photographs", "What we know"),
    search="light",
    guest="Gail",
    link="The county's archivist",
)

ARABIC = Cast(
    language="ar",
    people={
        "layla": "ليلى منصور",
        "sami": "سامي خوري",
        "nour": "نور حداد",
        "younes": "يونس العلي",
        "mariam": "مريم صالح",
        "adam": "آدم ليند",
    },
    title="قاعة مطالعة في شارع الميناء",
    others=[
        "رسائل إلى البلدية، الربيع",
        "الصندوق 114: مرشدو الميناء، 1902 إلى 1931",
        "كيف نصوّر لوحًا زجاجيًا",
        "جدول أيام السبت",
        "محاضر أصدقاء الأرشيف",
        "كلمة الافتتاح، المسودة الثانية",
        "ما قاله الفحص",
    ],
    kept=["كما أُرسل إلى البلدية", "مع الكلفة"],
    draft=("وتسعة آلاف صورة، وطاولة طويلة قرب النافذة", "وبعض الصور، وطاولة"),
    remarks=[
        Remark("عارضة ضعيفة", 1, "أهي التي رسموا حولها دائرتين؟", [(0, "هي نفسها. المهندس يأتي يوم الثلاثاء.")]),
        Remark("لا ثمن التكييف", 2, "لنسأل مرة أخرى: للمحافظة صندوق لهذا بالذات."),
        Remark("إيجاد متطوع", 3, "أختي تستطيع، ابتداءً من أبريل."),
    ],
    passage="لم يجد الفحص",
    places=("وتسعة آلاف صورة", "ما نعرفه"),
    search="ضوء",
    guest="غيداء",
    link="أمينة أرشيف المحافظة",
)
