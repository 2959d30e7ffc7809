/** Ranking of the palette: fuzzy, capped, with acts before keys when both match alike. */
import uFuzzy from "@leeoniya/ufuzzy";

const fuzzy = new uFuzzy({ intraMode: 1 });
const CAP = 40;

/** Indexes of `texts` that match, best first; all of them, capped, for an empty needle. */
export function rank(texts: readonly string[], needle: string): number[] {
  const text = needle.trim();
  if (text === "") return texts.slice(0, CAP).map((_, at) => at);
  const [found, info, order] = fuzzy.search(texts as string[], text, 1);
  if (!found) return [];
  const sorted = info && order ? order.map((at) => info.idx[at]!) : found;
  return sorted.slice(0, CAP);
}
