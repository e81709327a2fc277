"""What the installed plug-ins declare about their settings."""

import pytest
from pydantic.fields import FieldInfo

from station.plugin_api.hooks import installed_plugins
from station.plugin_api.plugin_settings import settings_models

FIELDS = [
    (f"{plugin}.{name}", field)
    for plugin, model in settings_models(installed_plugins()).items()
    for name, field in (model.model_fields.items() if model else ())
]


def test_that_the_shipped_plug_in_declares_its_settings() -> None:
    assert {"reject_serial.port", "reject_serial.baud"} <= {name for name, _ in FIELDS}


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_that_every_setting_has_a_meaning_and_every_number_a_range(name: str, field: FieldInfo) -> None:
    assert field.description
    if field.annotation in (int, float):
        limits = {limit for each in field.metadata for limit in ("ge", "gt", "le", "lt") if hasattr(each, limit)}
        assert limits & {"ge", "gt"}, name
        assert limits & {"le", "lt"}, name
