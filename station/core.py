"""The parts that live as long as a station: built once, shared by everybody who gives commands."""

from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import pluggy

from station.camera.pictures.listing import FolderContent
from station.camera_setup.preview_slot import PreviewSlot
from station.commands.check_keeper import CheckKeeper
from station.commands.line_collection import LineCollection
from station.commands.promotion_gate import PromotionGate, open_predictor
from station.commands.proposal_model import ProposalModel
from station.concurrency.fan_out import FanOut
from station.concurrency.latest import Latest
from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.inspection import PartKey, RunKind
from station.domain.messages import Message, PartJudged
from station.domain.recipe import Recipe
from station.people.audit_trail import AuditTrail
from station.people.chain_watch import ChainWatch
from station.people.clock_note import note_clock, note_step
from station.people.lock_out import failures_that_count, still_to_wait
from station.people.log_in import LogIn
from station.people.pin_hash import PinHasher
from station.people.session import Session
from station.people.workspace_key import WorkspaceKey
from station.pipeline.backup_schedule import BackupSchedule
from station.pipeline.clock_steps import ClockSteps
from station.pipeline.context import LineContext
from station.pipeline.current_lot import CurrentLot
from station.pipeline.disk_keeper import DiskKeeper
from station.pipeline.line_control import LineControl
from station.pipeline.plant_link import PlantLink
from station.pipeline.recent_originals import RecentOriginals, WhereKept
from station.pipeline.recent_parts import RecentParts
from station.pipeline.shift_counters import ShiftCounts
from station.pipeline.waiting_serial import WaitingSerial
from station.plugin_api.runner import PluginRunner
from station.reporting.shift_calendar import shift_of
from station.rescore.shadow import Shadow
from station.review.alarm_list import AlarmList
from station.review.alarms import AlarmLimits, AlarmRules
from station.review.challenge_watch import ChallengeWatch
from station.review.drift_watch import DriftWatch
from station.review.open_rejects import OpenRejects
from station.review.pending_feedback import PendingFeedback
from station.review.review_queue import ReviewQueue
from station.settings import Settings
from station.storage.backup.manifest import MadeBackup
from station.storage.challenges.checks import Checks
from station.storage.challenges.suspects import Suspects
from station.storage.engine.database import Database
from station.storage.learning.candidates import Candidates
from station.storage.people.accounts import Accounts
from station.storage.people.audit_log import AuditLog
from station.storage.people.log_in_tries import LogInTries
from station.storage.pictures.passed_ring import PassedRing
from station.storage.pictures.picture_store import PictureStore
from station.storage.pictures.reserve import DiskReserve
from station.storage.recipes.recipes import Recipes
from station.storage.records.events import Events
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.given_up import GivenUpPictures
from station.storage.records.holds import Holds
from station.storage.records.inspections import Inspections
from station.storage.records.later_pictures import LaterPictures
from station.storage.records.lots import Lots
from station.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class Core:
    """What the commands of a station work with, whoever gives them."""

    database: Database
    inspections: Inspections
    recipes: Recipes
    recent: RecentParts
    feedback: PendingFeedback
    reviews: ReviewQueue
    alarms: AlarmList
    rejects: OpenRejects
    line: LineControl
    counts: ShiftCounts
    serial: WaitingSerial
    lot: CurrentLot
    preview_slot: PreviewSlot
    candidates: Candidates
    shadow: Shadow
    drift: DriftWatch
    gate: PromotionGate
    collecting: LineCollection
    proposal_model: ProposalModel
    audit_log: AuditLog
    audit: AuditTrail
    originals: RecentOriginals
    accounts: Accounts
    log_in: LogIn
    session: Session
    chain: ChainWatch
    check_keeper: CheckKeeper
    challenge: ChallengeWatch
    to_plant: PlantLink


def build_core(
    workspace: Workspace,
    settings: Settings,
    plugins: pluggy.PluginManager,
    database: Database,
    news: FanOut,
    held: ExitStack,
) -> Core:
    """Build everything that lives as long as the station; `held` ends what must be ended."""
    audit = AuditTrail(audit_log := AuditLog.beside(database, settings.station.name))
    inspections, recipes = Inspections(database, PictureStore(workspace.pictures)), Recipes(database)
    plugin_runner = PluginRunner(plugins, news)
    held.callback(plugin_runner.stop_news)  # the last to end: it delivers the messages of all others
    originals = _recent_originals(workspace, settings, database, inspections)
    recent, feedback = RecentParts(), PendingFeedback(FeedbackRecords(database, audit_log), originals.keep)
    rejects, candidates = OpenRejects(), Candidates(database)
    shadow = Shadow(workspace.root, workspace.logs / "shadow.log", candidates, inspections, news.publish)
    held.callback(shadow.stop)

    def publish_review(message: Message) -> None:
        rejects.note(message)
        news.publish(message)

    reviews = ReviewQueue(feedback, settings.screen.review_time_limit_s, publish_review)
    held.callback(reviews.close)
    screen, alarms, lot = settings.screen, AlarmList(news.publish), CurrentLot(Lots(database), news.publish)
    rules = AlarmRules(
        alarms,
        AlarmLimits(screen.fails_in_a_row_alarm, screen.not_inspected_in_a_row_alarm, screen.reject_rate_alarm),
    )
    drift = DriftWatch(workspace.drift, partial(_recipe_of_run, inspections, recipes), alarms, news.publish)
    held.callback(drift.close)
    serial = WaitingSerial(settings.scanner.serial_valid_s, news.publish)
    shift_at, verdicts = partial(shift_of, station=settings.station), news.subscribe(PartJudged)
    counts = ShiftCounts(shift_at, inspections.counts_and_newest, utc_now, verdicts, inspections.is_counted)
    context = LineContext(
        settings,
        inspections,
        Events(database, audit_log),
        plugin_runner,
        Latest(),
        recent,
        feedback,
        news,
        (rejects.add_part, reviews.open_review, rules.add_part),
        reviews.unended,
        alarms,
        (rules.note, counts.keep_up),
        take_serial=serial.take,
        forget_serial=serial.forget,
        made_now=lambda: lot.now,
        refresh_lot=lot.refresh,
        parts_of=_parts_of,
        part_watchers=(shadow.offer, drift.offer),
        originals=originals,
        challenge=(challenge := _challenge_watch(settings, database, alarms)),
        space=_disk_keeper(workspace, settings, database, inspections, alarms, originals, audit),
        beside=(
            _backup_schedule(workspace, settings, alarms, audit),
            steps := ClockSteps(),
            to_plant := _plant_link(workspace, settings, alarms, held),
        ),
    )
    line = LineControl(workspace, database, recipes, context)
    held.callback(line.close_models)
    audit, steps.on_step = _audit_of(line, audit_log), line.clock.step
    proposal_model = ProposalModel(partial(open_predictor, workspace))
    held.callback(proposal_model.close)
    collecting = LineCollection(workspace, database, inspections, recipes, news, originals.keep)
    held.callback(collecting.close)
    return Core(
        database, inspections, recipes, recent, feedback, reviews, alarms, rejects, line, counts, serial, lot,
        PreviewSlot(), candidates, shadow, drift, PromotionGate(workspace, candidates, FeedbackRecords(database)),
        collecting, proposal_model, audit_log, audit, originals,
        Accounts(database), _log_in(workspace, database), Session(), ChainWatch(audit_log),
        CheckKeeper(line, Checks(database), recipes, inspections, challenge, audit, news), challenge, to_plant,
    )  # fmt: skip


def _challenge_watch(settings: Settings, database: Database, alarms: AlarmList) -> ChallengeWatch:
    shift_at = partial(shift_of, station=settings.station)
    return ChallengeWatch(Checks(database), Suspects(database), alarms, lambda moment: shift_at(moment).start)


def _log_in(workspace: Workspace, database: Database) -> LogIn:
    tries = LogInTries(database, still_to_wait, failures_that_count)
    return LogIn(Accounts(database), tries, WorkspaceKey(workspace.root), PinHasher())


def _audit_of(line: LineControl, log: AuditLog) -> AuditTrail:
    """Return the audit trail, into which the line writes when its clock is behind or was set."""
    trail = AuditTrail(log)
    line.clock.on_behind, line.clock.on_step = partial(note_clock, trail), partial(note_step, trail)
    return trail


def _recipe_of_run(inspections: Inspections, recipes: Recipes, run_id: int) -> tuple[Recipe, RunKind]:
    run = inspections.find_run(run_id)
    return recipes.find_revision(run.recipe_name, run.recipe_revision).recipe, run.kind


def _recent_originals(
    workspace: Workspace, settings: Settings, database: Database, inspections: Inspections
) -> RecentOriginals:
    recording, pictures = settings.recording, inspections.pictures
    ring = PassedRing(workspace.recent_originals, recording.recent_passed, round(recording.recent_passed_gb * 1e9))
    words, holds = FeedbackRecords(database), Holds(database)

    def wanted_of(keys: Collection[PartKey]) -> Collection[PartKey]:
        return {*words.last_words_on(keys), *holds.of(keys)}

    return RecentOriginals(WhereKept(ring, LaterPictures(database, pictures), wanted_of))


def _disk_keeper(
    workspace: Workspace,
    settings: Settings,
    database: Database,
    inspections: Inspections,
    alarms: AlarmList,
    originals: RecentOriginals,
    audit: AuditTrail,
) -> DiskKeeper:
    reserve = DiskReserve(workspace.reserve, settings.recording.reserve_mb * 1_000_000)
    given_up = GivenUpPictures(database, inspections.pictures)
    note = partial(audit.note, AuditAction.PICTURES_GIVEN_UP)
    return DiskKeeper(workspace.root, reserve, given_up, settings.recording, alarms, originals.give_way, note)


def _backup_schedule(workspace: Workspace, settings: Settings, alarms: AlarmList, audit: AuditTrail) -> BackupSchedule:
    name, wanted = settings.station.name, settings.backup

    def note(backup: MadeBackup) -> None:
        audit.note(AuditAction.BACKED_UP, str(backup.folder), new=backup.words)

    return BackupSchedule(workspace, name, wanted, alarms, note, private=settings.private_files)


def _plant_link(workspace: Workspace, settings: Settings, alarms: AlarmList, held: ExitStack) -> PlantLink:
    link = PlantLink(workspace, settings.station.name, settings.plant, alarms)
    held.callback(link.close)
    return link


def _parts_of(content: FolderContent) -> FolderContent:
    from station.learning.layout.parts import parts_of  # noqa: PLC0415 - needed for folders of pictures only

    return parts_of(content)
