// Types of the HTTP API of safeguarding_rules, made from schemas/openapi.json. Do not edit: `make schemas` writes this file.

/** One duty of the decision, merged per action, person and direction. */
export interface ActionAdvice {
  action: string;
  by: "dsl" | "headteacher" | "other_staff" | "setting";
  /** The statements these rest on. */
  citations?: Array<string>;
  deadlines?: Array<DueBy>;
  /** The unknown facts it hangs on, where it depends or is presumed. */
  depends_on?: Array<string>;
  modality: "must" | "should" | "may" | "should_not" | "must_not";
  notes?: Array<string>;
  routes?: Array<Route>;
  /** The rules and standing entries that give it. */
  rules?: Array<string>;
  status: "applies" | "presumed" | "depends";
  stronger?: Array<Stronger>;
  title: string;
  until?: Array<string>;
}

/** One answer for each case, in order. */
export interface BatchAnswer {
  decided: number;
  errors: number;
  fingerprint: string;
  results: Array<BriefDecision | DecisionDocument | BatchError>;
}

/** A case of many that cannot be decided. */
export interface BatchError {
  error: Array<Finding>;
}

/** Many cases. */
export interface BatchRequest {
  /** The facts of each case. Send this or `columns`. */
  cases?: Array<Record<string, unknown>> | null;
  /** The same as a table: for each fact a value, or null, for each case. Faster for many cases. */
  columns?: Record<string, Array<unknown>> | null;
  /** Give whole decisions instead of outcome, settled, firm and actions. */
  full?: boolean;
  /** As for one case. */
  on?: string | null;
}

/** A smallest set of known facts that forces the least possible outcome, and the rules that do. */
export interface Because {
  facts?: Array<string>;
  nearest_changes?: Array<Change>;
  rules?: Array<string>;
}

/** A smallest set of known facts that forces the least possible outcome, and the rules through which they do. */
export interface BecauseWords {
  facts: Array<FactWords>;
  rules: Array<string>;
  /** True where the rules force the outcome only together: at least one of them holds in every case. */
  together: boolean;
}

/** A decision in brief. What decided is named by the `ETag` of the answer. */
export interface BriefDecision {
  /** The duties that apply or are presumed: who, how strongly, what. */
  actions: Array<string>;
  firm: boolean;
  outcome: string;
  settled: boolean;
}

/** A change of fact that would give another outcome. */
export interface Change {
  change: Record<string, unknown>;
  outcome: string;
}

/** If one known fact were different, the advice would be another. */
export interface ChangeWords {
  answer: string;
  fact: string;
  other_answer: string;
  other_value: unknown;
  outcome: string;
  question: string;
}

/** By when, as the pack says it, with the moment if the clock's start is known. */
export interface DeadlineWords {
  due: string | null;
  from: string;
  within: string;
}

/** One case to be decided. */
export interface DecideRequest {
  /** Give only outcome, settled, firm and actions: much faster than the whole decision. */
  brief?: boolean;
  /** When the clocks of deadlines started, each with its time zone. */
  clocks?: Record<string, string> | null;
  /** Fact name to value, or to one test such as `{"below": 13}`; what is not known is left out, or null. */
  facts: Record<string, unknown>;
  /** Decide by what is in force on this day; without it, today. */
  on?: string | null;
}

/** A whole decision. */
export interface DecisionDocument {
  actions: Array<ActionAdvice>;
  because: Because;
  citations: Array<string>;
  exact: boolean;
  facts: Record<string, unknown>;
  firm: boolean;
  on: string;
  outcome: string;
  policy: PolicyStamp;
  possible_outcomes: Array<string>;
  questions: Array<Question>;
  rules: RuleStatuses;
  schema?: "decision/1";
  settled: boolean;
  warnings: Array<Warning>;
}

/** A deadline: within what, from which clock, and when that is if the clock's start was given. */
export interface DueBy {
  /** When it is due, ISO 8601 in London time; null while the clock's start is not known. */
  due?: string | null;
  /** The name of the clock's start. */
  from: string;
  /** immediately, same_day, `N working days`, or an ISO 8601 duration. */
  within: string;
}

/** One duty. */
export interface DutyWords {
  action: string;
  by: "dsl" | "headteacher" | "other_staff" | "setting";
  deadlines?: Array<DeadlineWords>;
  depends_on?: Array<OpenFact>;
  /** By the rules and standing entries behind it, each with what it says. */
  given?: Array<GiftWords>;
  meaning: string;
  modality: "must" | "should" | "may" | "should_not" | "must_not";
  /** Whether protecting a child means to do it or to refrain. */
  protects: "do" | "refrain";
  routes?: Array<RouteWords>;
  status: "applies" | "presumed" | "depends";
  stronger?: Array<StrongerWords>;
  title: string;
}

/** A decision with its reasons as data and as text. */
export interface ExplainAnswer {
  decision: DecisionDocument;
  explanation: ExplanationDocument;
  text: string;
}

/** One case to be explained. */
export interface ExplainRequest {
  /** When the clocks of deadlines started, each with its time zone. */
  clocks?: Record<string, string> | null;
  /** Fact name to value, or to one test such as `{"below": 13}`; what is not known is left out, or null. */
  facts: Record<string, unknown>;
  /** Decide by what is in force on this day; without it, today. */
  on?: string | null;
  /** How much the text says. */
  register?: "short" | "full" | "audit";
}

/** A whole explanation. */
export interface ExplanationDocument {
  because: BecauseWords;
  changes: Array<ChangeWords>;
  /** Sets of known facts that cannot all be true. */
  contradictions: Array<Array<FactWords>>;
  duties: Array<DutyWords>;
  exact: boolean;
  facts: Array<FactWords>;
  fingerprint: string;
  firm: boolean;
  grounds: Array<Ground>;
  language: string;
  on: string;
  outcome: OutcomeWords;
  packs: Array<PackWords>;
  /** The outcomes still possible, least to most protective. */
  possible: Array<OutcomeWords>;
  questions: Array<QuestionWords>;
  rules: Array<RuleWords>;
  scale: Array<OutcomeWords>;
  schema?: "explanation/1";
  settled: boolean;
  statements: Array<StatementWords>;
  /** Statements recalled and not yet confirmed against their source. */
  unconfirmed: Array<string>;
  warnings: Array<WarningWords>;
  /** The outcome that is at least advised while not settled. */
  when_unsettled: string;
}

/** A known fact: the question and what was answered. */
export interface FactWords {
  answer: string;
  fact: string;
  question: string;
  /** As it was given. */
  value: unknown;
}

/** One finding: what is wrong, where, and what to do. */
export interface Finding {
  code: string;
  help: string | null;
  message: string;
  related: Array<Related>;
  severity: "error" | "warning" | "note";
  span: Span | null;
  title: string;
}

/** What one rule or standing entry says of a duty: how strongly, until when, with which note. */
export interface GiftWords {
  ground: string;
  modality: "must" | "should" | "may" | "should_not" | "must_not";
  note?: string | null;
  until?: string | null;
  within?: string | null;
}

/** What a duty or an outcome rests on: a rule, a standing entry, or `when_unsettled`. */
export interface Ground {
  because: string;
  id: string;
  kind: "rule" | "standing" | "when_unsettled";
  pack: string;
  statements: Array<string>;
  /** The packs below that made the rule more protective. */
  strengthened_by?: Array<string>;
  /** Standing entries have none. */
  title: string | null;
}

/** Whether the server can decide. */
export interface Health {
  library: string;
  loaded_at: string;
  /** Pack to fingerprint of what decides today; null where no version is in force. */
  packs: Record<string, string | null>;
  /** Whether the last change of the packs was refused; the packs before it are still in use. */
  reload_failed: boolean;
  /** `no-policy`: a pack has no version in force today; it answers 503 until one has. */
  status: "ready" | "no-policy";
}

/** A limb of a presumed rule: where it is met, a smallest set of known facts that meet it; where it is open, what is not known. */
export interface LimbWords {
  known?: Array<FactWords>;
  status: "met" | "open";
  unknown?: Array<OpenFact>;
}

/** What to ask next, if anything. */
export interface NextAnswer {
  /** The outcomes, besides the advice, that hang on the first fact. */
  could_become: Array<string>;
  facts: Array<NextFact>;
  firm: boolean;
  /** Ask one fact; ask yes-or-no facts together; offer to stop, as the advice is firm; the answers contradict; nothing is left. */
  kind: "ask" | "together" | "offer" | "conflict" | "end";
  /** How many facts, at most, can still change the outcome or a `must`. */
  left: number;
  outcome: string;
  settled: boolean;
}

/** A fact to ask for. */
export interface NextFact {
  ask: string;
  fact: string;
  group: string | null;
  help: string | null;
  /** The question as a short statement, for a screen of several: does any of these apply? */
  short: string | null;
  /** The values of a choice; empty for yes or no, and for numbers. */
  values: Array<string>;
}

/** Where an interview stands. */
export interface NextRequest {
  /** What has been answered. */
  facts: Record<string, unknown>;
  /** Ask on although the advice is firm, instead of offering to stop. */
  go_on?: boolean;
  /** As for a decision. */
  on?: string | null;
  /** Facts answered with "don't know"; they are not asked again. */
  unknown?: Array<string>;
}

/** A fact that is not known, or not exactly. */
export interface OpenFact {
  fact: string;
  question: string;
}

/** One step of the outcome scale. */
export interface OutcomeWords {
  because: string;
  meaning: string;
  name: string;
  /** 0 is the least protective. */
  rank: number;
  statements: Array<string>;
  title: string;
}

/** A pack that this server decides by. */
export interface PackAbout {
  /** What decides today: this pack with all above it. Null where no version is in force today. */
  fingerprint: string | null;
  layer: string;
  /** The outcomes, least to most protective. */
  outcomes: Array<string>;
  pack: string;
  publisher: string;
  review_by: string | null;
  signed_off_by: string;
  /** The packs that decide today, the highest first. */
  stack: Array<string>;
  title: string;
  versions: Array<PackVersion>;
}

/** A pack that spoke. */
export interface PackStamp {
  digest: string;
  pack: string;
  version: string;
}

/** A version of a pack. */
export interface PackVersion {
  digest: string;
  from: string;
  status: string;
  until: string | null;
  version: string;
}

/** A pack that spoke, and what it says about itself. */
export interface PackWords {
  digest: string;
  /** Whether the day of the decision lies within the days that the pack gives for itself. */
  in_force: boolean;
  layer: string;
  notes: string;
  pack: string;
  review_by: string | null;
  signed_off: boolean;
  status: string;
  title: string;
  version: string;
}

/** The packs of this server. */
export interface PacksAnswer {
  notice: string;
  packs: Array<PackAbout>;
}

/** What decided: the packs, and the identity of exactly what was in force. */
export interface PolicyStamp {
  fingerprint: string;
  packs: Array<PackStamp>;
}

/** What went wrong (RFC 9457). */
export interface Problem {
  detail?: string | null;
  /** Every finding, each with its place in the body. */
  diagnostics?: Array<Finding> | null;
  status: number;
  title: string;
  type: string;
}

/** A fact worth asking, most telling first. */
export interface Question {
  ask: string;
  /** Outcomes other than the present advice that hang on the answer. */
  could_become?: Array<string>;
  fact: string;
  group?: string | null;
  help?: string | null;
  /** True where the answer changes only whom to contact. */
  only_route?: boolean;
}

/** A question that still matters. */
export interface QuestionWords {
  could_become: Array<string>;
  fact: string;
  group: string | null;
  help: string | null;
  only_route: boolean;
  question: string;
}

/** Another place that a finding is about. */
export interface Related {
  message: string;
  span: Span | null;
}

/** Whom to contact, in order: the first whose condition `when` holds. Null: nothing is left to check, so this is the one if none before it is. */
export interface Route {
  emergency?: boolean;
  hours?: string | null;
  name: string;
  note?: string | null;
  phone?: string | null;
  web?: string | null;
  when?: string | null;
}

/** Whom to contact, in order; `when` is what has to be answered how. Null: nothing is left to check, so this is the one if none before it is. */
export interface RouteWords {
  emergency?: boolean;
  hours?: string | null;
  name: string;
  note?: string | null;
  phone?: string | null;
  web?: string | null;
  when: string | null;
}

/** A rule of the decision with its own outcome, reason and citations. */
export interface RuleStatus {
  because: string;
  citations: Array<string>;
  outcome: string | null;
  rule: string;
  title: string;
}

/** Rules by status; those that do not hold in any possible case are left out. */
export interface RuleStatuses {
  met?: Array<RuleStatus>;
  open?: Array<RuleStatus>;
  presumed?: Array<RuleStatus>;
}

/** A rule that is met, presumed or open. */
export interface RuleWords {
  because: string;
  /** For a presumed rule: its limbs. */
  limbs?: Array<LimbWords>;
  outcome: string | null;
  /** Why: its pack says so; a limb is met; its trigger is met and only the exception is open; the facts contradict. */
  presumed?: "until_known" | "partly_met" | "exception_open" | "facts_contradict" | null;
  rule: string;
  status: "met" | "presumed" | "open";
  title: string;
  /** For a presumed or open rule: what is not known of the facts it looks at. */
  unknown?: Array<OpenFact>;
}

/** A place in the body, 1-based; `end_column` is not included. Without lines: the file as a whole. */
export interface Span {
  column: number | null;
  end_column: number | null;
  end_line: number | null;
  file: string;
  line: number | null;
}

/** A statement of a source, paraphrased, that the decision rests on. */
export interface StatementWords {
  address: string | null;
  binds: string;
  checked: "seen" | "secondary" | "recalled";
  force: string;
  id: string;
  pack: string;
  section: string;
  source: string;
  strength: string;
  text: string;
}

/** A stronger modality that is presumed, or that some unknown fact could bring. */
export interface Stronger {
  modality: "must" | "should" | "may" | "should_not" | "must_not";
  status: "presumed" | "depends";
}

/** A stronger modality that is presumed, or that an open fact could bring. */
export interface StrongerWords {
  modality: "must" | "should" | "may" | "should_not" | "must_not";
  status: "presumed" | "depends";
}

/** Something a reader of the decision must know; codes are stable. */
export interface Warning {
  code: string;
  facts?: Array<string>;
  message: string;
  statements?: Array<string>;
}

/** A warning of the decision: its code, and what it is about. */
export interface WarningWords {
  code: string;
  facts?: Array<string>;
  statements?: Array<string>;
}

/** What each operation takes and gives; an answer with another status than 2xx is a Problem. */
export interface Operations {
  "GET /health": { body: undefined; answer: Health };
  "GET /metrics": { body: undefined; answer: string };
  "GET /v1/packs": { body: undefined; answer: PacksAnswer };
  "GET /v1/packs/{pack}": { body: undefined; answer: PackAbout };
  "POST /v1/packs/{pack}/decide": { body: DecideRequest; answer: DecisionDocument | BriefDecision };
  "POST /v1/packs/{pack}/decide-many": { body: BatchRequest; answer: BatchAnswer };
  "POST /v1/packs/{pack}/explain": { body: ExplainRequest; answer: ExplainAnswer };
  "GET /v1/packs/{pack}/facts-schema": { body: undefined; answer: Record<string, unknown> };
  "POST /v1/packs/{pack}/next-question": { body: NextRequest; answer: NextAnswer };
}
