"""The rules of `ukcis` 2024.3 and `kscmp` 2024.9 as somebody would write them by hand: written by `python -m benchmarks.write_by_hand`.

For complete cases only: a fact that is not given does not apply. What comes out is the outcome and the rules that hold, least protective first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BOOLEANS = {
    "contains_imagery",
    "pictured_person_now_18",
    "imagery_made_without_consent",
    "depicts_sexual_act",
    "sexual_act_unusual_for_stage",
    "depicts_violence",
    "imagery_on_setting_network",
    "recipients_unknown",
    "adult_involved",
    "suspected_adult_posing_as_child",
    "recipient_identity_verified",
    "staff_allegation",
    "allegation_meets_harm_threshold",
    "allegation_subject_is_headteacher",
    "allegation_subject_is_dsl",
    "alleged_child_involved",
    "other_setting_involved",
    "home_authority_is_local",
    "coercion_pressure_or_threat",
    "grooming_indicators",
    "blackmail_or_extortion",
    "financial_demand",
    "profit_or_exchange",
    "exploitation_indicators",
    "capacity_to_consent_concern",
    "power_imbalance",
    "intent_to_harm",
    "reckless_sharing",
    "shared_beyond_intended",
    "shared_without_consent",
    "shared_publicly_online",
    "immediate_danger",
    "immediate_risk_of_harm",
    "suicidal_or_self_harm",
    "child_harmed_or_at_risk",
    "significant_harm_suspected",
    "contact_offence_disclosed",
    "contact_with_offender_continues",
    "vulnerability_concern",
    "high_distress",
    "bullying_or_retaliation",
    "pattern_of_behaviour",
    "early_help_need",
    "dsl_has_enough_information",
    "dsl_confident_risks_manageable",
    "doubts_remain",
    "headteacher_consulted",
    "further_review_completed",
    "informing_parents_increases_risk",
    "parents_informed",
    "child_wants_to_tell_parents",
    "parental_agreement_to_engage",
    "parent_holds_imagery",
    "police_involved",
    "evidence_needed_by_police",
    "child_has_not_agreed_to_delete",
    "viewing_proposed",
    "headteacher_authorised_viewing",
    "second_staff_present",
    "staff_has_viewed",
    "staff_has_copied_or_stored",
    "reported_to_dsl",
    "dsl_available",
    "outside_working_hours",
    "new_information_since_decision",
    "has_practice_question",
}
NUMBERS = {
    "youngest_pictured_age": (0, 120),
    "youngest_alleged_age": (0, 17),
    "age_gap_years": (0, 17),
    "recipients_count": (0, 100000),
    "previous_incidents_count": (0, 100),
    "support_level_assessed": (1, 4),
}
CHOICES = {
    "imagery_origin": {
        "known_abuse_material",
        "made_by_adult",
        "ai_generated_or_altered",
        "made_by_other_child",
        "self_generated",
        "found_online_passed_off",
        "adult_pornography",
    },
    "adult_role": {"staff_or_volunteer", "parent_carer", "pupil_18_plus", "known_adult", "online_stranger"},
    "known_to_social_care": {"current", "past", "none"},
    "harmful_sexual_behaviour_assessment": {"not_done", "green", "amber", "red"},
    "local_advice": {"not_sought", "manage_agreed", "refer_advised"},
    "device_held": {"none", "pupil_device", "setting_device", "staff_device", "parent_device"},
    "viewing_reason": {"only_way_to_decide", "support_takedown", "unavoidable", "curiosity_or_proof"},
    "viewer_role": {"dsl", "deputy_dsl", "delegated_safeguarding", "other_staff", "parent"},
}
LISTS = {"motivation": {"romantic", "seeking_approval", "joke_or_dare", "curiosity", "pressure", "harm", "profit"}}


def check(facts: Mapping[str, Any]) -> None:
    """Raise ValueError, listing every problem, unless all names are declared and all values are of their fact."""
    problems = []
    for name, value in facts.items():
        if name in BOOLEANS:
            if value is not True and value is not False:
                problems.append(f"{name} is true or false")
        elif name in CHOICES:
            if type(value) is not str or value not in CHOICES[name]:
                problems.append(f"{name} is one of {sorted(CHOICES[name])}")
        elif name in NUMBERS:
            low, high = NUMBERS[name]
            if type(value) is not int or not low <= value <= high:
                problems.append(f"{name} is a number from {low} to {high}")
        elif name in LISTS:
            if type(value) is not dict or list(value) != ["only"] or not LISTS[name].issuperset(value["only"]):
                problems.append(f"{name} is a list of some of {sorted(LISTS[name])}")
        else:
            problems.append(f"{name} is not a fact")
    if problems:
        raise ValueError("; ".join(problems))


def decide(facts: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the outcome of a complete case, and the rules that hold."""
    check(facts)
    contains_imagery = facts.get("contains_imagery", False)
    imagery_origin = facts.get("imagery_origin")
    youngest_pictured_age = facts.get("youngest_pictured_age")
    pictured_person_now_18 = facts.get("pictured_person_now_18", False)
    imagery_made_without_consent = facts.get("imagery_made_without_consent", False)
    depicts_sexual_act = facts.get("depicts_sexual_act", False)
    sexual_act_unusual_for_stage = facts.get("sexual_act_unusual_for_stage", False)
    depicts_violence = facts.get("depicts_violence", False)
    imagery_on_setting_network = facts.get("imagery_on_setting_network", False)
    recipients_unknown = facts.get("recipients_unknown", False)
    adult_involved = facts.get("adult_involved", False)
    adult_role = facts.get("adult_role")
    suspected_adult_posing_as_child = facts.get("suspected_adult_posing_as_child", False)
    recipient_identity_verified = facts.get("recipient_identity_verified", False)
    staff_allegation = facts.get("staff_allegation", False)
    allegation_meets_harm_threshold = facts.get("allegation_meets_harm_threshold", False)
    allegation_subject_is_headteacher = facts.get("allegation_subject_is_headteacher", False)
    allegation_subject_is_dsl = facts.get("allegation_subject_is_dsl", False)
    alleged_child_involved = facts.get("alleged_child_involved", False)
    youngest_alleged_age = facts.get("youngest_alleged_age")
    other_setting_involved = facts.get("other_setting_involved", False)
    known_to_social_care = facts.get("known_to_social_care")
    coercion_pressure_or_threat = facts.get("coercion_pressure_or_threat", False)
    grooming_indicators = facts.get("grooming_indicators", False)
    blackmail_or_extortion = facts.get("blackmail_or_extortion", False)
    financial_demand = facts.get("financial_demand", False)
    profit_or_exchange = facts.get("profit_or_exchange", False)
    exploitation_indicators = facts.get("exploitation_indicators", False)
    capacity_to_consent_concern = facts.get("capacity_to_consent_concern", False)
    power_imbalance = facts.get("power_imbalance", False)
    intent_to_harm = facts.get("intent_to_harm", False)
    reckless_sharing = facts.get("reckless_sharing", False)
    motivation = facts.get("motivation", {"only": ()})["only"]
    shared_beyond_intended = facts.get("shared_beyond_intended", False)
    shared_without_consent = facts.get("shared_without_consent", False)
    shared_publicly_online = facts.get("shared_publicly_online", False)
    recipients_count = facts.get("recipients_count")
    immediate_danger = facts.get("immediate_danger", False)
    immediate_risk_of_harm = facts.get("immediate_risk_of_harm", False)
    suicidal_or_self_harm = facts.get("suicidal_or_self_harm", False)
    child_harmed_or_at_risk = facts.get("child_harmed_or_at_risk", False)
    significant_harm_suspected = facts.get("significant_harm_suspected", False)
    contact_offence_disclosed = facts.get("contact_offence_disclosed", False)
    contact_with_offender_continues = facts.get("contact_with_offender_continues", False)
    vulnerability_concern = facts.get("vulnerability_concern", False)
    high_distress = facts.get("high_distress", False)
    bullying_or_retaliation = facts.get("bullying_or_retaliation", False)
    previous_incidents_count = facts.get("previous_incidents_count")
    pattern_of_behaviour = facts.get("pattern_of_behaviour", False)
    harmful_sexual_behaviour_assessment = facts.get("harmful_sexual_behaviour_assessment")
    early_help_need = facts.get("early_help_need", False)
    dsl_has_enough_information = facts.get("dsl_has_enough_information", False)
    dsl_confident_risks_manageable = facts.get("dsl_confident_risks_manageable", False)
    doubts_remain = facts.get("doubts_remain", False)
    headteacher_consulted = facts.get("headteacher_consulted", False)
    further_review_completed = facts.get("further_review_completed", False)
    local_advice = facts.get("local_advice")
    informing_parents_increases_risk = facts.get("informing_parents_increases_risk", False)
    parents_informed = facts.get("parents_informed", False)
    child_wants_to_tell_parents = facts.get("child_wants_to_tell_parents", False)
    parental_agreement_to_engage = facts.get("parental_agreement_to_engage", False)
    parent_holds_imagery = facts.get("parent_holds_imagery", False)
    device_held = facts.get("device_held")
    police_involved = facts.get("police_involved", False)
    evidence_needed_by_police = facts.get("evidence_needed_by_police", False)
    child_has_not_agreed_to_delete = facts.get("child_has_not_agreed_to_delete", False)
    viewing_proposed = facts.get("viewing_proposed", False)
    viewing_reason = facts.get("viewing_reason")
    viewer_role = facts.get("viewer_role")
    headteacher_authorised_viewing = facts.get("headteacher_authorised_viewing", False)
    second_staff_present = facts.get("second_staff_present", False)
    staff_has_viewed = facts.get("staff_has_viewed", False)
    staff_has_copied_or_stored = facts.get("staff_has_copied_or_stored", False)
    reported_to_dsl = facts.get("reported_to_dsl", False)
    dsl_available = facts.get("dsl_available", False)
    support_level_assessed = facts.get("support_level_assessed")
    new_information_since_decision = facts.get("new_information_since_decision", False)
    has_practice_question = facts.get("has_practice_question", False)
    rules = []
    outcome = "manage_in_setting"
    if imagery_origin == "ai_generated_or_altered" and alleged_child_involved:
        rules.append("ukcis/ai-imagery-made-by-a-child")
    if imagery_origin == "ai_generated_or_altered" and not (youngest_pictured_age is not None and youngest_pictured_age >= 18):
        rules.append("ukcis/ai-imagery-professional-guide")
    if imagery_origin in {"ai_generated_or_altered", "found_online_passed_off"}:
        rules.append("ukcis/ai-or-altered-imagery")
    if allegation_subject_is_dsl:
        rules.append("ukcis/allegation-about-dsl")
    if allegation_subject_is_headteacher:
        rules.append("ukcis/allegation-about-headteacher")
    if staff_allegation and not allegation_subject_is_headteacher:
        rules.append("ukcis/allegation-to-headteacher")
    if staff_allegation and (immediate_danger or immediate_risk_of_harm or adult_involved or contact_offence_disclosed or evidence_needed_by_police):
        rules.append("ukcis/allegation-with-danger-or-possible-crime")
    if (immediate_danger or immediate_risk_of_harm) and not dsl_available:
        rules.append("ukcis/anyone-may-refer")
    if harmful_sexual_behaviour_assessment == "amber":
        rules.append("ukcis/assessment-amber")
    if bullying_or_retaliation:
        rules.append("ukcis/bullying-or-retaliation")
    if grooming_indicators or blackmail_or_extortion or financial_demand or suspected_adult_posing_as_child or adult_role == "online_stranger":
        rules.append("ukcis/ceop-report")
    if child_wants_to_tell_parents and not informing_parents_increases_risk:
        rules.append("ukcis/child-wants-to-tell-parents")
    if device_held in {"pupil_device", "setting_device"} and contains_imagery:
        rules.append("ukcis/device-to-dsl")
    if informing_parents_increases_risk:
        rules.append("ukcis/do-not-inform-parents-yet")
    if not dsl_available and not staff_allegation:
        rules.append("ukcis/dsl-not-available")
    if early_help_need:
        rules.append("ukcis/early-help")
    if financial_demand:
        rules.append("ukcis/financial-extortion-alert")
    if (
        shared_publicly_online
        or shared_beyond_intended
        or shared_without_consent
        or recipients_unknown
        or (recipients_count is not None and recipients_count >= 2)
        or imagery_on_setting_network
    ):
        rules.append("ukcis/find-out-how-far")
    if not (
        immediate_danger
        or adult_involved
        or financial_demand
        or contact_offence_disclosed
        or evidence_needed_by_police
        or suspected_adult_posing_as_child
        or coercion_pressure_or_threat
        or blackmail_or_extortion
        or grooming_indicators
        or capacity_to_consent_concern
        or sexual_act_unusual_for_stage
        or depicts_violence
        or (depicts_sexual_act and youngest_pictured_age is not None and youngest_pictured_age < 13)
        or immediate_risk_of_harm
        or suicidal_or_self_harm
        or profit_or_exchange
        or exploitation_indicators
        or imagery_made_without_consent
        or local_advice == "refer_advised"
        or child_harmed_or_at_risk
        or significant_harm_suspected
        or contact_with_offender_continues
        or further_review_completed
    ):
        rules.append("ukcis/further-review")
    if not headteacher_consulted and not staff_allegation:
        rules.append("ukcis/headteacher-not-consulted")
    if high_distress:
        rules.append("ukcis/high-distress")
    if not informing_parents_increases_risk:
        rules.append("ukcis/inform-parents")
    if imagery_origin == "known_abuse_material":
        rules.append("ukcis/iwf-known-abuse-material")
    if shared_publicly_online and not ((youngest_pictured_age is not None and youngest_pictured_age >= 18) or imagery_origin == "adult_pornography"):
        rules.append("ukcis/iwf-public-imagery")
    if staff_allegation and allegation_meets_harm_threshold:
        rules.append("ukcis/lado-contact")
    if staff_allegation and not allegation_meets_harm_threshold:
        rules.append("ukcis/low-level-concern")
    if "pressure" in motivation or "harm" in motivation or "profit" in motivation:
        rules.append("ukcis/motive-points-to-harm")
    if other_setting_involved:
        rules.append("ukcis/other-setting")
    if parent_holds_imagery:
        rules.append("ukcis/parent-holds-imagery")
    if alleged_child_involved and harmful_sexual_behaviour_assessment == "not_done":
        rules.append("ukcis/recognised-tool")
    if (shared_publicly_online or shared_beyond_intended or shared_without_consent or recipients_unknown) and not (
        pictured_person_now_18 or (youngest_pictured_age is not None and youngest_pictured_age >= 18) or imagery_origin == "adult_pornography"
    ):
        rules.append("ukcis/report-remove")
    if not (reported_to_dsl or staff_allegation):
        rules.append("ukcis/report-to-dsl")
    if staff_allegation and not allegation_subject_is_dsl and not reported_to_dsl:
        rules.append("ukcis/report-to-dsl-about-staff")
    if shared_publicly_online or shared_beyond_intended or shared_without_consent or recipients_unknown:
        rules.append("ukcis/report-to-platform")
    if device_held != "none" and (
        immediate_danger
        or adult_involved
        or financial_demand
        or contact_offence_disclosed
        or evidence_needed_by_police
        or suspected_adult_posing_as_child
        or coercion_pressure_or_threat
        or blackmail_or_extortion
        or grooming_indicators
        or capacity_to_consent_concern
        or sexual_act_unusual_for_stage
        or depicts_violence
        or (depicts_sexual_act and youngest_pictured_age is not None and youngest_pictured_age < 13)
        or immediate_risk_of_harm
        or suicidal_or_self_harm
        or profit_or_exchange
        or exploitation_indicators
        or imagery_made_without_consent
        or local_advice == "refer_advised"
        or child_harmed_or_at_risk
        or significant_harm_suspected
        or contact_with_offender_continues
        or staff_has_copied_or_stored
    ):
        rules.append("ukcis/secure-held-device")
    if known_to_social_care == "current":
        rules.append("ukcis/social-care-allocated-worker")
    if known_to_social_care == "past":
        rules.append("ukcis/social-care-past")
    if harmful_sexual_behaviour_assessment == "red":
        rules.append("ukcis/specialist-assessment")
    if staff_has_viewed:
        rules.append("ukcis/staff-have-seen-it")
    if (
        viewing_proposed
        and viewing_reason in {"only_way_to_decide", "support_takedown", "unavoidable"}
        and viewer_role in {"dsl", "deputy_dsl", "delegated_safeguarding"}
        and headteacher_authorised_viewing
        and second_staff_present
    ):
        rules.append("ukcis/viewing-exceptionally")
    if not (
        viewing_proposed
        and viewing_reason in {"only_way_to_decide", "support_takedown", "unavoidable"}
        and viewer_role in {"dsl", "deputy_dsl", "delegated_safeguarding"}
        and headteacher_authorised_viewing
        and second_staff_present
    ):
        rules.append("ukcis/viewing-ruled-out")
    if vulnerability_concern:
        rules.append("ukcis/vulnerability")
    if informing_parents_increases_risk:
        rules.append("kscmp/agreement-step-set-aside")
    if contains_imagery and device_held in {"pupil_device", "setting_device", "staff_device", "parent_device"}:
        rules.append("kscmp/devices-stored-securely")
    if doubts_remain and local_advice != "manage_agreed":
        rules.append("kscmp/doubts-remain-in-kent")
    if imagery_origin == "known_abuse_material":
        rules.append("kscmp/known-abuse-material-in-kent")
    if staff_allegation and allegation_meets_harm_threshold:
        rules.append("kscmp/lado-through-the-portal")
    if police_involved:
        rules.append("kscmp/no-release-while-police-involved")
    if (
        not (
            informing_parents_increases_risk
            or (support_level_assessed is not None and support_level_assessed <= 2 and not significant_harm_suspected)
        )
        and not parental_agreement_to_engage
    ):
        rules.append("kscmp/parental-agreement-first")
    if has_practice_question:
        rules.append("kscmp/practice-question")
    if not (
        informing_parents_increases_risk or (support_level_assessed is not None and support_level_assessed <= 2 and not significant_harm_suspected)
    ):
        rules.append("kscmp/share-the-request")
    if staff_allegation and immediate_danger:
        rules.append("kscmp/staff-allegation-and-immediate-danger")
    if support_level_assessed is not None and support_level_assessed <= 2:
        rules.append("kscmp/support-levels-1-and-2")
    if youngest_pictured_age is not None and youngest_pictured_age < 16 and (power_imbalance or vulnerability_concern):
        rules.append("kscmp/under-16-imbalance-of-power")
    if imagery_origin == "adult_pornography":
        rules.append("ukcis/adult-pornography")
        outcome = "review"
    if child_has_not_agreed_to_delete and not (further_review_completed or local_advice == "manage_agreed"):
        rules.append("ukcis/child-has-not-agreed-to-delete")
        outcome = "review"
    if new_information_since_decision and not (further_review_completed or local_advice == "manage_agreed"):
        rules.append("ukcis/new-information")
        outcome = "review"
    if not dsl_has_enough_information:
        rules.append("ukcis/not-enough-information")
        outcome = "review"
    if pattern_of_behaviour and not (further_review_completed or local_advice == "manage_agreed"):
        rules.append("ukcis/pattern-of-behaviour")
        outcome = "review"
    if youngest_pictured_age is not None and youngest_pictured_age >= 18 and not (further_review_completed or local_advice == "manage_agreed"):
        rules.append("ukcis/pictured-person-adult")
        outcome = "review"
    if police_involved:
        rules.append("ukcis/police-involved")
        outcome = "review"
    if power_imbalance and not (further_review_completed or local_advice == "manage_agreed"):
        rules.append("ukcis/power-imbalance")
        outcome = "review"
    if previous_incidents_count is not None and previous_incidents_count >= 1 and not (further_review_completed or local_advice == "manage_agreed"):
        rules.append("ukcis/previous-incident")
        outcome = "review"
    if reckless_sharing and not (further_review_completed or local_advice == "manage_agreed"):
        rules.append("ukcis/reckless-sharing")
        outcome = "review"
    if shared_without_consent and not (further_review_completed or local_advice == "manage_agreed"):
        rules.append("ukcis/shared-without-consent")
        outcome = "review"
    if not contains_imagery:
        rules.append("ukcis/text-without-imagery")
        outcome = "review"
    if harmful_sexual_behaviour_assessment == "red" and local_advice != "manage_agreed":
        rules.append("ukcis/assessment-red")
        outcome = "seek_advice"
    if doubts_remain and local_advice != "manage_agreed":
        rules.append("ukcis/doubts-remain")
        outcome = "seek_advice"
    if intent_to_harm and local_advice != "manage_agreed":
        rules.append("ukcis/intent-to-harm")
        outcome = "seek_advice"
    if imagery_origin == "known_abuse_material" and local_advice != "manage_agreed":
        rules.append("ukcis/known-abuse-material")
        outcome = "seek_advice"
    if not dsl_confident_risks_manageable and local_advice != "manage_agreed":
        rules.append("ukcis/not-confident")
        outcome = "seek_advice"
    if informing_parents_increases_risk and local_advice != "manage_agreed":
        rules.append("ukcis/parents-knowing-may-add-risk")
        outcome = "seek_advice"
    if recipients_unknown and local_advice != "manage_agreed":
        rules.append("ukcis/recipients-unknown")
        outcome = "seek_advice"
    if shared_publicly_online and local_advice != "manage_agreed":
        rules.append("ukcis/shared-publicly")
        outcome = "seek_advice"
    if known_to_social_care == "current" and local_advice != "manage_agreed":
        rules.append("ukcis/social-care-current")
        outcome = "seek_advice"
    if staff_allegation:
        rules.append("ukcis/staff-allegation")
        outcome = "seek_advice"
    if staff_has_copied_or_stored:
        rules.append("ukcis/staff-have-copied-it")
        outcome = "seek_advice"
    if youngest_alleged_age is not None and youngest_alleged_age < 10 and local_advice != "manage_agreed":
        rules.append("ukcis/under-10-alleged")
        outcome = "seek_advice"
    if youngest_pictured_age is not None and youngest_pictured_age < 10 and local_advice != "manage_agreed":
        rules.append("ukcis/under-10-pictured")
        outcome = "seek_advice"
    if adult_involved and not recipient_identity_verified:
        rules.append("ukcis/unverified-other-party")
        outcome = "seek_advice"
    if parents_informed and support_level_assessed == 3 and not parental_agreement_to_engage and local_advice != "manage_agreed":
        rules.append("kscmp/level-3-agreement-refused")
        outcome = "seek_advice"
    if blackmail_or_extortion:
        rules.append("ukcis/blackmail")
        outcome = "refer"
    if capacity_to_consent_concern:
        rules.append("ukcis/capacity-to-consent")
        outcome = "refer"
    if child_harmed_or_at_risk:
        rules.append("ukcis/child-harmed-or-at-risk")
        outcome = "refer"
    if coercion_pressure_or_threat:
        rules.append("ukcis/coercion")
        outcome = "refer"
    if contact_with_offender_continues:
        rules.append("ukcis/contact-with-offender-continues")
        outcome = "refer"
    if exploitation_indicators:
        rules.append("ukcis/exploitation-indicators")
        outcome = "refer"
    if grooming_indicators:
        rules.append("ukcis/grooming")
        outcome = "refer"
    if imagery_made_without_consent:
        rules.append("ukcis/imagery-made-without-consent")
        outcome = "refer"
    if immediate_risk_of_harm:
        rules.append("ukcis/immediate-risk-of-harm")
        outcome = "refer"
    if profit_or_exchange:
        rules.append("ukcis/profit-or-exchange")
        outcome = "refer"
    if local_advice == "refer_advised":
        rules.append("ukcis/refer-advised")
        outcome = "refer"
    if sexual_act_unusual_for_stage:
        rules.append("ukcis/sexual-act-unusual-for-stage")
        outcome = "refer"
    if significant_harm_suspected:
        rules.append("ukcis/significant-harm-suspected")
        outcome = "refer"
    if suicidal_or_self_harm:
        rules.append("ukcis/suicide-or-self-harm")
        outcome = "refer"
    if suspected_adult_posing_as_child:
        rules.append("ukcis/suspected-adult-posing-as-child")
        outcome = "refer"
    if depicts_sexual_act and youngest_pictured_age is not None and youngest_pictured_age < 13:
        rules.append("ukcis/under-13-sexual-act")
        outcome = "refer"
    if depicts_violence:
        rules.append("ukcis/violence-depicted")
        outcome = "refer"
    if significant_harm_suspected:
        rules.append("kscmp/significant-harm-request")
        outcome = "refer"
    if (
        support_level_assessed is not None
        and support_level_assessed >= 3
        and not (
            support_level_assessed == 3
            and parents_informed
            and not parental_agreement_to_engage
            and not informing_parents_increases_risk
            and not significant_harm_suspected
        )
    ):
        rules.append("kscmp/support-level-3-or-4")
        outcome = "refer"
    if adult_involved:
        rules.append("ukcis/adult-involved")
        outcome = "refer_police"
    if contact_offence_disclosed:
        rules.append("ukcis/contact-offence-disclosed")
        outcome = "refer_police"
    if evidence_needed_by_police:
        rules.append("ukcis/evidence-needed-by-police")
        outcome = "refer_police"
    if financial_demand:
        rules.append("ukcis/financial-demand")
        outcome = "refer_police"
    if immediate_danger:
        rules.append("ukcis/immediate-danger")
        outcome = "emergency"
    return outcome, rules
