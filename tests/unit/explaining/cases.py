"""Cases of the shipped packs: facts as the vignettes of the guidance give them, and random ones."""

from __future__ import annotations

import random
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from safeguarding_rules import Decision, Engine, pack_from_folder

PACKS = Path(__file__).parents[3] / "policy_packs"
STACKS = {"ukcis": ("ukcis/2024.3",), "kscmp": ("ukcis/2024.3", "kscmp/2024.9"), "ukcis 2020": ("ukcis/2020.12",)}

_NO = [
    "adult_involved", "coercion_pressure_or_threat", "suspected_adult_posing_as_child", "grooming_indicators", "blackmail_or_extortion",
    "capacity_to_consent_concern", "sexual_act_unusual_for_stage", "depicts_violence", "suicidal_or_self_harm", "immediate_risk_of_harm",
    "significant_harm_suspected", "new_information_since_decision", "depicts_sexual_act", "shared_beyond_intended", "immediate_danger",
    "financial_demand", "profit_or_exchange", "exploitation_indicators", "imagery_made_without_consent", "child_harmed_or_at_risk",
    "contact_offence_disclosed", "contact_with_offender_continues", "evidence_needed_by_police", "staff_allegation", "viewing_proposed",
    "staff_has_copied_or_stored", "shared_publicly_online", "shared_without_consent", "recipients_unknown", "doubts_remain",
    "intent_to_harm", "reckless_sharing", "power_imbalance", "pattern_of_behaviour", "police_involved", "child_has_not_agreed_to_delete",
    "informing_parents_increases_risk", "alleged_child_involved",
]  # fmt: skip
MANAGED: dict[str, Any] = dict.fromkeys(_NO, False) | {
    "contains_imagery": True, "imagery_origin": "self_generated", "youngest_pictured_age": 15, "dsl_has_enough_information": True,
    "dsl_confident_risks_manageable": True, "headteacher_consulted": True, "recipient_identity_verified": True, "previous_incidents_count": 0,
    "known_to_social_care": "none", "harmful_sexual_behaviour_assessment": "green", "local_advice": "not_sought", "support_level_assessed": 2,
}  # fmt: skip

VIGNETTES: dict[str, dict[str, Any]] = {
    "nothing known": {},
    "VG-01": {
        "contains_imagery": True, "imagery_origin": "self_generated", "youngest_pictured_age": 14, "adult_involved": False,
        "coercion_pressure_or_threat": False, "motivation": ["romantic"], "shared_beyond_intended": True, "shared_without_consent": True,
        "dsl_has_enough_information": False,
    },
    "VG-05": {"imagery_origin": "ai_generated_or_altered", "other_setting_involved": True, "significant_harm_suspected": True},
    "VG-07": {"imagery_origin": "self_generated", "youngest_pictured_age": 8, "recipient_identity_verified": False},
    "VG-09": {"suspected_adult_posing_as_child": True, "police_involved": True},
    "VG-15": {"imagery_origin": "known_abuse_material", "imagery_on_setting_network": True},
    "VG-17": MANAGED,
    "VG-19": {"contains_imagery": False, "pattern_of_behaviour": False, "contact_offence_disclosed": False, "early_help_need": False},
    "VC-21": {"youngest_pictured_age": 12, "depicts_sexual_act": True, "adult_involved": False},
    "VC-29": {"recipient_identity_verified": False, "grooming_indicators": False},
    "VC-31": {"staff_allegation": True, "adult_involved": True, "adult_role": "staff_or_volunteer", "grooming_indicators": True},
    "VC-37": {"suicidal_or_self_harm": True, "shared_beyond_intended": True, "outside_working_hours": True},
    "VC-39": {"informing_parents_increases_risk": True, "significant_harm_suspected": True, "adult_involved": False},
    "VC-45": {"device_held": "pupil_device", "viewing_proposed": True, "viewing_reason": "curiosity_or_proof", "viewer_role": "other_staff"},
    "VC-65": {"support_level_assessed": 3, "parental_agreement_to_engage": False, "informing_parents_increases_risk": False},
    "extortion": {"financial_demand": True, "blackmail_or_extortion": True, "youngest_pictured_age": {"below": 18}},
    "danger": {"immediate_danger": True, "suicidal_or_self_harm": True},
    "about the headteacher": {"staff_allegation": True, "allegation_subject_is_headteacher": True},
    "viewing in the exceptional case": {
        "viewing_proposed": True, "viewing_reason": "unavoidable", "viewer_role": "dsl", "headteacher_authorised_viewing": True,
        "second_staff_present": True,
    },
    "contradiction": {"contains_imagery": False, "youngest_pictured_age": 12, "depicts_sexual_act": True},
}  # fmt: skip


@cache
def engine(stack: str) -> Engine:
    """Load a shipped stack."""
    day = date(2022, 5, 1) if "2020" in stack else date(2026, 11, 22)
    return Engine.from_packs([pack_from_folder(PACKS / path, verify_lock=False) for path in STACKS[stack]], on=day)


def declared(stack: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts that the stack declares."""
    names = {info.spec.name for info in engine(stack).program.policy.facts}
    return {name: value for name, value in facts.items() if name in names}


@cache
def decision(stack: str, case: str) -> Decision:
    """Decide a vignette."""
    return engine(stack).decide(declared(stack, VIGNETTES[case]))


def seeded(seed: object) -> random.Random:
    """Give a source of random choices."""
    return random.Random(str(seed))


def random_facts(stack: str, draw: random.Random) -> dict[str, Any]:
    """Draw facts: mostly unknown or mostly known, mostly false; they may contradict."""
    share = draw.choice([0.05, 0.1, 0.3, 0.6, 0.9])
    facts: dict[str, Any] = {}
    for info in engine(stack).program.policy.facts:
        spec = info.spec
        if draw.random() >= share:
            continue
        if spec.type == "boolean":
            facts[spec.name] = draw.random() < draw.choice([0.02, 0.3])
        elif spec.type == "integer":
            number = draw.randint(spec.low, min(spec.high, 20))
            facts[spec.name] = draw.choice([number, number, {"at_least": number}, {"at_most": number}])
        elif spec.type == "choice":
            facts[spec.name] = draw.choice([draw.choice(spec.values), {"is_not": draw.choice(spec.values)}])
        else:
            facts[spec.name] = draw.sample(spec.values, draw.randint(0, 2))
    return facts


def consistent_facts(stack: str, draw: random.Random) -> dict[str, Any]:
    """Draw facts that do not contradict: of each conflict, one fact is dropped."""
    facts = random_facts(stack, draw)
    while (found := engine(stack).decide(facts).contradiction) is not None:
        for conflict in found.conflicts:
            facts.pop(draw.choice(conflict), None)
    return facts
