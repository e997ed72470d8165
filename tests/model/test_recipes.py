from collections.abc import Callable
from typing import Any

import pytest

from reportgen.data import AugmentedPart, WarpedPart
from reportgen.errors import UsageError
from reportgen.model import (
    RECIPES,
    Listener,
    TrainingSettings,
    build_network,
    describe,
    find_recipe,
    temper,
    train,
    train_literally,
)
from reportgen.model.recipes import SCHEDULES


def test_keys_are_unique() -> None:
    assert len({recipe.key for recipe in RECIPES}) == len(RECIPES)


def test_every_schedule_has_its_words() -> None:
    assert {recipe.schedule for recipe in RECIPES} <= set(SCHEDULES)


def test_every_description_is_a_sentence() -> None:
    for recipe in RECIPES:
        assert recipe.description.endswith(".")
        assert recipe.description[0].isupper()


def test_the_recipes_are_these() -> None:
    assert [recipe.key for recipe in RECIPES] == ["classic", "warp", "literal"]
    assert [recipe.optimizer for recipe in RECIPES] == ["Adam", "AdamW", "Adam"]


def test_classic_has_thirty_epochs() -> None:
    assert find_recipe("classic").epochs == 30


def test_literal_is_classic_at_the_defaults_of_keras() -> None:
    literal, classic = find_recipe("literal"), find_recipe("classic")
    assert (literal.epochs, literal.views) == (classic.epochs, classic.views)
    assert (literal.batch_size, literal.schedule) == (32, "constant")
    # However small the part: a notebook does not look.
    assert literal.batch_size_for(7) == 32


def test_an_unknown_recipe_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"one of classic.*'clasic'"):
        find_recipe("clasic")


def test_a_small_training_part_gets_smaller_batches() -> None:
    recipe = find_recipe("classic")
    # 50,400 images seven times are 689 steps of 512; 1,293 seven times are not 100.
    assert recipe.batch_size_for(352_800) == 512
    assert recipe.batch_size_for(9_051) == 90
    # Of one image alone, batch normalisation would leave nothing.
    assert recipe.batch_size_for(7) == 8


def test_the_layers_do_not_differ_between_recipes(
    make_part: Callable[[int], Any],
) -> None:
    found = []
    for recipe in RECIPES:
        network = build_network(8, 8, classes=3, seed=7)
        kind = WarpedPart if recipe.views == "warps" else AugmentedPart
        fit = train_literally if recipe.literal else train
        fit(
            network,
            kind(*make_part(64).all),
            validation=make_part(30).all,
            settings=TrainingSettings(recipe, epochs=1, batch_size=64, seed=7),
            listener=Listener(lambda: 0.0),
        )
        if recipe.tempered:
            temper(network, 1.3)
        found.append(describe(network, title="", source=None))
    assert [one.layers for one in found] == [found[0].layers] * len(RECIPES)
    assert {one.parameters for one in found} == {found[0].parameters}
    # Yet the weights do differ: each recipe was at work.
    assert len({one.weights_sha256 for one in found}) == len(RECIPES)
