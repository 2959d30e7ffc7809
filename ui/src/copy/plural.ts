/** A count and what is counted. */
import { number } from "../parts/time";

export const plural = (count: number, one: string, many: string) => `${number(count)} ${count === 1 ? one : many}`;
