/** What the eye tells: id of the row, and when the frame that shows it was painted, in epoch milliseconds with fractions. */
export type Painted = { readonly row: string; readonly paintedMs: number };

/** The function of the page that the eye calls, with a `Painted`. */
export const TELL = 'zhujiBenchPainted';

/**
 * Runs in the page before its own scripts. A row that begins to ring is seen when it enters the document; the frame that draws
 * it comes next; a message that is sent while that frame is prepared is read when its painting is over and it is on its way
 * to the screen. The clock is set as in `wall-clock.ts`.
 */
export const EYE = `{
  const before = Date.now();
  let now = before;
  while (now === before) now = Date.now();
  const offsetMs = now - performance.now();
  const known = new Set();
  const look = () => {
    for (const { id } of document.querySelectorAll('.row[data-rings="true"]')) {
      if (known.has(id)) continue;
      known.add(id);
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => globalThis.${TELL}({ row: id, paintedMs: performance.now() + offsetMs });
        port2.postMessage(null);
      });
    }
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-rings'],
  });
}`;
