"""What keyboards and Slack do to typed text is undone."""

import pytest

from bot.find.plain import as_typed, folded


@pytest.mark.parametrize(
    ("arrived", "typed"),
    [
        ("“my run”", '"my run"'),
        ("it’s", "it's"),
        ("auc &gt; 0.9 &amp; more", "auc > 0.9 & more"),
        ("&amp;lt;", "&lt;"),
        ("a\u00a0b", "a b"),
        ("delta −0.5 – or", "delta -0.5 - or"),
        ("show <https://ml.example.com/#/experiments/1/runs/ab12|ml.example.com>", None),
        ("by:<@U123|jo> in <#C1|churn>", "by:<@U123|jo> in <#C1|churn>"),
        ("  latest\u200b ", "latest"),
    ],
)
def test_text_is_read_as_its_writer_saw_it(arrived: str, typed: str | None) -> None:
    expected = typed if typed is not None else "show https://ml.example.com/#/experiments/1/runs/ab12"
    assert as_typed(arrived) == expected


def test_names_typed_alike_are_equal() -> None:
    assert folded("Jo’s  Run – 2") == folded("jo's run - 2")
