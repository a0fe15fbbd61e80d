"""What moderators do: each act has a reason, is logged, is told to the person, and may be appealed."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.constants import (
    REASON_MAX,
    AppealState,
    ModerationAct,
    ReportState,
    Role,
    UserState,
)
from accounts.events import ModeratorActed, PrivacyChanged
from accounts.models import Appeal, ModerationAction, Report, User
from accounts.services.sessions import sessions_end_all
from core.errors import BadInputError, ConflictError, ForbiddenError, NotFoundError, RuleError
from core.events import publish
from core.realtime import close_sockets
from core.registry import report_targets
from core.signing import is_signed, sign

SUSPENDED_CODE = 4403
_STATES = {
    ModerationAct.LIMIT: UserState.LIMITED,
    ModerationAct.SUSPEND: UserState.SUSPENDED,
    ModerationAct.RESTORE: UserState.ACTIVE,
}
#: What an appeal that is granted does.
_UNDO = {
    ModerationAct.LIMIT: ModerationAct.RESTORE,
    ModerationAct.SUSPEND: ModerationAct.RESTORE,
    ModerationAct.HIDE: ModerationAct.SHOW,
}


@dataclass(frozen=True, slots=True)
class Case:
    """What a moderator acts on, and the report that led there."""

    kind: str
    id: int
    report: Report | None = None


@transaction.atomic
def moderation_act(
    *, moderator: User, act: ModerationAct, case: Case, reason: str, address: str | None = None
) -> ModerationAction:
    """Carry out one act, write it down, close the reports about the thing, and tell the person.

    Raises ForbiddenError `not_moderator` or `not_over_staff`, NotFoundError for a thing that is
    gone, BadInputError `reason_missing` or `reason_too_long`,
    RuleError `act_unfit`.
    """
    if moderator.role == Role.USER:
        raise ForbiddenError(code="not_moderator")
    reason = _checked(reason)
    user_id, before = _perform(moderator, act, case)
    action = ModerationAction.objects.create(
        moderator=moderator,
        act=act,
        target_kind=case.kind,
        target_id=case.id,
        user_id=user_id,
        reason=reason,
        report=case.report,
        before=before,
        address=address,
    )
    _close_reports(moderator, act, case)
    if act not in (ModerationAct.DISMISS, ModerationAct.READ_MESSAGES):
        publish(ModeratorActed(action_id=action.pk))
    return action


def _checked(reason: str) -> str:
    if not reason.strip():
        raise BadInputError("Say why.", code="reason_missing")
    if len(reason.strip()) > REASON_MAX:
        message = f"A reason has at most {REASON_MAX} characters."
        raise BadInputError(message, code="reason_too_long")
    return reason.strip()


def _perform(moderator: User, act: ModerationAct, case: Case) -> tuple[int | None, dict[str, str]]:
    """Whom it is about, and what stood before."""
    if act in _STATES:
        return _set_state(moderator, case, _STATES[act])
    if act == ModerationAct.READ_MESSAGES:
        return None, {}
    target = report_targets.get(case.kind)
    thing = target.get(case.id) if target else None
    if target is None or thing is None:
        if act == ModerationAct.DISMISS:
            return None, {}
        raise NotFoundError
    match act:
        case ModerationAct.HIDE | ModerationAct.SHOW if target.hide:
            target.hide(thing, act == ModerationAct.HIDE)
        case ModerationAct.DELETE if case.kind != "user":
            target.remove(thing)
        case ModerationAct.WARN | ModerationAct.DISMISS:
            pass
        case _:
            raise RuleError("This cannot be done to it.", code="act_unfit")
    return target.owner_id(thing), {}


def _set_state(moderator: User, case: Case, state: UserState) -> tuple[int, dict[str, str]]:
    if case.kind != "user":
        raise RuleError("Only accounts have a standing.", code="act_unfit")
    user = User.objects.select_for_update(no_key=True).filter(pk=case.id).first()
    if user is None or user.state == UserState.DELETING:
        raise NotFoundError
    if user.role != Role.USER and moderator.role != Role.ADMIN:
        raise ForbiddenError("Only admins act on staff.", code="not_over_staff")
    before, user.state = user.state, state
    user.save(update_fields=["state"])
    if state == UserState.SUSPENDED:
        close_sockets(user.pk, code=SUSPENDED_CODE)
        sessions_end_all(user_id=user.pk)
    publish(PrivacyChanged(user_id=user.pk))
    return user.pk, {"state": before}


def _close_reports(moderator: User, act: ModerationAct, case: Case) -> None:
    state = ReportState.DISMISSED if act == ModerationAct.DISMISS else ReportState.ACTED
    if act not in (ModerationAct.READ_MESSAGES, ModerationAct.SHOW, ModerationAct.RESTORE):
        about = Report.objects.filter(
            target_kind=case.kind, target_id=case.id, state=ReportState.OPEN
        )
        if case.report:
            about = about | Report.objects.filter(pk=case.report.pk, state=ReportState.OPEN)
        about.update(state=state, handled_by=moderator, handled_at=timezone.now())


def appeal_token(action: ModerationAction) -> str:
    """What the mail about an act carries, for people who may not even sign in any more."""
    return f"{action.pk}.{sign('appeal', str(action.pk), length=24)}"


def action_of_appeal_token(token: str) -> ModerationAction:
    """The act behind a mailed token. Raises BadInputError `bad_token`."""
    number, _, signature = token.partition(".")
    if is_signed("appeal", number, signature, length=24):
        action = ModerationAction.objects.filter(pk=int(number)).first()
        if action is not None:
            return action
    raise BadInputError("This link does not lead anywhere.", code="bad_token")


def appeal_create(*, token: str, text: str) -> Appeal:
    """Object to an act, once. Raises BadInputError `bad_token`, ConflictError `appealed`."""
    action = action_of_appeal_token(token)
    try:
        with transaction.atomic():
            return Appeal.objects.create(action=action, text=text)
    except IntegrityError as error:
        raise ConflictError("You have objected to this already.", code="appealed") from error


@transaction.atomic
def appeal_decide(*, moderator: User, appeal: Appeal, is_granted: bool, reason: str) -> None:
    """Grant it, which undoes the act, or refuse it; somebody else than who acted decides.

    Raises ForbiddenError `own_act`, ConflictError `decided`.
    """
    action = appeal.action
    if action.moderator_id == moderator.pk and moderator.role != Role.ADMIN:
        raise ForbiddenError("Somebody else decides about your act.", code="own_act")
    state = AppealState.GRANTED if is_granted else AppealState.REFUSED
    waiting = Appeal.objects.filter(pk=appeal.pk, state=AppealState.OPEN)
    if not waiting.update(state=state, handled_by=moderator, handled_at=timezone.now()):
        raise ConflictError("This was decided already.", code="decided")
    undo = _UNDO.get(ModerationAct(action.act)) if is_granted else None
    if undo:
        case = Case(action.target_kind, action.target_id)
        moderation_act(moderator=moderator, act=undo, case=case, reason=reason)
    else:
        publish(ModeratorActed(action_id=action.pk))
