"""Every command that changes something asks the authority first, in the core."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from studied import study_of

from station.app import Station
from station.commands.rescore import RescoreOrder
from station.domain.audit import AuditAction, AuditFilter
from station.domain.challenge_plan import ChallengePart, Known
from station.domain.collection import NO_POLICY
from station.domain.dataset import Label
from station.domain.feedback import Disposition
from station.domain.frame import Frame
from station.domain.guide import ShownPicture
from station.domain.inspected_place import WHOLE_PICTURE
from station.domain.inspection import PartKey
from station.domain.permissions import EVERY_ROLE, Permission, PermissionRefusedError, Role, roles_with
from station.domain.person import KnownBy, Person
from station.domain.recipe import RecipeState
from station.domain.revision_flips import Basis, FlipPlan
from station.domain.secret import Secret
from station.domain.shift_file import ShiftFile
from station.domain.study.study import Answer, Appraiser, AppraiserKind, StudyPlan, StudyTask
from station.domain.synthetic import LookOrder
from station.domain.training import TrainingOrder
from station.domain.verdict import Limits
from station.reporting.study_statistics import figures_of

Command = Callable[[Station], object]
PART = PartKey(1, 1)
CLEAN = ChallengePart("clean", Known.GOOD)
TASK = StudyTask(1, Appraiser(1, AppraiserKind.PERSON, "Ada"), 1, 1, 1, 2, 1)


def _window(station: Station):
    return station.records.shifts()[0]


def _judged_again(station: Station) -> FlipPlan:
    """A comparison for which pictures must be judged again."""
    plate = station.recipes.find("plate").recipe
    return FlipPlan(plate, plate, 1, Basis.PICTURES)


REFUSED = AuditFilter(action=AuditAction.REFUSED)
FRAME = Frame(np.zeros((16, 16), np.uint8), 1, datetime(2026, 11, 28, tzinfo=UTC), 1, "a frame")
SHOWN = ShownPicture(FRAME, "replay:parts")

COMMANDS: dict[str, tuple[Permission, Command]] = {
    "plant.send": (Permission.BACK_UP, lambda s: s.plant.send()),
    "plant.resend": (Permission.BACK_UP, lambda s: s.plant.resend("why")),
    "line.load_recipe": (Permission.LOAD_RECIPE, lambda s: s.line.load_recipe("plate")),
    "line.restore": (Permission.LOAD_RECIPE, lambda s: s.line.restore()),
    "line.start": (Permission.START_LINE, lambda s: s.line.start()),
    "line.stop": (Permission.STOP_LINE, lambda s: s.line.stop()),
    "line.abandon": (Permission.STOP_LINE, lambda s: s.line.abandon()),
    "line.pause": (Permission.PAUSE_LINE, lambda s: s.line.pause()),
    "line.resume": (Permission.PAUSE_LINE, lambda s: s.line.resume()),
    "line.trigger": (Permission.TRIGGER_PART, lambda s: s.line.trigger()),
    "line.run": (Permission.RUN_TRIAL, lambda s: s.line.run("replay:.", on_part=print)),
    "cameras.discover": (Permission.USE_CAMERA, lambda s: s.cameras.discover()),
    "cameras.connect": (Permission.USE_CAMERA, lambda s: s.cameras.connect("simulated:flange")),
    "cameras.write": (Permission.CHANGE_CAMERA, lambda s: s.cameras.write("Gain", 1.0)),
    "cameras.use_on_line": (Permission.CHANGE_CAMERA, lambda s: s.cameras.use_on_line("simulated:flange")),
    "cameras.copy_to_recipe": (Permission.EDIT_RECIPE, lambda s: s.cameras.copy_to_recipe("plate", "Ada", "why")),
    "cameras.support_bundle": (Permission.SAVE_SUPPORT_FILE, lambda s: s.cameras.support_bundle()),
    "recipes.add": (Permission.EDIT_RECIPE, lambda s: s.recipes.add(s.recipes.find("plate").recipe)),
    "recipes.release": (Permission.RELEASE_RECIPE, lambda s: s.recipes.release("plate", 1, "Ada", "why")),
    "recipes.roll_back": (Permission.RELEASE_RECIPE, lambda s: s.recipes.roll_back("plate", "Ada", "why")),
    "recipes.revise": (
        Permission.EDIT_RECIPE,
        lambda s: s.recipes.revise(s.recipes.find("plate").recipe, (), "Ada", "why"),
    ),
    "recipes.set_value": (
        Permission.EDIT_RECIPE,
        lambda s: s.recipes.set_value("plate", 1, "limits.min_area_px", "4", "Ada", "why"),
    ),
    "recipes.release_again": (
        Permission.RELEASE_RECIPE,
        lambda s: s.recipes.release_again("plate", 1, "Ada", "why"),
    ),
    "recipes.retire": (Permission.RELEASE_RECIPE, lambda s: s.recipes.retire("plate", 1, "Ada", "why")),
    "exchange.export": (Permission.EXPORT_RECIPE, lambda s: s.exchange.export("plate", 1, Path("plate.zip"))),
    "exchange.own_signer": (Permission.EXPORT_RECIPE, lambda s: s.exchange.own_signer()),
    "exchange.remove": (Permission.TRUST_SIGNER, lambda s: s.exchange.remove("3f2a", "why")),
    "exchange.renew": (Permission.TRUST_SIGNER, lambda s: s.exchange.renew("why")),
    "exchange.import_": (Permission.EDIT_RECIPE, lambda s: s.exchange.import_(Path("plate.zip"))),
    "validation.validate": (
        Permission.EVALUATE,
        lambda s: s.validation.validate(Path("none"), "plate", 1, person="Ada"),
    ),
    "validation.write_csv": (Permission.EVALUATE, lambda s: s.validation.write_csv(())),
    "validation.accept": (Permission.RELEASE_RECIPE, lambda s: s.validation.accept("plate", 1, "Ada", "why")),
    "records.write_beside": (Permission.EXPORT_REPORT, lambda s: s.records.write_beside(ShiftFile.CSV, _window(s))),
    "records.write_pdf": (Permission.EXPORT_REPORT, lambda s: s.records.write_pdf(_window(s))),
    "records.write_csv": (Permission.EXPORT_REPORT, lambda s: s.records.write_csv(_window(s))),
    "records.write_xlsx": (Permission.EXPORT_REPORT, lambda s: s.records.write_xlsx(_window(s))),
    "records.copy_report": (Permission.EXPORT_REPORT, lambda s: s.records.copy_report(Path("a.pdf"), Path("b.pdf"))),
    "records.verify": (Permission.VERIFY_RECORDS, lambda s: s.records.verify()),
    "records.verify_report": (Permission.VERIFY_RECORDS, lambda s: s.records.verify_report(Path("a.pdf"))),
    "backup.make": (Permission.BACK_UP, lambda s: s.backup.make(Path("none"))),
    "alarms.acknowledge": (Permission.ACKNOWLEDGE_ALARM, lambda s: s.alarms.acknowledge(1)),
    "review.answer_review": (Permission.ANSWER_REVIEW, lambda s: s.review.answer_review(PART, Disposition.GOOD_PART)),
    "review.give_feedback": (
        Permission.GIVE_FEEDBACK,
        lambda s: s.review.give_feedback(PART, Disposition.GOOD_PART, "dust"),
    ),
    "holds.hold": (Permission.HOLD_PARTS, lambda s: s.holds.hold([PART], "why")),
    "holds.release": (Permission.HOLD_PARTS, lambda s: s.holds.release([PART], "why")),
    "shift_review.confirm": (Permission.REVIEW_PARTS, lambda s: s.shift_review.confirm(PART)),
    "shift_review.overrule": (Permission.REVIEW_PARTS, lambda s: s.shift_review.overrule(PART, "dust")),
    "scanner.receive_code": (Permission.SCAN_CODE, lambda s: s.scanner.receive_code("LG20815")),
    "lots.set": (Permission.SET_LOT, lambda s: s.lots.set("L-1")),
    "learning.read_to_teach": (Permission.TEACH, lambda s: s.learning.read_to_teach(Path("none"), "plate")),
    "learning.read_to_evaluate": (Permission.EVALUATE, lambda s: s.learning.read_to_evaluate(Path("none"), "plate")),
    "learning.teach": (Permission.TEACH, lambda s: s.learning.teach(Path("none"), "plate")),
    "learning.evaluate": (Permission.EVALUATE, lambda s: s.learning.evaluate(Path("none"), "plate")),
    "challenge.start": (Permission.RUN_CHECK, lambda s: s.challenge.start()),
    "challenge.take": (Permission.RUN_CHECK, lambda s: s.challenge.take()),
    "challenge.break_off": (Permission.RUN_CHECK, lambda s: s.challenge.break_off()),
    "challenge.answer": (Permission.ANSWER_SUSPECTS, lambda s: s.challenge.answer("plate", PART, "Ada", "why")),
    "challenge.write_csv": (Permission.EXPORT_REPORT, lambda s: s.challenge.write_csv("plate")),
    "challenge.put_part": (
        Permission.EDIT_RECIPE,
        lambda s: s.challenge.put_part(s.recipes.find("plate").recipe, CLEAN, "Ada", "why"),
    ),
    "challenge.remove_part": (
        Permission.EDIT_RECIPE,
        lambda s: s.challenge.remove_part(s.recipes.find("plate").recipe, "clean", "Ada", "why"),
    ),
    "drift.calibrate_again": (Permission.EDIT_RECIPE, lambda s: s.drift.calibrate_again()),
    "limits.score_labelled": (
        Permission.EVALUATE,
        lambda s: s.limits.score_labelled(s.limits.bench("plate"), print, lambda: True),
    ),
    "limits.save_draft": (
        Permission.EDIT_RECIPE,
        lambda s: s.limits.save_draft(s.limits.bench("plate"), Limits(0.6), "why"),
    ),
    "datasets.add_kind": (Permission.EDIT_DATASET, lambda s: s.datasets.add_kind("plate", "crack")),
    "datasets.label": (Permission.EDIT_DATASET, lambda s: s.datasets.label([1], Label.GOOD)),
    "datasets.save_mask": (Permission.EDIT_DATASET, lambda s: s.datasets.save_mask(1, np.zeros((8, 8), np.uint8))),
    "datasets.import_folder": (Permission.EDIT_DATASET, lambda s: s.datasets.import_folder(Path("none"), "plate")),
    "datasets.export_mvtec": (Permission.EDIT_DATASET, lambda s: s.datasets.export_mvtec("plate", Path("out"))),
    "datasets.export_coco": (Permission.EDIT_DATASET, lambda s: s.datasets.export_coco("plate", Path("out"))),
    "datasets.set_collection": (Permission.EDIT_DATASET, lambda s: s.datasets.set_collection("plate", NO_POLICY)),
    "datasets.collect_stored": (Permission.EDIT_DATASET, lambda s: s.datasets.collect_stored("plate")),
    "datasets.collect_parts": (Permission.EDIT_DATASET, lambda s: s.datasets.collect_parts([PART])),
    "datasets.freeze": (Permission.EDIT_DATASET, lambda s: s.datasets.freeze("plate")),
    "guide.keep_good_part": (Permission.EDIT_DATASET, lambda s: s.guide.keep_good_part("plate", "", SHOWN)),
    "datasets.keep_taken": (Permission.EDIT_DATASET, lambda s: s.datasets.keep_taken("plate", "", SHOWN)),
    "guide.decide_place": (Permission.TEACH, lambda s: s.guide.decide_place("plate", "", WHOLE_PICTURE, (16, 16))),
    "guide.teach": (Permission.TEACH, lambda s: s.guide.teach("plate")),
    "guide.try_parts": (Permission.RUN_TRIAL, lambda s: s.guide.try_parts("plate", 1, 1, print)),
    "candidates.start_shadow": (Permission.RUN_SHADOW, lambda s: s.candidates.start_shadow("plate", 2)),
    "candidates.stop_shadow": (Permission.RUN_SHADOW, lambda s: s.candidates.stop_shadow()),
    "candidates.try_on_stored": (
        Permission.RUN_SHADOW,
        lambda s: s.candidates.try_on_stored("plate", 2, datetime.now(UTC)),
    ),
    "candidates.try_on_parts": (Permission.RUN_SHADOW, lambda s: s.candidates.try_on_parts("plate", 2, [])),
    "rescoring.rescore": (
        Permission.RUN_SHADOW,
        lambda s: s.rescoring.rescore(RescoreOrder(("plate", 2), ("plate", 1))),
    ),
    "candidates.gate": (Permission.EVALUATE, lambda s: s.candidates.gate("plate", 2)),
    "candidates.promote": (Permission.RELEASE_RECIPE, lambda s: s.candidates.promote("plate", 2, "Ada", "why")),
    "evaluations.evaluate": (Permission.EVALUATE, lambda s: s.evaluations.evaluate("plate", 1, "", "none", print)),
    "evaluations.write_pdf": (Permission.EVALUATE, lambda s: s.evaluations.write_pdf(())),
    "evaluations.write_csv": (Permission.EVALUATE, lambda s: s.evaluations.write_csv(())),
    "evaluations.write_mlflow": (Permission.EVALUATE, lambda s: s.evaluations.write_mlflow(())),
    "synthetic.look": (Permission.EVALUATE, lambda s: s.synthetic.look("plate", LookOrder((), 1, 0))),
    "studies.create": (Permission.RUN_STUDY, lambda s: s.studies.create(StudyPlan("plate", "", 1, 1, ("Ada",)))),
    "studies.judge_by_model": (Permission.RUN_STUDY, lambda s: s.studies.judge_by_model(1, "plate@1")),
    "studies.answer": (Permission.JUDGE_STUDY, lambda s: s.studies.answer(TASK, Answer.GOOD)),
    "studies.write_pdf": (Permission.EXPORT_REPORT, lambda s: s.studies.write_pdf(figures_of(study_of("gd"), []))),
    "corrections.teach": (Permission.TEACH, lambda s: s.corrections.teach("plate")),
    "corrections.try_draft": (
        Permission.RUN_SHADOW,
        lambda s: s.corrections.try_draft("plate", 2, datetime.now(UTC)),
    ),
    "corrections.bring_disputed": (Permission.EDIT_DATASET, lambda s: s.corrections.bring_disputed("plate")),
    "training.enqueue": (Permission.TEACH, lambda s: s.training.enqueue(TrainingOrder("plate", "", "none"))),
    "training.again": (Permission.TEACH, lambda s: s.training.again(1)),
    "training.cancel": (Permission.TEACH, lambda s: s.training.cancel(1)),
    "people.set_pin": (Permission.MANAGE_PEOPLE, lambda s: s.people.set_pin("Ada", Secret("482915"), "why")),
    "people.set_badge": (Permission.MANAGE_PEOPLE, lambda s: s.people.set_badge("Ada", Secret("LSB-001"), "why")),
    "people.set_roles": (Permission.MANAGE_PEOPLE, lambda s: s.people.set_roles("Ada", {Role.ENGINEER}, "why")),
    "people.disable": (Permission.MANAGE_PEOPLE, lambda s: s.people.disable("Ada", "why")),
    "people.enable": (Permission.MANAGE_PEOPLE, lambda s: s.people.enable("Ada", "why")),
    "people.findings": (Permission.VERIFY_RECORDS, lambda s: s.people.findings()),
    "audit.verify": (Permission.VERIFY_RECORDS, lambda s: s.audit.verify()),
    "audit.findings": (Permission.VERIFY_RECORDS, lambda s: s.audit.findings()),
    "audit.write_csv": (Permission.EXPORT_AUDIT, lambda s: s.audit.write_csv(Path("audit.csv"))),
    "audit.write_syslog": (Permission.EXPORT_AUDIT, lambda s: s.audit.write_syslog(Path("audit.log"))),
    "flips.find": (Permission.EVALUATE, lambda s: s.flips.find(_judged_again(s))),
    "learning.verify_models": (Permission.VERIFY_RECORDS, lambda s: s.learning.verify_models()),
}
READING = {
    "backup": {"backups", "note_restored"},
    "disk": {"state"},
    "plant": {"keep_sending", "status"},
    "flips": {"plan"},
    "proposals": {"proposals", "proposal"},
    "line": {
        "recipe", "entry", "refresh_state", "state", "live", "cameras", "sources", "expected_interval_s", "counts",
        "wait_stopped", "runs_elsewhere", "has_camera", "prepare",
    },
    "cameras": {
        "status", "take_picture", "features", "read_features", "poll_features", "settings_for_recipe", "view_for",
        "disconnect", "wait_disconnected",
    },
    "validation": {"newest", "all"},
    "recipes": {
        "entries",
        "find",
        "diff",
        "figures",
        "manifest",
        "defect_kinds",
        "picture",
        "to_roll_back_to",
        "signing",
    },
    "exchange": {"signers"},
    "records": {
        "recent", "part", "thumbnail", "shift_of", "find_shift", "free_window", "shifts", "shift", "calendar",
        "find_parts", "lot_window", "account",
    },
    "alarms": {"open", "over"},
    "review": {"time_limit_s", "open_reviews", "open_rejects", "feedback_on", "last_words", "disputed_parts"},
    "shift_review": {"parts", "part", "agreement", "nearest_good"},
    "holds": {"of", "all", "parts_between", "parts_of_lot"},
    "scanner": {"is_lot", "is_meant"},
    "lots": {"now", "refresh"},
    "learning": {"place_of"},
    "limits": {"bench", "picture"},
    "challenge": {
        "progress", "running", "due", "checks", "find", "of_shift", "suspects_left", "suspects",
        "recipes_with_suspects",
    },
    "drift": {"states"},
    "datasets": {
        "places", "count", "items", "item", "history", "picture", "thumbnail", "mask", "kinds", "read_to_import",
        "versions", "collection", "newest", "first_items", "file", "label_without_marks",
        "items_of_parts",
    },
    "guide": {"products", "facts", "shown_picture"},
    "rescoring": set(),
    "candidates": {"resume_shadow", "shadow", "figures", "disagreements", "answer_parts", "promotions"},
    "evaluations": {"versions_of", "find", "look_at"},
    "corrections": {"state", "offered", "tried"},
    "synthetic": set(),
    "studies": {"all", "find", "task", "picture", "progress", "figures"},
    "people": {
        "accounts", "exist", "session", "log_in", "log_in_by_badge", "log_out", "leave", "look_again", "knows_badge",
        "has_badge_form", "add",
    },
    "audit": {"entries", "entries_of", "numbers", "count", "people", "actions", "state", "check_at_start", "program"},
    "training": {
        "comparison_of",
        "versions", "methods", "refusal_of_defects", "runs", "run", "progress_of", "log_lines", "resume", "take_stock",
        "recipes_for",
    },
}  # fmt: skip


def test_that_every_group_of_commands_is_in_the_list_of_this_test(station: Station) -> None:
    groups = {name for name in dir(station) if isinstance(getattr(type(station), name, None), cached_property)}
    assert {name for name in groups if name[0] != "_"} == set(READING)


def test_that_every_command_is_in_the_list_of_this_test(station: Station) -> None:
    public = {f"{group}.{name}" for group in READING for name in vars(type(getattr(station, group))) if name[0] != "_"}
    reading = {f"{group}.{name}" for group, names in READING.items() for name in names}
    assert public == set(COMMANDS) | reading


@pytest.mark.parametrize("name", COMMANDS)
def test_that_a_command_is_refused_to_every_role_that_has_no_permission_for_it(station: Station, name: str) -> None:
    permission, command = COMMANDS[name]
    others = set(Role) - roles_with(permission)
    assert others
    before = station.audit.count(REFUSED)
    with pytest.raises(PermissionRefusedError, match=f"may not {permission}"):
        command(station.acting_as(*others, signature="Eve"))
    newest = station.audit.entries(REFUSED)[0]
    assert (newest.subject, newest.person, station.audit.count(REFUSED)) == (permission, "Eve", before + 1)
    station.people.session.begin(Person("Ada", frozenset(others), KnownBy.BADGE))
    with pytest.raises(PermissionRefusedError, match=f"may not {permission}"):
        command(station.at_window("Line page"))
    newest = station.audit.entries(REFUSED)[0]
    assert (newest.subject, newest.person, station.audit.count(REFUSED)) == (permission, "Ada", before + 2)


ALLOWED = ("line.load_recipe", "line.start", "line.stop", "recipes.retire", "records.verify", "records.write_csv")


@pytest.mark.parametrize("name", ALLOWED)
def test_that_a_command_is_carried_out_for_the_role_that_has_the_permission(station: Station, name: str) -> None:
    permission, command = COMMANDS[name]
    station.line.load_recipe("plate")
    command(station.acting_as(*roles_with(permission)))
    station.line.stop()


def test_that_a_refused_command_changes_nothing(station: Station) -> None:
    operator = station.acting_as(Role.OPERATOR)
    for command in (operator.recipes.release, operator.recipes.retire):
        with pytest.raises(PermissionRefusedError):
            command("plate", 1, "Ada", "why")
    assert station.recipes.find("plate").state is RecipeState.RELEASED


def test_that_an_operator_and_an_engineer_work_with_the_same_line(station: Station) -> None:
    station.acting_as(Role.OPERATOR).line.load_recipe("plate")
    engineer = station.acting_as(Role.ENGINEER)
    assert engineer.line.recipe == station.recipes.find("plate").recipe
    with pytest.raises(PermissionRefusedError):
        engineer.line.start()
    assert station.authority.roles == EVERY_ROLE.roles


def test_that_a_station_can_be_opened_for_one_role_only(station: Station) -> None:
    root = station.workspace.root
    station.close()
    operator = station.acting_as(Role.OPERATOR).authority
    with (
        Station.open(root, station.settings, operator) as opened,
        pytest.raises(PermissionRefusedError, match="The role operator may not verify the records"),
    ):
        opened.records.verify()
