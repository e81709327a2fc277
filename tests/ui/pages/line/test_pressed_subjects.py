"""What a key was about at a time."""

from ui.pages.line.pressed_subjects import PressedSubjects


def test_that_a_key_is_about_what_it_showed_at_that_time(make_inspection) -> None:
    now = [0.0]
    pressed, seventh, thirteenth = PressedSubjects(lambda: now[0]), make_inspection(7), make_inspection(13)
    for at_s, part in ((1.0, seventh), (2.0, seventh), (3.0, thirteenth), (4.0, None)):
        now[0] = at_s
        pressed.note({"confirm": part})
    assert [pressed.at("confirm", at_s) for at_s in (0.5, 1.0, 2.9, 3.0, 4.0)] == [
        None,
        seventh,
        seventh,
        thirteenth,
        None,
    ]
