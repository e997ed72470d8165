import gc

import pytest

from reportgen.pipeline.collecting import OBJECTS, seldom_collecting


def test_inside_python_looks_for_garbage_seldom() -> None:
    with seldom_collecting():
        assert gc.get_threshold()[0] == OBJECTS
        assert gc.isenabled()


def test_what_was_set_is_put_back_after_an_error_too() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="stop"), seldom_collecting():
        raise ValueError("stop")
    assert gc.get_threshold() == before
