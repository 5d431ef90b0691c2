// A small client of the HTTP API, for Node 18 or newer and for browsers; needs nothing else. The types are in api.d.ts.
// Start a server with `safeguarding-rules serve`, then: node client.mjs http://127.0.0.1:8080
// @ts-check

/** @typedef {import("./api").Operations} Operations */
/** @typedef {import("./api").Problem} Problem */

/** What went wrong, as the server told it. */
export class ProblemError extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super([problem.title, problem.detail, ...(problem.diagnostics ?? []).map((one) => `${one.code}: ${one.message}`)].filter(Boolean).join("\n"));
    this.problem = problem;
  }
}

export class Client {
  /**
   * @param {string} address such as http://127.0.0.1:8080
   * @param {string} [key] the key of this caller, where the server asks for one
   */
  constructor(address, key) {
    this.address = address;
    this.key = key;
  }

  /**
   * Do one operation.
   * @template {keyof Operations} Name
   * @param {Name} name such as "POST /v1/packs/{pack}/decide"
   * @param {{pack?: string, body?: Operations[Name]["body"]}} [given]
   * @returns {Promise<Operations[Name]["answer"]>}
   */
  async call(name, { pack = "", body } = {}) {
    const [method, path] = name.split(" ");
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json, application/problem+json" };
    if (this.key) headers.Authorization = `Bearer ${this.key}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await fetch(this.address + path.replace("{pack}", encodeURIComponent(pack)), {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const content = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : await answer.text();
    if (!answer.ok) throw new ProblemError(content);
    return content;
  }

  /**
   * Decide one case: what is not known is left out.
   * @param {string} pack
   * @param {Record<string, unknown>} facts
   * @param {string} [on] a day; today if it is left out
   */
  decide(pack, facts, on) {
    return this.call("POST /v1/packs/{pack}/decide", { pack, body: on === undefined ? { facts } : { facts, on } });
  }
}

/** @param {string} address @param {string | undefined} key */
async function main(address, key) {
  const client = new Client(address, key);
  const decision = await client.decide("kscmp", { adult_involved: true });
  console.log(`${decision.outcome} (${decision.firm ? "firm" : "not firm"}), by ${decision.policy.packs.map((one) => `${one.pack} ${one.version}`).join(" and ")}`);
  for (const action of decision.actions) {
    if (action.status === "applies" && action.modality === "must") console.log(`  ${action.by} must: ${action.title}`);
  }
  const next = await client.call("POST /v1/packs/{pack}/next-question", { pack: "kscmp", body: { facts: { adult_involved: true }, go_on: true } });
  for (const fact of next.facts) console.log(`  ask: ${fact.ask}`);
  try {
    await client.decide("kscmp", { adult_involvd: true });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    console.log(error.message);
  }
}

if (typeof process !== "undefined" && process.argv[1] && import.meta.url.endsWith(process.argv[1].split("/").pop() ?? "")) {
  await main(process.argv[2] ?? "http://127.0.0.1:8080", process.env.SAFEGUARDING_RULES_KEY);
}
