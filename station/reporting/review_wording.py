"""The review of a shift in words, for page, paper and command line alike."""

from station.domain.formatting import number, rate
from station.domain.shift_review import Agreement, AgreementRow

_ALL = "All parts"


def progress_words(agreement: Agreement) -> str:
    """Return "12 of 40 reviewed", with the parts that still wait at the line."""
    if not agreement.to_review:
        return "Nothing to review"
    waiting = f", {number(agreement.waiting)} still at the line" if agreement.waiting else ""
    return f"{number(agreement.reviewed)} of {number(agreement.to_review)} reviewed{waiting}"


def agreement_rows(agreement: Agreement) -> tuple[AgreementRow, ...]:
    """Return the rows in the order in which they are shown; none if no person has said anything."""
    if not agreement.all.rate.n:
        return ()
    return (agreement.all, *agreement.by_verdict, *agreement.by_person)


def agreement_lines(agreement: Agreement) -> tuple[str, ...]:
    """Return one line for each row: "FAIL: 85.7 % (12 of 14; 60.1 to 96.0 %)"."""
    return tuple(f"{_ALL if row is agreement.all else row.name}: {rate(row.rate)}" for row in agreement_rows(agreement))
