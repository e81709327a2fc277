"""All pages of the window. To add a page, write its folder in `ui/pages` and add its `PageSpec` here."""

from collections import Counter
from collections.abc import Sequence

from ui.actions.action import SHARED_ROWS
from ui.actions.page_spec import AnyPage
from ui.pages.annotator.spec import ANNOTATOR
from ui.pages.audit.spec import AUDIT
from ui.pages.cameras.spec import CAMERAS
from ui.pages.challenge.spec import CHALLENGE
from ui.pages.datasets.spec import DATASETS
from ui.pages.guide.spec import GUIDE
from ui.pages.limits.spec import LIMITS
from ui.pages.line.spec import LINE
from ui.pages.models.spec import MODELS
from ui.pages.people.spec import PEOPLE
from ui.pages.recipes.spec import RECIPES
from ui.pages.review.spec import REVIEW
from ui.pages.shadow.spec import SHADOW
from ui.pages.shift_report.spec import SHIFT_REPORT
from ui.pages.study.spec import STUDY
from ui.pages.training.spec import TRAINING

PAGES: tuple[AnyPage, ...] = (
    LINE,
    SHIFT_REPORT,
    REVIEW,
    CHALLENGE,
    AUDIT,
    GUIDE,
    RECIPES,
    CAMERAS,
    DATASETS,
    TRAINING,
    LIMITS,
    MODELS,
    SHADOW,
    STUDY,
    ANNOTATOR,
    PEOPLE,
)
"""The window begins with the first."""


def require_distinct_keys(pages: Sequence[AnyPage]) -> None:
    """Do nothing when each key has one meaning on each page.

    Raises:
        ValueError: A key has two meanings on one page.
    """
    everywhere = [row.shortcut for row in SHARED_ROWS] + [page.key for page in pages]
    for page in pages:
        keys = Counter(everywhere + [row.shortcut for row in page.actions])
        twice = [key for key, count in keys.items() if count > 1]
        if twice:
            raise ValueError(f"On the page '{page.title}' these keys have two meanings: {', '.join(twice)}.")
