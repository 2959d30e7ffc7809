/** Ranking of the palette: fuzzy, capped, with acts before keys when both match alike. */
import uFuzzy from "@leeoniya/ufuzzy";
import type { KeyView } from "../ipc/types";

/** As closely as it matches; among equals in the order given, which for keys is urgency. */
const fuzzy = new uFuzzy({
  intraMode: 1,
  sort: ({ idx, chars, intraIns, terms, interLft2, interLft1, interIns, start }) => {
    const bounds = (at: number) => terms[at]! + interLft2[at]! + interLft1[at]! / 2;
    return idx
      .map((_, at) => at)
      .sort((a, b) => chars[b]! - chars[a]! || intraIns[a]! - intraIns[b]! || bounds(b) - bounds(a) || interIns[a]! - interIns[b]! || start[a]! - start[b]! || idx[a]! - idx[b]!);
  },
});
/** As many are shown. */
export const CAP = 40;
/** Up to so many words may come in any order, and are ranked; uFuzzy tries each order of them. */
const WORDS = 4;

/** What a key is looked for in: apart from its entry, as there may be thousands and few are shown. */
export const keyText = (key: KeyView) => `${key.name} ${key.providerName} ${key.orgName} ${key.environmentName}`;

/** Indexes of `texts` that match, best first; all of them, capped, for an empty needle. */
export function rank(texts: readonly string[], needle: string): number[] {
  const text = needle.trim();
  if (text === "") return texts.slice(0, CAP).map((_, at) => at);
  const [found, info, order] = fuzzy.search(texts as string[], text, WORDS);
  if (!found) return [];
  const sorted = info && order ? order.map((at) => info.idx[at]!) : found;
  return sorted.slice(0, CAP);
}
