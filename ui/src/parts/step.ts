/** Where the arrow keys lead in a list of so many options that a field above it steers; null for every other key. */
export function step(key: string, at: number, count: number): number | null {
  if (key === "ArrowDown") return Math.min(at + 1, count - 1);
  if (key === "ArrowUp") return Math.max(at - 1, 0);
  return null;
}
