"""The facts of a case by ukcis 2020.12, for type checkers.

Written by `safeguarding-rules schema facts ukcis@2020.12 --format python`; do not edit.
"""

from collections.abc import Sequence
from typing import Literal, TypedDict

from safeguarding_rules.facts import BooleanTest, ChoicesTest, ChoiceTest, IntegerTest

ImageryOrigin = Literal[
    "known_abuse_material",
    "made_by_adult",
    "ai_generated_or_altered",
    "made_by_other_child",
    "self_generated",
    "found_online_passed_off",
    "adult_pornography",
]
AdultRole = Literal[
    "staff_or_volunteer",
    "parent_carer",
    "pupil_18_plus",
    "known_adult",
    "online_stranger",
]
KnownToSocialCare = Literal[
    "current",
    "past",
    "none",
]
Motivation = Literal[
    "romantic",
    "seeking_approval",
    "joke_or_dare",
    "curiosity",
    "pressure",
    "harm",
    "profit",
]
HarmfulSexualBehaviourAssessment = Literal[
    "not_done",
    "green",
    "amber",
    "red",
]
LocalAdvice = Literal[
    "not_sought",
    "manage_agreed",
    "refer_advised",
]
DeviceHeld = Literal[
    "none",
    "pupil_device",
    "setting_device",
    "staff_device",
    "parent_device",
]
ViewingReason = Literal[
    "only_way_to_decide",
    "support_takedown",
    "unavoidable",
    "curiosity_or_proof",
]
ViewerRole = Literal[
    "dsl",
    "deputy_dsl",
    "delegated_safeguarding",
    "other_staff",
    "parent",
]


class Facts(TypedDict, total=False):
    """What is known of a case; a fact that is left out, or None, is not known."""

    contains_imagery: bool | BooleanTest | None
    """Does the report involve an image, a video or a live stream?"""

    imagery_origin: ImageryOrigin | ChoiceTest[ImageryOrigin] | None
    """How is the imagery said to have come about?"""

    youngest_pictured_age: int | IntegerTest | None
    """How old was the youngest person pictured at the time the imagery was made?"""

    pictured_person_now_18: bool | BooleanTest | None
    """Is the person pictured now 18 or over?"""

    imagery_made_without_consent: bool | BooleanTest | None
    """Was the imagery made without the person knowing or agreeing?"""

    depicts_sexual_act: bool | BooleanTest | None
    """From what has been reported, does the imagery show a sexual act?"""

    sexual_act_unusual_for_stage: bool | BooleanTest | None
    """From what has been reported, is a sexual act unusual for the developmental stage of the children?"""

    depicts_violence: bool | BooleanTest | None
    """From what has been reported, does the imagery involve violence?"""

    imagery_on_setting_network: bool | BooleanTest | None
    """Is the imagery on a device, account or network of the setting?"""

    recipients_unknown: bool | BooleanTest | None
    """Is it impossible to say who received or saw the imagery?"""

    adult_involved: bool | BooleanTest | None
    """Did anyone aged 18 or over make, ask for, pay for, receive, keep or pass on imagery of someone under 18?"""

    adult_role: AdultRole | ChoiceTest[AdultRole] | None
    """Who is the adult?"""

    suspected_adult_posing_as_child: bool | BooleanTest | None
    """Is there reason to suspect that an adult is pretending to be a child?"""

    recipient_identity_verified: bool | BooleanTest | None
    """Does someone trusted know the other party in person?"""

    staff_allegation: bool | BooleanTest | None
    """Is there a concern or allegation about a member of staff, a volunteer or another adult working with children?"""

    allegation_meets_harm_threshold: bool | BooleanTest | None
    """Does the allegation meet the harm threshold of Keeping children safe in education, Part four?"""

    allegation_subject_is_headteacher: bool | BooleanTest | None
    """Is the allegation about the headteacher or principal?"""

    allegation_subject_is_dsl: bool | BooleanTest | None
    """Is the allegation about the designated safeguarding lead?"""

    alleged_child_involved: bool | BooleanTest | None
    """Is a child said to have asked for, pressed for or passed on imagery, or to have caused harm?"""

    youngest_alleged_age: int | IntegerTest | None
    """How old is the youngest child who is said to have done so?"""

    age_gap_years: int | IntegerTest | None
    """How many years apart in age are the children?"""

    other_setting_involved: bool | BooleanTest | None
    """Do any of the children involved attend another setting?"""

    known_to_social_care: KnownToSocialCare | ChoiceTest[KnownToSocialCare] | None
    """Is any child involved known to children's social care?"""

    home_authority_is_local: bool | BooleanTest | None
    """Does the child live in the same local authority area as the setting?"""

    coercion_pressure_or_threat: bool | BooleanTest | None
    """Is there reason to believe that a child was pressed, tricked, coerced or threatened?"""

    grooming_indicators: bool | BooleanTest | None
    """Are there signs that a child has been or is being groomed?"""

    blackmail_or_extortion: bool | BooleanTest | None
    """Has anyone threatened to release imagery unless something is done or given?"""

    financial_demand: bool | BooleanTest | None
    """Has anyone demanded money or gift cards because of the imagery?"""

    profit_or_exchange: bool | BooleanTest | None
    """Was money, a gift or a favour given or promised for imagery?"""

    exploitation_indicators: bool | BooleanTest | None
    """Are there signs that a child is being exploited, sexually or criminally?"""

    capacity_to_consent_concern: bool | BooleanTest | None
    """Is there a concern about a child's capacity to consent?"""

    power_imbalance: bool | BooleanTest | None
    """Is there an imbalance of power between the children?"""

    intent_to_harm: bool | BooleanTest | None
    """Does it look as if imagery was passed on in order to hurt or humiliate?"""

    reckless_sharing: bool | BooleanTest | None
    """Does it look as if imagery was passed on without thought for the child pictured?"""

    motivation: Sequence[Motivation] | ChoicesTest[Motivation] | None
    """What seems to have led to the imagery being made or shared?"""

    shared_beyond_intended: bool | BooleanTest | None
    """Has the imagery gone further than the person it was meant for?"""

    shared_without_consent: bool | BooleanTest | None
    """Was the imagery passed on without the agreement of the child pictured?"""

    shared_publicly_online: bool | BooleanTest | None
    """Is the imagery somewhere online where anyone could come across it?"""

    recipients_count: int | IntegerTest | None
    """How many people, at least, have received the imagery?"""

    immediate_danger: bool | BooleanTest | None
    """Is anyone's life or safety in danger now?"""

    immediate_risk_of_harm: bool | BooleanTest | None
    """Is a child at serious risk of harm soon because of what was shared?"""

    suicidal_or_self_harm: bool | BooleanTest | None
    """Has a child spoken of or shown signs of suicide or self-harm?"""

    child_harmed_or_at_risk: bool | BooleanTest | None
    """In your judgement, has any child been harmed, or might one be?"""

    significant_harm_suspected: bool | BooleanTest | None
    """Do you suspect that a child is suffering, or is likely to suffer, significant harm?"""

    contact_offence_disclosed: bool | BooleanTest | None
    """Has a sexual assault or other sexual contact offence been reported, seen or suspected?"""

    contact_with_offender_continues: bool | BooleanTest | None
    """Is a child still in contact, online or in person, with someone who has harmed or threatened them?"""

    vulnerability_concern: bool | BooleanTest | None
    """Is any child involved more vulnerable than others?"""

    high_distress: bool | BooleanTest | None
    """Is any child involved very distressed?"""

    bullying_or_retaliation: bool | BooleanTest | None
    """Is any child being bullied, blamed or threatened over this?"""

    previous_incidents_count: int | IntegerTest | None
    """How many earlier incidents of this kind are recorded in which the same child passed on or asked for imagery?"""

    pattern_of_behaviour: bool | BooleanTest | None
    """Do records show a pattern of a child asking for or passing on imagery?"""

    harmful_sexual_behaviour_assessment: HarmfulSexualBehaviourAssessment | ChoiceTest[HarmfulSexualBehaviourAssessment] | None
    """What did a recognised tool for assessing sexual behaviour show?"""

    early_help_need: bool | BooleanTest | None
    """Would a child or family benefit from early help?"""

    dsl_has_enough_information: bool | BooleanTest | None
    """Do you have enough information to assess the risks to every child involved?"""

    dsl_confident_risks_manageable: bool | BooleanTest | None
    """Are you confident that the risks can be managed within the setting's support and policies?"""

    doubts_remain: bool | BooleanTest | None
    """Do you still have doubts about what to do?"""

    headteacher_consulted: bool | BooleanTest | None
    """Has the headteacher been consulted about the decision?"""

    further_review_completed: bool | BooleanTest | None
    """Has a further review, with conversations with the children, been completed?"""

    local_advice: LocalAdvice | ChoiceTest[LocalAdvice] | None
    """What did the local safeguarding advice say?"""

    informing_parents_increases_risk: bool | BooleanTest | None
    """Might telling parents or carers put any child at more risk?"""

    parents_informed: bool | BooleanTest | None
    """Have parents or carers been told?"""

    child_wants_to_tell_parents: bool | BooleanTest | None
    """Would the child like to tell their parents or carers themselves?"""

    parental_agreement_to_engage: bool | BooleanTest | None
    """Have parents or carers, once told, agreed to work with other services?"""

    parent_holds_imagery: bool | BooleanTest | None
    """Does a parent or carer who is helping or reporting have the imagery, or have they seen it?"""

    device_held: DeviceHeld | ChoiceTest[DeviceHeld] | None
    """Is a device being held that may have the imagery on it?"""

    police_involved: bool | BooleanTest | None
    """Are the police involved with this incident now?"""

    evidence_needed_by_police: bool | BooleanTest | None
    """Do the police need evidence from a device or account, or might they?"""

    child_has_not_agreed_to_delete: bool | BooleanTest | None
    """After being asked, did a child not agree to delete imagery, or turn out still to have it?"""

    viewing_proposed: bool | BooleanTest | None
    """Has anyone suggested that a member of staff should look at the imagery?"""

    viewing_reason: ViewingReason | ChoiceTest[ViewingReason] | None
    """Why was it suggested?"""

    viewer_role: ViewerRole | ChoiceTest[ViewerRole] | None
    """Who would be the viewer?"""

    headteacher_authorised_viewing: bool | BooleanTest | None
    """Has the headteacher or senior leadership authorised it?"""

    second_staff_present: bool | BooleanTest | None
    """Would a second member of staff be in the room throughout?"""

    staff_has_viewed: bool | BooleanTest | None
    """Has a member of staff already seen the imagery, by accident or otherwise?"""

    staff_has_copied_or_stored: bool | BooleanTest | None
    """Has a member of staff copied, printed, stored or forwarded the imagery?"""

    reported_to_dsl: bool | BooleanTest | None
    """Has the designated safeguarding lead been told?"""

    dsl_available: bool | BooleanTest | None
    """Is the designated safeguarding lead or a deputy available?"""

    outside_working_hours: bool | BooleanTest | None
    """Is it outside office hours now?"""

    support_level_assessed: int | IntegerTest | None
    """At which local support level has the need been assessed?"""

    new_information_since_decision: bool | BooleanTest | None
    """Has anything new come to light since the last decision?"""
