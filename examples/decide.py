"""Decide a case from Python: what is known goes in, unknown facts are left out. Run it with `python examples/decide.py`."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from safeguarding_rules import Engine, FactsError


def main() -> None:
    """Decide a case, learn more, decide again, and get a fact wrong."""
    # Without `on` the engine uses, for each decision, the policy in force on that day.
    engine = Engine.load("kscmp", on=date(2026, 11, 22))

    facts: dict[str, object] = {"contains_imagery": True, "youngest_pictured_age": {"below": 13}, "adult_involved": None}
    decision = engine.decide(facts)
    print("advice now:", decision.outcome, "(firm)" if decision.firm else "(could still fall)")
    print("could become:", ", ".join(decision.possible_outcomes))
    print("ask first:", decision.questions[0].ask)

    # Whatever is learnt can only add: a settled outcome stays, and a duty that applies keeps applying.
    known_since = datetime(2026, 11, 20, 16, 30, tzinfo=ZoneInfo("Europe/London"))
    decision = engine.decide({**facts, "depicts_sexual_act": True}, clocks={"known": known_since})
    print("\nnow:", decision.outcome, "because of", ", ".join(decision.because.rules))
    for action in decision.actions:
        if action.status == "applies" and action.modality == "must":
            due = next((deadline.due for deadline in action.deadlines if deadline.due), "no deadline")
            print(f"  {action.by} must: {action.title} ({due})")
    print("rests on:", ", ".join(decision.citations[:5]), "…")
    print("decided by:", ", ".join(f"{pack.pack} {pack.version}" for pack in decision.policy.packs))

    # A misspelt name or a wrong type is an error that lists every problem, never a guess.
    try:
        engine.decide({"adult_involvd": True, "youngest_pictured_age": "14"})
    except FactsError as error:
        print("\nrefused:")
        for problem in error.diagnostics:
            print(f"  {problem.message}" + (f" ({problem.help})" if problem.help else ""))


if __name__ == "__main__":
    main()
