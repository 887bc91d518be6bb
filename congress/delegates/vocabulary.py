"""The fixed words of people and delegations."""

from enum import StrEnum

from flask_babel import lazy_gettext as _


class Category(StrEnum):
    """In which capacity a person takes part (domain notes, section 2)."""

    DELEGATE = "delegate"
    MAYOR = "mayor"
    COORDINATOR = "coordinator"
    SECRETARIAT = "secretariat"
    HOST_STAFF = "host_staff"
    SPEAKER = "speaker"
    NATIONAL_COMMISSION = "national_commission"
    OBSERVER = "observer"
    PRESS = "press"
    COMPANION = "companion"


CATEGORY_LABELS = {
    Category.DELEGATE: _("delegate of a member city"),
    Category.MAYOR: _("mayor or deputy mayor"),
    Category.COORDINATOR: _("subnetwork coordinator or deputy"),
    Category.SECRETARIAT: _("Secretariat"),
    Category.HOST_STAFF: _("host city staff or volunteer"),
    Category.SPEAKER: _("speaker or artist"),
    Category.NATIONAL_COMMISSION: _("National Commission or ministry"),
    Category.OBSERVER: _("observer"),
    Category.PRESS: _("press"),
    Category.COMPANION: _("companion"),
}

# Categories in which a person stands for a member city.
OF_A_CITY = frozenset({Category.DELEGATE, Category.MAYOR, Category.COORDINATOR, Category.COMPANION})

# Who usually comes, by the kind of congress, where that is not everybody: study visits have no mayors' session and no press conference.
USUAL_CATEGORIES = {
    **dict.fromkeys(("study_visit", "seminar", "expert_meeting"), (Category.DELEGATE, Category.HOST_STAFF, Category.SPEAKER)),
    "subnetwork_meeting": (
        Category.DELEGATE, Category.COORDINATOR, Category.SECRETARIAT, Category.HOST_STAFF, Category.SPEAKER, Category.OBSERVER,
    ),
}  # fmt: skip


class Part(StrEnum):
    """What a person is in a delegation."""

    HEAD = "head"
    ALTERNATE = "alternate"
    MEMBER = "member"
    ADVISER = "adviser"
    INTERPRETER = "interpreter"
    COMPANION = "companion"


PART_LABELS = {
    Part.HEAD: _("head of the delegation"),
    Part.ALTERNATE: _("alternate head"),
    Part.MEMBER: _("member"),
    Part.ADVISER: _("adviser"),
    Part.INTERPRETER: _("interpreter"),
    Part.COMPANION: _("companion"),
}


class DelegationState(StrEnum):
    """Where a city's delegation is. Silent is no state but what an invited one without an answer is."""

    NOT_INVITED = "not_invited"
    INVITED = "invited"
    OPENED = "opened"
    DRAFTING = "drafting"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


DELEGATION_STATE_LABELS = {
    DelegationState.NOT_INVITED: _("not invited"),
    DelegationState.INVITED: _("invited"),
    DelegationState.OPENED: _("invitation opened"),
    DelegationState.DRAFTING: _("in preparation"),
    DelegationState.SUBMITTED: _("submitted"),
    DelegationState.CONFIRMED: _("confirmed"),
    DelegationState.DECLINED: _("declined"),
}


class DelegationEventKind(StrEnum):
    """What may happen to a delegation."""

    INVITED = "invited"
    REMINDED = "reminded"
    OPENED = "opened"
    ADDED = "added"
    EDITED = "edited"
    REMOVED = "removed"
    REPLACED = "replaced"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    REOPENED = "reopened"
    LINK_ISSUED = "link_issued"
    LINK_REVOKED = "link_revoked"
    CODE_ISSUED = "code_issued"
    HANDED_OVER = "handed_over"
    LIMIT_SET = "limit_set"


DELEGATION_EVENT_LABELS = {
    DelegationEventKind.INVITED: _("invited"),
    DelegationEventKind.REMINDED: _("reminded"),
    DelegationEventKind.OPENED: _("invitation opened"),
    DelegationEventKind.ADDED: _("person added"),
    DelegationEventKind.EDITED: _("person changed"),
    DelegationEventKind.REMOVED: _("person removed"),
    DelegationEventKind.REPLACED: _("person replaced"),
    DelegationEventKind.SUBMITTED: _("submitted"),
    DelegationEventKind.CONFIRMED: _("confirmed"),
    DelegationEventKind.DECLINED: _("declined"),
    DelegationEventKind.REOPENED: _("opened again"),
    DelegationEventKind.LINK_ISSUED: _("new link sent"),
    DelegationEventKind.LINK_REVOKED: _("link revoked"),
    DelegationEventKind.CODE_ISSUED: _("new code for the letter of invitation"),
    DelegationEventKind.HANDED_OVER: _("handed over"),
    DelegationEventKind.LIMIT_SET: _("limit changed"),
}

# What organisers do to a delegation is no answer of the city.
OF_ORGANISERS = frozenset(
    {
        DelegationEventKind.REMINDED,
        DelegationEventKind.CONFIRMED,
        DelegationEventKind.LINK_ISSUED,
        DelegationEventKind.LINK_REVOKED,
        DelegationEventKind.CODE_ISSUED,
        DelegationEventKind.HANDED_OVER,
        DelegationEventKind.LIMIT_SET,
    }
)


class Step(StrEnum):
    """A page of the registration form, in order."""

    IDENTITY = "identity"
    ROLE = "role"
    TRAVEL = "travel"
    NEEDS = "needs"
    SESSIONS = "sessions"
    CONSENTS = "consents"
    REVIEW = "review"


STEP_LABELS = {
    Step.IDENTITY: _("Who you are"),
    Step.ROLE: _("Your role"),
    Step.TRAVEL: _("Travel and stay"),
    Step.NEEDS: _("What you need"),
    Step.SESSIONS: _("Sessions"),
    Step.CONSENTS: _("Consents"),
    Step.REVIEW: _("Check and send"),
}
