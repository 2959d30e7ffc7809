/** What is cut off where the window is small, or its text is twice as large, which makes it small too. */

/** The least size of the window, and 1200 × 760 at 200 %. */
export const sizes = [{ width: 880, height: 560 }, { width: 600, height: 380 }];

/** Controls that stand beyond an edge where nothing scrolls to them, in words. Runs in the page. */
export function cutOff() {
  const scrolls = (element, axis) => ["auto", "scroll"].includes(getComputedStyle(element)[axis === "x" ? "overflowX" : "overflowY"]);
  const out = [];
  if (document.documentElement.scrollWidth > innerWidth) out.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const element of document.querySelectorAll("button, input, select, a[href], [role=option], [role=checkbox]")) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || getComputedStyle(element).visibility === "hidden" || element.closest("[inert], [aria-hidden=true], .sr")) continue;
    const name = element.getAttribute("data-testid") ?? element.getAttribute("aria-label") ?? element.textContent.trim();
    let [clipX, clipY] = [true, true];
    for (let around = element.parentElement; around; around = around.parentElement) {
      if (scrolls(around, "x")) clipX = false;
      if (scrolls(around, "y")) clipY = false;
      const edge = around.getBoundingClientRect();
      const style = getComputedStyle(around);
      const fixed = style.position === "fixed";
      if (style.overflowX === "hidden" && clipX && (box.right > edge.right + 1 || box.left < edge.left - 1)) out.push(`${name} is cut at a side`);
      if (fixed) break;
    }
    if (clipX && (box.right > innerWidth + 1 || box.left < -1)) out.push(`${name} stands beside the window`);
    if (clipY && (box.bottom > innerHeight + 1 || box.top < -1)) out.push(`${name} stands below the window`);
    // Another layer of the window may hide it: the status bar lies over what does not scroll.
    const bar = document.querySelector("footer")?.getBoundingClientRect();
    if (clipY && bar && !element.closest("footer, .sheet, .palette") && !document.querySelector(".sheet, .palette") && box.bottom > bar.top + 1) out.push(`${name} lies under the status bar`);
  }
  return [...new Set(out)];
}
