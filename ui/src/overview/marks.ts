/** Marks of a picture by keyboard: Enter and Space press, arrows go to the neighbour. */
export function walk(event: KeyboardEvent & { currentTarget: SVGElement }, press: () => void): void {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    press();
    return;
  }
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const marks = [...(event.currentTarget.ownerSVGElement?.querySelectorAll<SVGElement>("[data-mark]") ?? [])];
  const next = marks[marks.indexOf(event.currentTarget) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
