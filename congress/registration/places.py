"""Who holds a place, and who gets the next one.

Every limit is counted from rows (``Registration.holds_place``) under the locks of those who own the places: the congress, which owns
its own and those of its categories, then the delegation.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Label, Row, Select, and_, bindparam, case, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager

from congress.congresses.models import Congress
from congress.core.db import ask, db, lock, one_of, refresh
from congress.core.waiting import Free
from congress.delegates.models import CategoryTerms, Delegate, Delegation
from congress.delegates.vocabulary import Category, Part
from congress.registration.models import Registration
from congress.registration.states import State

# Who counts against the number of a city's delegates: interpreters and companions come with somebody.
COUNTED = (Category.DELEGATE, Category.MAYOR, Category.COORDINATOR)
NOT_COUNTED = (Part.INTERPRETER, Part.COMPANION)
_AT_ONCE = 100  # of those who wait, read in one statement


@dataclass(frozen=True)
class Limit:
    """One limit that concerns a registration: ``taken`` of ``most`` places; ``what`` is congress, category, city or delegation."""

    what: str
    most: int
    taken: int

    @property
    def is_reached(self) -> bool:
        return self.taken >= self.most


def counts_for_delegation(delegate: Delegate) -> bool:
    """Whether the person counts against the limit of the city's delegation."""
    return delegate.category in COUNTED and delegate.part not in NOT_COUNTED


def _counts() -> ColumnElement[bool]:
    """The same of a row."""
    return and_(one_of(Delegate.category, *COUNTED), not_(one_of(Delegate.part, *NOT_COUNTED)))


def lock_owners(congress: Congress, delegation: Delegation | None = None) -> None:
    """Lock what owns the places, always in this order."""
    lock(congress)
    if delegation is not None:
        lock(delegation)


def look_again(delegate: Delegate) -> None:
    """Read afresh what decides which limits count. Whom organisers have moved to another city meanwhile needs its lock, too."""
    of_city = delegate.delegation_id
    refresh(delegate, ("category", "part", "delegation_id"))
    if delegate.delegation_id != of_city:
        db.session.expire(delegate, ["delegation"])
        lock_owners(delegate.congress, delegate.delegation)


def limits(delegate: Delegate) -> list[Limit]:
    """The limits that concern this person, each with what is taken now. The caller holds the locks."""
    return limits_in(ask(LIMITS, **values_for(delegate)).one(), delegate)


def values_for(delegate: Delegate) -> dict[str, Any]:
    """The parameters of LIMITS for this person."""
    delegation = delegate.delegation  # a new person's ids are not known before the flush
    return {"congress": delegate.congress.id, "category": delegate.category, "delegation": delegation.id if delegation else None}


def limits_in(row: Row[*tuple[Any, ...]], delegate: Delegate) -> list[Limit]:
    """The limits that a row with the columns of LIMITS tells."""
    congress, delegation = delegate.congress, delegate.delegation
    limited = [("congress", congress.max_people, row.in_congress), ("category", row.max_people, row.in_category)]
    found = [Limit(what, most, taken) for what, most, taken in limited if most is not None]
    return found if delegation is None else found + _of_city(row, delegate, delegation.most)


def limits_in_city(delegate: Delegate, delegation: Delegation | None) -> list[Limit]:
    """The limits of a city that the person is not of, each with what is taken there now. None: nobody is of the city yet."""
    values = {**values_for(delegate), "delegation": delegation.id if delegation else None}
    return _of_city(ask(LIMITS, **values).one(), delegate, delegation.most if delegation else delegate.congress.max_delegates)


def _of_city(row: Row[*tuple[Any, ...]], delegate: Delegate, most: int) -> list[Limit]:
    of_category = [] if row.max_per_city is None else [Limit("city", row.max_per_city, row.of_city)]
    return of_category + ([Limit("delegation", most, row.of_delegation)] if counts_for_delegation(delegate) else [])


def _holding(congress: Congress, *what: Any) -> Select[*tuple[Any, ...]]:
    """A statement over the places that are taken."""
    return select(*what).select_from(Registration).where(Registration.congress_id == congress.id, Registration.holds_place)


_TAKEN = (
    select(func.count())
    .select_from(Registration)
    .where(Registration.congress_id == bindparam("congress"), Registration.holds_place)
)
_TAKEN_IN_CATEGORY = _TAKEN.join(Delegate, Delegate.id == Registration.delegate_id).where(
    Delegate.congress_id == bindparam("congress"), Delegate.category == bindparam("category")
)
# Of one city, looked up from its people: they are few, however many there are at the congress.
_TAKEN_OF = (
    select(func.count())
    .select_from(Delegate)
    .join(Registration, Registration.delegate_id == Delegate.id)
    .where(Delegate.delegation_id == bindparam("delegation"), Registration.holds_place)
)


def _if_limited(limit: InstrumentedAttribute[int | None], taken: Select[*tuple[Any, ...]], name: str) -> Label[Any]:
    """Counted where there is a limit: those of a whole congress take their time."""
    return case((limit.is_not(None), taken.scalar_subquery())).label(name)


# Asked with the parameters of values_for, alone or with more columns; read by limits_in.
LIMITS = (
    select(
        CategoryTerms.max_people,
        CategoryTerms.max_per_city,
        _if_limited(Congress.max_people, _TAKEN, "in_congress"),
        _if_limited(CategoryTerms.max_people, _TAKEN_IN_CATEGORY, "in_category"),
        _if_limited(CategoryTerms.max_per_city, _TAKEN_OF.where(Delegate.category == bindparam("category")), "of_city"),
        _TAKEN_OF.where(_counts()).scalar_subquery().label("of_delegation"),
    )
    .select_from(Congress)
    .outerjoin(CategoryTerms, and_(CategoryTerms.congress_id == Congress.id, CategoryTerms.category == bindparam("category")))
    .where(Congress.id == bindparam("congress"))
)


def _taken(congress: Congress, category: Category | None = None) -> int:
    """Places that are taken, of all or in a category."""
    if category is None:
        return int(ask(_TAKEN, congress=congress.id).scalar_one())
    return int(ask(_TAKEN_IN_CATEGORY, congress=congress.id, category=category).scalar_one())


def has_room(delegate: Delegate) -> bool:
    """Whether there is a place for this person now. The caller holds the locks."""
    return not any(each.is_reached for each in limits(delegate))


def in_queue(congress_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """Rows of those who wait for a place and have no offer."""
    return and_(
        Registration.congress_id == congress_id, one_of(Registration.state, State.WAITING), Registration.holds_place.is_(False)
    )


_AWAITED = select(Registration.id).where(in_queue(bindparam("congress"))).limit(1)


def is_awaited(congress: Congress) -> bool:
    """Whether anybody waits for a place."""
    return ask(_AWAITED, congress=congress.id).first() is not None


# What decides which limits concern somebody: all who have the same wait for the same places.
_Kind = tuple[Category, int | None, bool]
_KIND = (Delegate.category, Delegate.delegation_id, _counts())


def next_in_line(congress: Congress, *, but: Registration | None = None) -> Iterator[Registration]:
    """Those who wait and for whom there is a place now, the longest waiting first; each is counted as having taken it.

    The caller holds the congress's lock. Who waits for a place that another limit still denies lets others pass: a full
    delegation does not stop other cities. Only those are read whom something is free for, however many wait.
    """
    if not is_awaited(congress):
        return
    kinds: list[_Kind] = [
        (category, delegation_id, counts)
        for category, delegation_id, counts in db.session.execute(
            select(*_KIND).join_from(Registration, Delegate).where(in_queue(congress.id)).distinct()
        )
    ]
    free, after = Free(_free(congress, kinds)), None
    while any(free.has_room(_owners(kind)) for kind in kinds):
        rows = _waiting(congress, free.full, after)
        after = (_since(rows[-1]), rows[-1].id) if rows else None
        for registration in rows:
            delegate = registration.delegate
            kind = (delegate.category, delegate.delegation_id, counts_for_delegation(delegate))
            if registration is not but and free.take(_owners(kind)):
                yield registration
        if len(rows) < _AT_ONCE:
            return


def _since(registration: Registration) -> datetime:
    return registration.queued_at or registration.started_at


def _waiting(congress: Congress, full: Collection[Hashable], after: tuple[datetime, int] | None) -> Sequence[Registration]:
    """The next ones of those who wait, but for those whom an owner that is full stops."""
    since = func.coalesce(Registration.queued_at, Registration.started_at)
    free = [~(Delegate.category == owner[1]) for owner in _named(full, "category")]
    if of_delegations := [owner[1] for owner in _named(full, "delegation")]:
        free.append(or_(Delegate.delegation_id.is_(None), not_(_counts()), Delegate.delegation_id.not_in(of_delegations)))
    of_cities: dict[Category, list[int]] = {}
    for _name, city, category in _named(full, "city"):
        of_cities.setdefault(category, []).append(city)
    for category, cities in of_cities.items():
        free.append(or_(Delegate.category != category, Delegate.delegation_id.not_in(cities)))
    if after is not None:
        moment, number = after
        free.append(or_(since > moment, and_(since == moment, Registration.id > number)))
    return db.session.scalars(
        select(Registration)
        .join(Registration.delegate)
        .where(in_queue(congress.id), *free)
        .options(contains_eager(Registration.delegate).joinedload(Delegate.person))
        .order_by(since, Registration.id)
        .limit(_AT_ONCE)
    ).all()


def _named(owners: Iterable[Hashable], name: str) -> list[Any]:
    return [owner for owner in owners if isinstance(owner, tuple) and owner[0] == name]


def _owners(kind: _Kind) -> list[Hashable]:
    """Who owns the places that people of this kind need, as _free names them."""
    category, delegation_id, counts = kind
    owners: list[Hashable] = ["congress", ("category", category)]
    if delegation_id is not None:
        owners += [("city", delegation_id, category), *([("delegation", delegation_id)] if counts else [])]
    return owners


def _free(congress: Congress, kinds: Iterable[_Kind]) -> dict[Hashable, int]:
    """The free places of all owners that have a limit and concern somebody of these kinds: in at most six statements."""
    wanted = {owner for kind in kinds for owner in _owners(kind)}
    cities = {delegation_id for _category, delegation_id, _counted in kinds if delegation_id is not None}
    free: dict[Hashable, int] = {}
    if congress.max_people is not None:
        free["congress"] = congress.max_people - _taken(congress)
    terms = db.session.scalars(select(CategoryTerms).where(CategoryTerms.congress_id == congress.id)).all()
    for each in terms:
        if each.max_people is not None and ("category", each.category) in wanted:
            free["category", each.category] = each.max_people - _taken(congress, each.category)
    of_cities = Delegate.delegation_id.in_(cities)
    by_city = _holding(congress, Delegate.delegation_id, Delegate.category, func.count()).join(Registration.delegate)
    most_of_city = {each.category: each.max_per_city for each in terms if each.max_per_city is not None}
    if most_of_city:
        free |= {("city", city, category): most for city in cities for category, most in most_of_city.items()}
        for city, category, taken in db.session.execute(by_city.where(of_cities).group_by(*by_city.selected_columns[:2])):
            if category in most_of_city:
                free["city", city, category] -= taken
    for delegation in db.session.scalars(select(Delegation).where(Delegation.id.in_(cities))):
        free["delegation", delegation.id] = delegation.most
    counted = _holding(congress, Delegate.delegation_id, func.count()).join(Registration.delegate).where(of_cities, _counts())
    for city, taken in db.session.execute(counted.group_by(Delegate.delegation_id)):
        free["delegation", city] -= taken
    return free


def number_in_queue(registration: Registration) -> int:
    """Which one of all who wait at this congress, counted from 1; 0 for who does not wait."""
    if registration.state is not State.WAITING or registration.queued_at is None:
        return 0
    before = or_(
        Registration.queued_at < registration.queued_at,
        and_(Registration.queued_at == registration.queued_at, Registration.id < registration.id),
    )
    counted = select(func.count()).where(in_queue(registration.congress_id), before)
    return (db.session.scalar(counted) or 0) + 1


def congresses_with_lapsed_offers(now: datetime) -> Sequence[int]:
    """Ids of the congresses where the time of an offer is over."""
    return db.session.scalars(
        select(Registration.congress_id).where(Registration.state == State.WAITING, Registration.offered_until <= now).distinct()
    ).all()
