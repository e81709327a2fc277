"""What needs a person, until one has seen it."""

from ui.pages.line.alarm_banner import Entry, Kind

LENS = Entry(Kind.MESSAGE, "The picture is dark.", "Clean the lens.")


def message(i: int, kind: Kind = Kind.MESSAGE) -> Entry:
    return Entry(kind, f"Message {i}.", "Look.")


def test_that_what_comes_again_is_counted_and_said_once(window) -> None:
    banner = window.page_of("line").banner
    for _ in range(500):
        banner.tell(LENS)
    assert "500 times" in banner.words
    banner.acknowledge()
    assert banner.entry is None


def test_that_a_night_of_troubles_leaves_no_more_than_some_tens(window) -> None:
    banner = window.page_of("line").banner
    alarm = message(0, Kind.ALARM)
    banner.tell(alarm)
    for i in range(1, 5_000):
        banner.tell(message(i))
    assert banner.entry == alarm
    banner.acknowledge()
    seen = []
    while banner.entry is not None:
        seen.append(banner.entry)
        banner.acknowledge()
    assert seen == [message(i) for i in range(4_999, 4_999 - len(seen), -1)]
    assert 10 <= len(seen) <= 30


def test_that_the_picture_stays_the_largest_thing_beside_an_alarm(window, qtbot) -> None:
    page = window.page_of("line")
    before = page.pictures.height()
    page.banner.tell(message(1, Kind.ALARM))
    qtbot.waitUntil(lambda: page.banner.height() > 0 and page.pictures.width() < page.pictures.parentWidget().width())
    assert page.pictures.height() == before
    area = lambda widget: widget.width() * widget.height()  # noqa: E731
    others = (page.band, page.banner, page.card, page.strip, page.counters, page.line_keys)
    assert area(page.pictures) > max(map(area, others))
