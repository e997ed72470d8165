import pytest

from reportgen.errors import UsageError
from reportgen.model import RECIPES, find_recipe
from reportgen.model.recipes import SCHEDULES


def test_keys_are_unique() -> None:
    assert len({recipe.key for recipe in RECIPES}) == len(RECIPES)


def test_every_schedule_has_its_words() -> None:
    assert {recipe.schedule for recipe in RECIPES} <= set(SCHEDULES)


def test_every_description_is_a_sentence() -> None:
    for recipe in RECIPES:
        assert recipe.description.endswith(".")
        assert recipe.description[0].isupper()


def test_classic_has_thirty_epochs() -> None:
    assert find_recipe("classic").epochs == 30


def test_an_unknown_recipe_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"one of classic.*'clasic'"):
        find_recipe("clasic")


def test_a_small_training_part_gets_smaller_batches() -> None:
    recipe = find_recipe("classic")
    # 50,400 images seven times are 689 steps of 512; 1,293 seven times are not 100.
    assert recipe.batch_size_for(352_800) == 512
    assert recipe.batch_size_for(9_051) == 90
    assert recipe.batch_size_for(7) == 1
