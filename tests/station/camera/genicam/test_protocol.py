from multiprocessing.connection import Pipe
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.camera.genicam import protocol

setting_values = st.one_of(st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), st.text())
losses = st.builds(
    protocol.Loss,
    st.sampled_from(["lost_frame", "overrun"]),
    st.integers(1),
    st.integers(1),
    st.none() | st.integers(0),
)
frames = st.builds(
    protocol.FrameFacts,
    frame_id=st.integers(1),
    timestamp_ns=st.none() | st.integers(0),
    received_ns=st.integers(0),
    pixel_format=st.text(),
    width=st.integers(1, 9999),
    height=st.integers(1, 9999),
    padding_bytes=st.integers(0, 8),
    size=st.integers(0),
    chunk=st.dictionaries(st.text(), setting_values, max_size=3),
)
messages = st.one_of(
    st.builds(protocol.Open, st.text(), st.text(), st.floats(0.1, 60)),
    st.builds(protocol.Write, st.dictionaries(st.text(), setting_values, max_size=4)),
    st.builds(protocol.Start, st.text(), st.integers(2, 64), st.integers(1)),
    st.builds(protocol.Started, st.integers(2, 64), st.integers(1), st.text(), st.none() | st.floats(0.001, 10)),
    st.builds(protocol.Refused, st.text(), st.none() | st.text(), st.booleans()),
    st.builds(protocol.Delivered, st.integers(0, 63), st.lists(losses, max_size=3).map(tuple), st.none() | frames),
    st.just(protocol.Trigger()),
)


@given(message=messages)
def test_that_a_message_arrives_as_it_was_sent(message: Any) -> None:
    here, there = Pipe()
    protocol.send(here, message)
    assert protocol.receive(there) == message
    here.close()
    there.close()


def test_that_a_closed_connection_raises() -> None:
    here, there = Pipe()
    there.close()
    with pytest.raises(EOFError):
        protocol.receive(here)
    here.close()
