import { describe, expect, test } from "vitest";
import { matches, parse, print } from "../src/keys/filter";
import { counts, rows, sorted } from "../src/keys/group";
import { facet, phrase, tone, word, worst } from "../src/keys/status";
import { inScope, tree } from "../src/keys/scopes";
import { life } from "../src/keys/lifetime";
import { bar, TICK, WIDTH } from "../src/parts/agebar";
import { age, ago, countdown, dayHeading, deadline, past, took } from "../src/parts/time";
import { visible } from "../src/parts/visible";
import { ANY, days, wantedOnes } from "../src/activity/days";
import { ages } from "../src/policies/ages";
import { rank } from "../src/palette/rank";
import { activity, inventory, key, keysOf, NOW, orgs } from "../src/fixtures/data";

const now = Date.parse(NOW);
const forty = keysOf(40);
const named = (text: string) => forty.filter((it) => matches(it, parse(text))).map((it) => it.name);

describe("filter", () => {
  test("plain words match name, provider, hint, account, organisation and environment, all of them", () => {
    expect(named("payments")).toEqual(["Payments API"]);
    expect(named("payments staging")).toEqual([]);
    expect(named("globex overten ledger")).toEqual(["Ledger sync"]);
    expect(named("7qf2 acme")).toContain("Payments API");
  });
  test("tokens narrow by field, several of one field are alternatives", () => {
    const stale = named("status:stale");
    expect(stale).toContain("Media pipeline");
    expect(stale).not.toContain("Batch summariser");
    expect(named("status:stale env:prod").every((name) => stale.includes(name))).toBe(true);
    expect(named("status:stale status:refused")).toEqual(expect.arrayContaining(["Media pipeline", "Batch summariser"]));
    expect(named("org:initech").length).toBe(9);
    expect(named("provider:over").length).toBe(40);
    expect(named("held:no").every((name) => !forty.find((it) => it.name === name)!.held)).toBe(true);
  });
  test("refused holds expired too, expired stands alone", () => {
    expect(named("status:refused")).toEqual(expect.arrayContaining(["Batch summariser", "Nightly backup"]));
    expect(named("status:expired")).toEqual(["Nightly backup"]);
  });
  test("a mark of a picture is a token: a share of the limit, days to it", () => {
    const of = (text: string) => forty.filter((it) => matches(it, parse(text)));
    const share = (days: number, limit: number) => (days * 100) / limit;
    expect(of("age:75-100").every((it) => share(it.age.days, it.age.limitDays) >= 75 && share(it.age.days, it.age.limitDays) < 100)).toBe(true);
    expect(of("age:0-25 age:25-50 age:50-75 age:75-100 age:100-150 age:150-").length).toBe(forty.filter((it) => it.status.kind !== "revoked").length);
    expect(of("due:0-30").length).toBeGreaterThan(0);
    expect(of("due:11").every((it) => it.age.dueInDays === 11)).toBe(true);
    expect(of("due:soon")).toEqual([]);
    expect(named("kind:management")).toEqual(["Support triage"]);
    expect(named("waived:yes")).toEqual(["Preview deployer"]);
  });
  test("an unknown field is a plain word, a field without value is nothing yet, quotes keep blanks", () => {
    expect(parse("tag:x").words).toEqual(["tag:x"]);
    expect(parse("status:")).toEqual({ words: [], tokens: [] });
    expect(parse('env:"own place" pay')).toEqual({ words: ["pay"], tokens: [{ field: "env", value: "own place" }] });
    expect(print({ field: "env", value: "own place" })).toBe('env:"own place"');
  });
  test("ten thousand keys are filtered within a frame", () => {
    const many = keysOf(10_000);
    const query = parse("status:stale env:prod media");
    many.filter((it) => matches(it, query));
    const start = performance.now();
    const found = many.filter((it) => matches(it, query));
    expect(found.length).toBeGreaterThan(10);
    expect(performance.now() - start).toBeLessThan(66);
  });
});

describe("groups and order", () => {
  test("groups follow the given order and count their troubles, worst first", () => {
    const out = rows(forty, "org", ["org-globex", "org-acme", "org-initech"], new Set());
    const groups = out.filter((row) => row.kind === "group");
    expect(groups.map((row) => row.name)).toEqual(["globex", "acme", "initech"]);
    expect(groups[1]!.troubles[0]!.facet).toBe("refused");
    expect(out.length).toBe(43);
  });
  test("a folded group keeps its header and hides its keys", () => {
    const out = rows(forty, "org", orgs.map((it) => it.id), new Set(["org-acme"]));
    expect(out.length).toBe(43 - 18);
    expect(out[0]).toMatchObject({ kind: "group", folded: true, count: 18 });
  });
  test("without groups only keys remain, in urgency order by default", () => {
    const out = rows(sorted(forty, { by: "urgency", descending: false }), "none", [], new Set());
    expect(out.map((row) => row.id)).toEqual(forty.map((it) => it.id));
  });
  test("other orders are numeric-aware and stable", () => {
    const ten = [{ ...key(0), name: "k 10" }, { ...key(1), name: "k 9" }];
    expect(sorted(ten, { by: "name", descending: false }).map((it) => it.name)).toEqual(["k 9", "k 10"]);
    expect(sorted(forty, { by: "age", descending: false })[0]!.age.days).toBe(240);
    expect(sorted(forty, { by: "age", descending: true })[0]!.age.days).toBe(3);
  });
  test("facets count every key once", () => {
    expect(Object.values(counts(forty)).reduce((sum, count) => sum + count, 0)).toBe(40);
  });
});

describe("status", () => {
  test("the worst of several is the one that shows", () => {
    expect(worst(["fresh", "due", "unverified"])).toBe("due");
    expect(worst(["stale", "refused", "due", "not_replaced"])).toBe("refused");
    expect(worst(["revoked", "fresh"])).toBe("fresh");
    expect(worst([])).toBeNull();
  });
  test("refused and expired share a facet and a tone, not a word", () => {
    expect(facet({ kind: "expired" })).toBe("refused");
    expect(tone({ kind: "refused" })).toBe("expired");
    expect(word({ kind: "expired", at: NOW })).toBe("Expired");
    expect(word({ kind: "due_soon", inDays: 0 })).toBe("Due today");
    expect(word({ kind: "not_replaced", since: NOW })).toBe("Not replaced");
    expect(tone({ kind: "not_replaced" })).toBe("expired");
    expect(phrase({ kind: "stale", overDays: 52 })).toBe("Stale, 52 d over");
  });
  test("the tree rolls statuses and counts up to the organisation", () => {
    const acme = tree(inventory())[0]!;
    expect(acme).toMatchObject({ name: "acme", count: 18, worst: "refused" });
    expect(acme.environments.map((it) => it.name)).toEqual(["production", "staging", "development", "ci"].filter((name) => acme.environments.some((it) => it.name === name)));
    expect(acme.environments.reduce((sum, it) => sum + it.count, 0)).toBe(18);
    expect(inScope(key(0), { orgId: "org-acme", environmentId: null })).toBe(true);
    expect(inScope(key(0), { orgId: "org-acme", environmentId: "env-dev" })).toBe(false);
  });
});

describe("ages and times", () => {
  test("days, then months from two years on; a lower bound says so", () => {
    expect(age(0, false)).toBe("0 d");
    expect(age(83, true)).toBe("≥ 83 d");
    expect(age(729, false)).toBe("729 d");
    expect(age(730, false)).toBe("23 mo");
    expect(age(1461, false)).toBe("48 mo");
  });
  test("past: now, minutes, hours, days, date", () => {
    const at = (ms: number) => new Date(now - ms).toISOString();
    expect(past(at(20_000), now)).toBe("now");
    expect(past(at(4 * 60_000), now)).toBe("4 min");
    expect(past(at(2 * 3_600_000), now)).toBe("2 h");
    expect(past(at(12 * 86_400_000), now)).toBe("12 d");
    expect(past("2026-09-12T10:00:00Z", now)).toBe("12 Sep 2026");
    expect(ago(at(20_000), now)).toBe("just now");
    expect(ago(at(4 * 60_000), now)).toBe("4 min ago");
  });
  test("a deadline within two days is a weekday and a time", () => {
    expect(deadline("2026-11-22T14:05:00Z", now)).toMatch(/^Sun 22 Nov \d\d:05$/);
    expect(deadline("2026-12-05T14:05:00Z", now)).toBe("in 14 d");
  });
  test("durations and countdowns", () => {
    expect(took(9)).toBe("<0.1 s");
    expect(took(812)).toBe("0.8 s");
    expect(took(65_000)).toBe("1 min 5 s");
    expect(countdown(42)).toBe("0:42");
    expect(countdown(-3)).toBe("0:00");
  });
  test("days of the activity have headings and obey the filter", () => {
    const all = days(activity());
    expect(all.length).toBe(4);
    expect(dayHeading(all[0]!.at, now)).toBe("Today");
    expect(dayHeading(all[1]!.at, now)).toBe("Yesterday");
    expect(wantedOnes(activity(), { ...ANY, text: "unknown mail" }, { keys: new Map(), accounts: new Map() }).map((event) => event.id)).toEqual(["act-7"]);
  });
});

describe("bars and lines", () => {
  test("inside the limit grey, from the warn point gold, past it hatched", () => {
    expect(bar(45, 90, 77)).toEqual({ grey: 21, gold: 0, hatched: 0, beyond: false });
    expect(bar(84, 90, 77).gold).toBeGreaterThan(0);
    expect(bar(118, 90, 77)).toMatchObject({ grey: TICK, gold: 0 });
    expect(bar(91, 90, 77).hatched).toBeGreaterThanOrEqual(2);
    const far = bar(400, 90, 77);
    expect(far.beyond).toBe(true);
    expect(far.grey + far.hatched).toBe(WIDTH);
  });
  test("labels of the lifetime never touch", () => {
    for (let day = 0; day <= 400; day += 1) {
      const it = life({ days: day, atLeast: false, told: false, since: NOW, limitDays: 90, dueSoonDays: 77, dueInDays: null }, "Limit, 90 d", `Today, ${day} d`);
      const width = (text: string) => text.length * 5.6;
      const extent = ({ x, anchor }: { x: number; anchor: string }, w: number) => (anchor === "end" ? [x - w, x] : anchor === "start" ? [x, x + w] : [x - w / 2, x + w / 2]);
      const [l0, l1] = extent(it.limitLabel, width("Limit, 90 d")) as [number, number];
      const [t0, t1] = extent(it.todayLabel, width(`Today, ${day} d`)) as [number, number];
      if (it.show.limit && it.show.today) expect(l1 < t0 || t1 < l0, `day ${day}`).toBe(true);
      expect(it.show.limit || it.show.today).toBe(true);
      expect(Math.max(l1, t1)).toBeLessThanOrEqual(379);
    }
  });
  test("the ages' picture spans both limits and counts every key once", () => {
    const picture = ages(forty, 60, 400);
    expect(picture.span).toBeGreaterThanOrEqual(400);
    expect(picture.bins.reduce((sum, bin) => sum + bin.inside + bin.over, 0)).toBe(forty.length);
    expect(picture.bins.reduce((sum, bin) => sum + bin.over, 0)).toBe(forty.filter((it) => it.age.days >= 60).length);
    expect(ages([], 90, 90).most).toBe(1);
  });
});

describe("names", () => {
  test("characters that hide or reorder are shown as code points", () => {
    expect(visible("pay\u202Eyek")).toBe("pay⟨202E⟩yek");
    expect(visible("a\u200Bb\u0000c\uFEFF")).toBe("a⟨200B⟩b⟨0000⟩c⟨FEFF⟩");
    expect(visible("line\nbreak")).toBe("line⟨000A⟩break");
  });
  test("letters of any script stay as they are", () => {
    for (const name of ["Payments API", "مفتاح الدفع", "ключ", "鍵", "clé d'API", "🔑"]) expect(visible(name)).toBe(name);
  });
  test("the palette finds by fuzzy words and caps its list", () => {
    const texts = forty.map((it) => it.name);
    expect(texts[rank(texts, "media pip")[0]!]).toBe("Media pipeline");
    expect(rank(texts, "zzzz")).toEqual([]);
    const two = ["subscriptions Larkpay production", "payments Larkpay production", "payments Larkpay staging"];
    expect(rank(two, "pay prod")).toEqual([1, 0]);
    expect(rank(two, "prod pay")).toEqual([1, 0]);
    expect(rank(keysOf(1000).map((it) => it.name), "").length).toBe(40);
  });
});
