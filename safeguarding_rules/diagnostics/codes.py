"""The one table of diagnostic codes, one group of hundred per subject. A code is never given a second meaning.

1xx reading · 2xx shape of a document · 3xx layers and time · 4xx names · 5xx types · 6xx lint · 7xx proof · 8xx facts and decisions ·
9xx records. SR301-SR329 are the pack registry's, SR330-SR399 linking's.
"""

from safeguarding_rules.frozen import frozen


@frozen
class CodeEntry:
    """What a code stands for: a title for lists, and an explanation with the remedy for the page of the code."""

    title: str
    explanation: str


_READING = {
    "SR101": CodeEntry("file cannot be read", "The file or folder does not exist or may not be read. Check the path and the permissions."),
    "SR102": CodeEntry(
        "file too large", "A pack file may have 2 MB, a pack 8 MB and 500 files. Split the file, or take out what is not part of the policy."
    ),
    "SR103": CodeEntry("not UTF-8", "Pack files are text in UTF-8. Save the file again with that encoding (spreadsheets call it 'CSV UTF-8')."),
    "SR104": CodeEntry(
        "control character", "The file has an invisible character that text never needs. Delete it; it often comes with copying from another program."
    ),
    "SR105": CodeEntry(
        "not valid YAML", "The text is not YAML from this place on: often a missing colon, quote or bracket just before, or a line indented too far."
    ),
    "SR106": CodeEntry(
        "key given twice", "A key may stand only once in a mapping, else one of the two would silently be lost. Rename or merge them."
    ),
    "SR107": CodeEntry(
        "anchor", "Anchors (`&name`) are not part of the pack language: a reader must see a rule whole. Write the text out, or use a definition."
    ),
    "SR108": CodeEntry(
        "alias",
        "Aliases (`*name`) are not part of the pack language. Write the text out, use a definition; if the text starts with `*`, put it in quotes.",
    ),
    "SR109": CodeEntry("merge key", "The merge key `<<` is not part of the pack language. Write the keys out."),
    "SR110": CodeEntry(
        "tag", "Tags (`!name`) are not part of the pack language; nothing in a pack is ever turned into code. If the text starts with `!`, quote it."
    ),
    "SR111": CodeEntry("several documents", "A file holds one YAML document; `---` or `...` starts or ends another. Use one file each."),
    "SR112": CodeEntry(
        "key is not text",
        "Keys are names. A key that reads as a number, true, false or null must be put in quotes; lists and mappings cannot be keys.",
    ),
    "SR113": CodeEntry("nested too deep", "Nothing in a pack needs 60 levels. Give inner conditions a name under `definitions`."),
    "SR114": CodeEntry("too many values", "A file may hold 150,000 values. Split it."),
    "SR115": CodeEntry("empty file", "The file holds nothing. Write the document, or delete the file if it is an optional one."),
    "SR116": CodeEntry(
        "file does not belong in a pack", "A pack folder holds only the files of the language reference and a README.md. Move other files elsewhere."
    ),
    "SR117": CodeEntry("no pack.yaml", "Every pack has a `pack.yaml`. Check that the path is a pack folder, such as `policy_packs/kscmp/2024.9`."),
    "SR118": CodeEntry("link", "Symbolic links are not followed: what a pack says must lie in its folder. Copy the file instead."),
    "SR119": CodeEntry("archive cannot be used", "The zip archive is broken, encrypted, too large unpacked, or holds names that lead out of it."),
    "SR120": CodeEntry(
        "number too long", "The number has more digits than any value of the language. If it is text, such as a phone number, put it in quotes."
    ),
    "SR121": CodeEntry("line too long", "A line may have 20,000 characters. Break a long text over several lines with `>-`."),
    "SR122": CodeEntry(
        "announced packs are not there",
        "An installed Python distribution announces packs with an entry point, and there are none where it says. Its value names the package and, "
        "after a colon, the folder in it: `kent_policies:packs`. See that the distribution contains the folder.",
    ),
    "SR131": CodeEntry(
        "table without a usable header",
        "The first line of a CSV table names its columns: `row`, one per fact, `outcome`, `actions`, `because`, `cite`.",
    ),
    "SR132": CodeEntry("column given twice", "Each column of a CSV table has its own name."),
    "SR133": CodeEntry("column missing", "A CSV table needs the columns `row`, `because`, `cite`, and `outcome` or `actions`."),
    "SR134": CodeEntry(
        "row with too many or too few cells",
        "Every line of a CSV table has as many cells as the header. A cell that holds the separator must be in quotes.",
    ),
    "SR135": CodeEntry(
        "cell not understood",
        "A cell is `-` (any), true, false, a number, a value, `a | b`, `not a`, `below 13`, `at least 3`, `at most 3`, `above 3`, `3..7` "
        "or `includes a`.",
    ),
    "SR136": CodeEntry(
        "action not understood",
        "An action in a CSV table is written `must refer_to_police by dsl within immediately from known`; only the first two words are required.",
    ),
    "SR137": CodeEntry("quotes not closed", "A quoted cell runs to the next quote; a quote inside a quoted cell is written twice."),
    "SR141": CodeEntry(
        "no pack.lock",
        "A pack in force has a lock, so that nobody changes a policy unnoticed. `safeguarding-rules lock PATH` checks the pack and writes it.",
    ),
    "SR142": CodeEntry(
        "file changed since it was locked", "If the change is meant, review it and run `safeguarding-rules lock PATH`; if not, restore the file."
    ),
    "SR143": CodeEntry(
        "locked file missing", "The lock names a file that is not there. Restore it, or run `safeguarding-rules lock PATH` if its removal was agreed."
    ),
    "SR144": CodeEntry(
        "file not in the lock", "The file was added after the pack was locked. Take it out, or review it and run `safeguarding-rules lock PATH`."
    ),
    "SR145": CodeEntry("lock not understood", "`pack.lock` is written by `safeguarding-rules lock PATH`, never by hand."),
}

_SHAPE = {
    "SR201": CodeEntry(
        "wrong kind of value",
        "This place takes another kind of value (text, whole number, true or false, list, mapping). Text that looks like a number needs quotes.",
    ),
    "SR202": CodeEntry("key missing", "This part of a pack cannot do without the key."),
    "SR203": CodeEntry("unknown key", "The key is not part of the language at this place. Check the spelling and the indentation."),
    "SR204": CodeEntry("not one of the words allowed here", "This place takes one of a few words."),
    "SR205": CodeEntry("not a name", "Names are lower case with `_` or `-`, start with a letter, and are not one of the words of the language."),
    "SR206": CodeEntry("not a date", "Dates are written year, month, day: `2024-03-11`."),
    "SR207": CodeEntry("version not in quotes", "An unquoted version is a number, and 1.10 would be 1.1. Write it in quotes."),
    "SR208": CodeEntry("empty", "A text, list or mapping that has to say something is empty."),
    "SR209": CodeEntry("number out of range", "The number is outside what this place allows."),
    "SR210": CodeEntry("keys that exclude each other", "Exactly one (or at most one) of these keys may be given."),
    "SR211": CodeEntry(
        "key does not belong with another", "The key has a meaning only beside another key, or does not go with the one that is there."
    ),
    "SR212": CodeEntry(
        "condition not understood",
        "A condition has one key: `fact: value`, `fact: {test: value}`, `all`, `any`, `not`, `defined` or `always`.",
    ),
    "SR213": CodeEntry("test not understood", "A test is a value, or a mapping with one of the tests of the language, such as `below` or `one_of`."),
    "SR214": CodeEntry(
        "deadline not understood", "A deadline is `immediately`, `same_day`, `2 working days`, or an ISO 8601 duration such as `PT24H` or `P7D`."
    ),
    "SR215": CodeEntry("given twice in a list", "The list names the same thing twice."),
    "SR216": CodeEntry("interval that holds no day", "`from` is the first day, `until` the first day no longer included, so `until` must be later."),
    "SR217": CodeEntry("bounds that hold no number", "`at_most` must not be less than `at_least`."),
    "SR218": CodeEntry(
        "list without a last resort", "The last entry of a list of routes, and only the last, is `otherwise: true`, so that somebody is always named."
    ),
    "SR219": CodeEntry("cell for a fact the table does not list", "Every row has one cell for each fact under `facts`, and no other."),
    "SR220": CodeEntry("not a version", 'A version is numbers with dots, in quotes, such as "2024.3".'),
    "SR221": CodeEntry(
        "not a reference", "A citation is the id of a statement; a rule of the pack above is written `pack/rule`, a table's row `table/row`."
    ),
    "SR222": CodeEntry("language version not known", 'This version of the library reads language version "1".'),
}

_LAYERS_AND_TIME = {
    "SR301": CodeEntry("pack not found", "No pack of this id lies in the places that were searched."),
    "SR302": CodeEntry("version not found", "The pack is there, but not in this version or range of versions."),
    "SR303": CodeEntry("no version in force", "No version of the pack is in force on the day of the decision."),
    "SR304": CodeEntry(
        "two versions in force", "Two versions of the pack claim the same day, and neither says it `corrects` the other. End one with `until`."
    ),
    "SR305": CodeEntry("pack withdrawn", "A withdrawn pack never loads. Use the version that replaced it."),
    "SR306": CodeEntry("draft", "A draft loads only by its explicit version or path, never because of a date."),
    "SR307": CodeEntry("folder and pack disagree", "A pack lies in `<id>/<version>`, and its `pack.yaml` says the same id and version."),
    "SR308": CodeEntry(
        "same version twice", "Two places hold the same version of a pack with different content. Remove one, or give it its own version."
    ),
    "SR309": CodeEntry(
        "pack name not understood", "A pack is given as an id (`kscmp`), an id at a version (`ukcis@2020.12`), or a path to a pack folder."
    ),
    "SR310": CodeEntry("version corrects itself", "`corrects` names an earlier version of the same pack, never the version itself."),
    "SR311": CodeEntry("packs extend each other in a circle", "Following `extends` upwards must end at a pack that extends none."),
    "SR320": CodeEntry("stack that does not fit", "Each pack of a stack extends the one above it, and the first extends none."),
    "SR321": CodeEntry("a layer lowers an outcome", "A layer can only strengthen. A milder outcome needs a new version of the pack above."),
    "SR322": CodeEntry("a layer weakens a duty", "A layer may turn `may` into `should` and `should` into `must`, never the other way."),
    "SR323": CodeEntry("a layer limits a duty", "A layer may not add `until` to an action from above."),
    "SR324": CodeEntry("a layer advises what should be refrained from", "Where protecting a child means to refrain, a layer may only forbid."),
    "SR325": CodeEntry(
        "a layer says something about facts from above", "What follows from what, among facts from above, is for the pack above to say."
    ),
    "SR326": CodeEntry("a layer lengthens a deadline", "A layer may shorten a deadline, from every starting moment and on the same clock."),
    "SR327": CodeEntry("strengthens what is not above", "`strengthens` names a rule of a pack above as `pack/rule`."),
    "SR328": CodeEntry(
        "a layer forbids what a pack above lets somebody do",
        "Where protecting a child means to act, a layer may not forbid it to anybody whom a pack above asks or allows to do it, in any case.",
    ),
    "SR329": CodeEntry(
        "a layer asks of somebody what a pack above forbids",
        "What a pack above forbids, a layer may not ask for or allow under another name: the setting is whoever is in it.",
    ),
}

_NAMES = {
    "SR401": CodeEntry(
        "name not found in this file", "The name refers to another part of the same file, and there is none of that name. Check the spelling."
    ),
}

_LINKED_NAMES = {
    "SR402": CodeEntry("unknown action", "Actions are declared in `actions.yaml` of the pack or one above."),
    "SR403": CodeEntry("unknown outcome", "Outcomes are the steps of the scale in the top pack's `pack.yaml`."),
    "SR404": CodeEntry("unknown definition", "Definitions stand under `definitions` in the rules files of the same pack."),
    "SR405": CodeEntry("unknown part of a pack", "The name of a rule, table row, standing entry or other part leads nowhere."),
    "SR406": CodeEntry("unknown statement", "Statements stand in `statements.yaml` of the pack or one above."),
    "SR407": CodeEntry("unknown route", "Lists of whom to contact stand in `routes.yaml` of the pack or one above."),
    "SR408": CodeEntry("name given twice", "A name means one thing in a stack; nothing is shadowed."),
    "SR409": CodeEntry("definition that needs itself", "A definition may use others, but not lead back to itself."),
    "SR411": CodeEntry("fact that applies when it applies", "`applies_when` may not lead back to its own fact."),
    "SR412": CodeEntry("unknown finding", "Accepted findings are named by their code."),
    "SR414": CodeEntry("unknown fact", "Facts are declared in `facts.yaml` of the pack or one above."),
}

_TYPES = {
    "SR501": CodeEntry("value of the wrong type", "A boolean takes true or false, an integer a whole number, a choice one of its values."),
    "SR502": CodeEntry("not a value of the fact", "A choice has the values its declaration lists."),
    "SR503": CodeEntry("test that does not fit the fact", "Order tests are for integers, `includes` and its kin for `choices` facts."),
    "SR504": CodeEntry("number outside the fact", "The number lies outside the bounds of the fact, so the test could never tell anything."),
    "SR505": CodeEntry("rule without limbs", "`presume_if_partly_met` needs an `all`, an `any` of `all`s, or an `unless`."),
    "SR506": CodeEntry(
        "standing duty of one outcome", "What a lower outcome asks for stands at a higher one too; only the first outcome may have duties of its own."
    ),
    "SR507": CodeEntry("unsettled advice too mild", "`when_unsettled` must lie above the first outcome."),
    "SR508": CodeEntry("no case is possible", "The implications and `applies_when` of the stack exclude each other."),
    "SR509": CodeEntry("condition too intricate", "Written out, the condition has more than 4,096 terms. Split the rule."),
}

_LINT = {
    "SR601": CodeEntry("rule that can never hold", "No possible case meets the rule."),
    "SR602": CodeEntry("citation not listed back", "A statement lists under `encoded_by` everything of its pack that cites it."),
    "SR603": CodeEntry("encoded by something that does not cite", "What a statement lists under `encoded_by` cites it."),
    "SR605": CodeEntry("duties in conflict", "`must` or `should` against `must_not` or `should_not` of one action by one person in one case."),
    "SR606": CodeEntry("contradicting actions", "Two actions that contradict each other can both be a duty of one person in one case."),
    "SR607": CodeEntry("strengthening no longer needed", "The pack above has caught up; take the line out."),
    "SR608": CodeEntry("review overdue", "The day in `review_by` has passed."),
    "SR609": CodeEntry("definition never used", "Nothing uses the definition."),
    "SR611": CodeEntry("gap in a table", "The table says it is complete, but some case fits no row."),
    "SR612": CodeEntry("rows that disagree", "A case fits two rows of a table that give different outcomes; the more protective one counts."),
    "SR613": CodeEntry(
        "accepted, and no longer found",
        "`accepted` in `invariants.yaml` lets a finding stand that nothing finds any more. Delete the entry: it would hide the next such finding.",
    ),
    "SR614": CodeEntry(
        "asks somebody to look at imagery",
        "A question or help text of a fact seems to ask somebody to look at, view, open, watch or play imagery. "
        "Facts are what was said or reported; nobody looks in order to answer.",
    ),
}

_PROOF = {
    "SR701": CodeEntry("invariant that does not hold", "Some possible case breaks a line of `invariants.yaml`; the smallest such case is shown."),
    "SR702": CodeEntry(
        "guarantee that does not hold", "One of the five guarantees fails for this stack, such as a layer that weakens what stands above it."
    ),
    "SR703": CodeEntry("not decided", "The search needed more time or steps than allowed. What is not decided is not proved."),
    "SR711": CodeEntry("redundant rule", "Wherever the rule holds, other rules give at least its outcome and its duties."),
    "SR712": CodeEntry("outcome that never counts", "Wherever the rule holds, other rules give at least its outcome; only its duties count."),
    "SR713": CodeEntry("fact that never matters", "Two cases that differ only in this fact never differ in outcome, duties, deadlines or contacts."),
}

_FACTS_AND_DECISIONS = {
    "SR801": CodeEntry("facts not a mapping", "The facts of a case are a mapping of fact to value."),
    "SR802": CodeEntry("unknown fact in a case", "A fact that no pack of the stack declares is never dropped silently."),
    "SR803": CodeEntry("wrong type in a case", 'Values are never converted: `"14"` is not 14 and 1 is not true.'),
    "SR804": CodeEntry("out of range in a case", "The number lies outside the bounds of the fact."),
    "SR805": CodeEntry("not a value in a case", "A choice takes one of its declared values."),
    "SR806": CodeEntry("partial knowledge not understood", "A fact may be given as one test, such as `{below: 13}`."),
    "SR808": CodeEntry("clock not understood", "A clock's start is a date and time with a time zone, under the name that a deadline counts from."),
    "SR807": CodeEntry("facts not readable", "The file of facts is not valid YAML or JSON, or gives a key twice."),
    "SR818": CodeEntry(
        "pack not in force on the day",
        "A version that was asked for by name decides on a day outside its dates. Another is in force then, or none.",
    ),
    "SR819": CodeEntry("request not understood", "A key of a request to the HTTP API is missing, not known, or not of its kind."),
    "SR817": CodeEntry("answer that does not fit", "In a file of answers, later lines would answer other questions; so nothing is decided."),
    "SR810": CodeEntry(
        "facts that contradict", "No possible case agrees with all facts; the advice is the most protective over their consistent parts."
    ),
    "SR811": CodeEntry("resting on unconfirmed statements", "Something in the decision rests on statements not yet checked against their source."),
    "SR812": CodeEntry("draft policy", "A pack of the stack is a draft."),
    "SR813": CodeEntry("duties in conflict in a decision", "Two duties of the decision point in opposite directions."),
    "SR814": CodeEntry("not exact", "The exact answer needed more steps than allowed; safe bounds are shown."),
    "SR815": CodeEntry("pack review overdue", "The day in `review_by` of a pack has passed."),
}

_CASES = {
    "SR901": CodeEntry(
        "time that cannot be",
        "What is written down was known, and a clock had started, before it was written down, and on a day that has a policy; a review is to come; "
        "every time has a zone.",
    ),
    "SR902": CodeEntry("already known", "Something else is known of the fact; say that it is a correction."),
    "SR903": CodeEntry("nothing to change", "Only what is known can be corrected or withdrawn, and only what is done or waived taken up again."),
    "SR904": CodeEntry("action not declared", "Duties are named by an action of the packs and who does it."),
    "SR905": CodeEntry("not while the case is so", "An open case cannot be opened again, nor a closed one closed."),
    "SR906": CodeEntry("record not complete", "Guidance asks for something that is not written down yet; the case cannot be closed without it."),
    "SR907": CodeEntry("departure not understood", "A departure names an outcome of the packs that is not the advice, a reason, and says why."),
    "SR908": CodeEntry("the two engines differ", "durable-rules failed, or came to something else than the compiled engine, whose answer stands."),
    "SR909": CodeEntry("words missing", "Who did it, and why, must be said."),
}

_RECORDS = {
    "SR941": CodeEntry("journal not found", "There is no journal at this place, or the place is neither a file nor a PostgreSQL URL."),
    "SR942": CodeEntry("not a journal", "Something else lies at the place, or a new journal was asked for where there is something already."),
    "SR943": CodeEntry("other version of the schema", "`journal migrate` brings an older journal up to date; a newer one needs a newer library."),
    "SR944": CodeEntry("journal may not be written or opened", "The permissions of the file, its folder or the database role do not allow it."),
    "SR945": CodeEntry("no space, or the disk failed", "The disk did not take the entries; nothing was kept. Make room and try again."),
    "SR946": CodeEntry("journal busy", "Somebody else was writing for longer than a writer waits; nothing was kept. Try again."),
    "SR947": CodeEntry(
        "server gone",
        "The database server does not answer. The message says whether entries were kept; where that is not known, read the case again.",
    ),
    "SR948": CodeEntry("journal damaged", "The file or the data of the server are damaged. Stop writing, keep this copy, restore a good one."),
    "SR949": CodeEntry("key not usable", "Keys are Ed25519 keys in PEM files, as `journal key` and OpenSSL write them."),
    "SR910": CodeEntry("not a receipt", "A receipt is the line that `journal head` prints."),
    "SR911": CodeEntry("entry changed", "The hash of the entry does not fit what stands in it."),
    "SR912": CodeEntry("entry missing", "The numbers of entries leave none out. An entry, or several, were taken away."),
    "SR913": CodeEntry("entry in another place", "An entry stands in the place of another, or does not follow the one before it."),
    "SR914": CodeEntry(
        "journal and receipt disagree", "The end was cut off, or entries up to the receipt were written anew, or the receipt is of another journal."
    ),
    "SR915": CodeEntry("personal value changed", "The value beside the chain is not the one that the entry commits to."),
    "SR916": CodeEntry("personal value missing or left over", "A value is missing without an erasure, is back after one, or belongs to no entry."),
    "SR917": CodeEntry("signature missing or wrong", "With public keys given, every entry has a signature of one of them."),
    "SR918": CodeEntry("tables not those of the journal", "A table or trigger was added, taken away or switched off."),
    "SR919": CodeEntry("pack not kept, or changed", "What is kept under a digest is missing or no longer has that digest."),
    "SR921": CodeEntry("case erased", "The personal values of the case were erased at the end of retention; it can neither be read nor replayed."),
    "SR922": CodeEntry("no such case", "The journal has no entry of this case, or no decision of it."),
    "SR923": CodeEntry("case of another pack", "A case goes on with the pack that it was opened with; another pack is another case."),
    "SR924": CodeEntry(
        "cannot be written down",
        "What was given is too long, is no text, says nothing, looks like another id, or is not a value that an event can hold.",
    ),
    "SR931": CodeEntry("record of another language version", "The record names the version of the pack language that is needed to replay it."),
    "SR932": CodeEntry("decision differs on replay", "The recorded facts and packs do not give the recorded decision; each difference is named."),
    "SR933": CodeEntry("record not readable", "The file is not a decision record (`decision-record/1`)."),
}

CODES: dict[str, CodeEntry] = {
    **_READING,
    **_SHAPE,
    **_LAYERS_AND_TIME,
    **_NAMES,
    **_LINKED_NAMES,
    **_TYPES,
    **_LINT,
    **_PROOF,
    **_FACTS_AND_DECISIONS,
    **_CASES,
    **_RECORDS,
}
