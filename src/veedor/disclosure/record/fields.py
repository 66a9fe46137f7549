"""`FIELDS`: what a record asks of a system, in the order it is printed."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Topic: TypeAlias = Literal["system", "law", "data", "access", "rights", "checks"]
#: ``office``: whom to turn to, never a person; ``month``: YYYY-MM; ``choice``: one of `choices`.
Form: TypeAlias = Literal["text", "office", "link", "month", "choice"]

STATUSES = ("in development", "in use", "out of use")
CATEGORIES = ("high-risk AI system", "impactful algorithm", "other algorithm")


class Field(msgspec.Struct, frozen=True):
    """One thing that a record asks.

    Parameters
    ----------
    key : str
        As it stands in the file.
    topic : str
    form : str
        Of `Form`.
    choices : tuple of str
        What a value must be one of; any text if empty.
    """

    key: str
    topic: Topic
    form: Form = "text"
    choices: tuple[str, ...] = ()


def _of(
    topic: Topic, *keys: str | tuple[str, Form] | tuple[str, Form, tuple[str, ...]]
) -> list[Field]:
    return [
        Field(one, topic) if isinstance(one, str) else Field(one[0], topic, *one[1:])
        for one in keys
    ]


FIELDS: tuple[Field, ...] = (
    *_of(
        "system",
        "description", "purposes", ("status", "choice", STATUSES), ("in_use_since", "month"),
        ("out_of_use_since", "month"), "supplier", "supplier_access", "method", "process",
        "frequency", "benefit", "alternatives", ("website", "link"), ("source_code", "link"),
        ("publication_category", "choice", CATEGORIES),
    ),
    *_of(
        "law",
        "legal_basis", "published_provision", "registration", ("responsible", "office"),
        "proportionality",
    ),
    *_of(
        "data",
        "persons_concerned", "data_categories", "file_structure", "sensitive_data",
        "criminal_records", "data_sources", "collection", "duty_to_answer", "information_given",
        "necessity", "reliability_classes", "data_accuracy", "interconnection", "retention",
        "deletion", "end_of_file",
    ),
    *_of(
        "access",
        "who_may_access", "access_log", "security", "confidentiality", "recipients",
        "sharing_basis",
    ),
    *_of(
        "rights",
        "access_right", "rectification", ("claims_office", "office"), "refusals_of_access",
        "appeals", ("contact", "office"),
    ),
    *_of(
        "checks",
        "accuracy_tests", "human_review", "information_to_reviewers", "training", "maintenance",
        "impact_assessment", ("impact_assessment_date", "month"),
        ("impact_assessment_link", "link"), "risks", "risk_measures", "oversight",
    ),
)  # fmt: skip
TOPICS: tuple[Topic, ...] = tuple(dict.fromkeys(one.topic for one in FIELDS))
BY_KEY = {one.key: one for one in FIELDS}
