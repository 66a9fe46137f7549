"""Areas have no order, and units of an offset do not matter, to the endemic-epidemic model."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made_up_panels import panel

from veedor.forecasters.endemic_epidemic import Model, Part, Weights, fit

MODEL = Model(Part(offset="people"), Part(), Part(), Weights("equal", 2, normalised=True))
RANDOM = replace(MODEL, endemic=replace(MODEL.endemic, intercept="random"))


def turned(given_panel, order):
    """The same areas in another order."""
    indptr, indices = given_panel.neighbours
    back = np.argsort(order)
    touching = [np.sort(back[indices[indptr[a] : indptr[a + 1]]]) for a in order]
    return replace(
        given_panel,
        counts=given_panel.counts[:, order],
        covariates={"people": given_panel.covariates["people"][order]},
        neighbours=(
            np.concatenate([[0], np.cumsum([len(t) for t in touching])]),
            np.concatenate(touching),
        ),
    )


@settings(max_examples=10)
@given(st.permutations(range(12)), st.integers(0, 3), st.sampled_from([MODEL, RANDOM]))
def test_permuting_areas_permutes_the_fit(order, seed, model):
    whole = panel(60, 3, 4, seed=seed)
    first, second = fit(model, whole), fit(model, turned(whole, np.array(order)))
    assert first.edges == second.edges
    np.testing.assert_allclose(second.values.fixed, first.values.fixed, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(
        second.values.effects, first.values.effects[np.array(order)], rtol=1e-5, atol=1e-7
    )
    np.testing.assert_allclose(second.log_likelihood, first.log_likelihood, rtol=1e-10)


@settings(max_examples=10)
@given(st.floats(1e-3, 1e6), st.integers(0, 3))
def test_the_unit_of_an_offset_moves_its_level_alone(unit, seed):
    whole = panel(60, 3, 4, seed=seed)
    people = whole.covariates["people"]
    first = fit(MODEL, replace(whole, covariates={"people": people}))
    second = fit(MODEL, replace(whole, covariates={"people": people * unit}))
    moved = np.array(list(first.coefficients.values()))
    moved[0] -= np.log(unit)
    np.testing.assert_allclose(list(second.coefficients.values()), moved, rtol=1e-6, atol=1e-7)
