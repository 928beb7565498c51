"""A question that cannot be answered as asked, refused in a sentence for people, in Chinese and English."""


class Refused(ValueError):
    """The call was wrong (not the data): command lines print the sentences and exit with 2."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh = zh
        self.en = en

    def text(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


class QueryRefused(Refused):
    """The question has no answer as put; the sentences say what can be asked instead."""
