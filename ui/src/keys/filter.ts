/** The filter's little grammar: plain words and `status:` `env:` `org:` `provider:` `held:` `owner:` `flag:` `kind:` `waived:` `age:` `due:` tokens, all of which must match. */
import type { KeyView } from "../ipc/types";
import { hasFlag, hasOwner } from "./flags";
import { facet, type Facet } from "./status";

export type Field = "status" | "env" | "org" | "provider" | "held" | "owner" | "flag" | "kind" | "waived" | "age" | "due";
export interface Token {
  field: Field;
  value: string;
}
export interface Query {
  words: string[];
  tokens: Token[];
}

const FIELDS: Record<string, Field> = { status: "status", env: "env", org: "org", provider: "provider", held: "held", owner: "owner", flag: "flag", kind: "kind", waived: "waived", age: "age", due: "due" };

/** A word with a known field and a value is a token; anything else is a plain word. Quotes keep blanks together. */
export function parse(text: string): Query {
  const query: Query = { words: [], tokens: [] };
  for (const [, part = ""] of text.matchAll(/((?:"[^"]*"?|[^\s"])+)/g)) {
    const colon = part.indexOf(":");
    const field = colon > 0 ? FIELDS[part.slice(0, colon).toLowerCase()] : undefined;
    const value = fold(part.slice(colon + 1).replaceAll('"', ""));
    if (field && value) query.tokens.push({ field, value });
    else if (!field) {
      const word = fold(part.replaceAll('"', ""));
      if (word) query.words.push(word);
    }
  }
  return query;
}

export function print(token: Token): string {
  return `${token.field}:${token.value.includes(" ") ? `"${token.value}"` : token.value}`;
}

export function isEmpty(query: Query): boolean {
  return query.words.length === 0 && query.tokens.length === 0;
}

/** Tokens of one field are alternatives; fields and words all have to match. */
export function matches(key: KeyView, query: Query): boolean {
  if (query.words.length > 0) {
    const text = haystack(key);
    for (const word of query.words) if (!text.includes(word)) return false;
  }
  for (let at = 0; at < query.tokens.length; at += 1) {
    const token = query.tokens[at]!;
    let any = false;
    for (const other of query.tokens) if (other.field === token.field && hits(key, other)) { any = true; break; }
    if (!any) return false;
  }
  return true;
}

function hits(key: KeyView, { field, value }: Token): boolean {
  switch (field) {
    case "status":
      return key.status.kind === "expired" && "expired".startsWith(value) ? true : facet(key.status).startsWith(value as Facet);
    case "env":
      return fold(key.environmentName).startsWith(value);
    case "org":
      return fold(key.orgName).startsWith(value);
    case "provider":
      return fold(key.providerName).startsWith(value) || fold(key.providerId).startsWith(value);
    case "held":
      return key.held === !(value === "no" || value === "false");
    case "owner":
      return hasOwner(key, value);
    case "flag":
      return hasFlag(key, value);
    case "kind":
      return key.purpose.startsWith(value);
    case "waived":
      return (key.waiver !== null) === !(value === "no" || value === "false");
    case "age":
      return key.status.kind !== "revoked" && within(Math.floor((key.age.days * 100) / Math.max(1, key.age.limitDays)), value);
    case "due":
      return key.age.dueInDays !== null && within(key.age.dueInDays, value);
  }
}

/** `7` is exactly seven, `75-100` from 75 to below 100, `150-` from 150 on. */
function within(number: number, value: string): boolean {
  const found = /^(\d+)(-(\d*))?$/.exec(value);
  if (!found) return false;
  const from = Number(found[1]);
  if (found[2] === undefined) return number === from;
  return number >= from && (found[3] === "" || number < Number(found[3]));
}

const cache = new WeakMap<KeyView, string>();
function haystack(key: KeyView): string {
  let text = cache.get(key);
  if (text === undefined) {
    text = fold(`${key.name}\n${key.providerName}\n${key.hint ?? ""}\n${key.accountLabel}\n${key.orgName}\n${key.environmentName}`);
    cache.set(key, text);
  }
  return text;
}

function fold(text: string): string {
  return text.toLowerCase();
}
