/** No fields, which would bring up the keyboard of a phone. */
const CANDIDATES = 'button:not(:disabled), a[href], [tabindex="0"]';
/** Further back it is not what anybody is doing. */
const MOST = 6;

/** Something that had the focus, and what is around it, up to its part of the page. */
interface Place {
  readonly element: HTMLElement;
  readonly around: readonly Element[];
}

/**
 * Whatever goes that has the focus, the keyboard is not sent back to the top of the page: the focus moves to what is left
 * around it, or to where it was before. Views that know better come first.
 */
export function guardFocus(page: HTMLElement): void {
  let places: Place[] = [];
  page.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement)
      places = [{ element: target, around: aroundOf(target) }, ...places].slice(0, MOST);
  });
  page.addEventListener("focusout", ({ target, relatedTarget }) => {
    // It has gone elsewhere, where it is not yet if a key or a click has moved it.
    if (relatedTarget !== null) return;
    queueMicrotask(() => {
      // Left on purpose: a click beside everything.
      if (isNowhere() && target instanceof HTMLElement && target.isConnected) places = [];
    });
  });
  const look = () => {
    if (!isNowhere() || places[0] === undefined || places[0].element.isConnected) return;
    for (const { element, around } of places) {
      // Who was writing goes on in the field that took its place.
      const field = element instanceof HTMLTextAreaElement ? firstIn(around, "textarea") : undefined;
      const next = isShown(element) ? element : (field ?? firstIn(around, CANDIDATES));
      if (next === undefined) continue;
      // Who reads a conversation goes on where they are.
      next.focus({ preventScroll: next.closest(".log") !== null });
      return;
    }
  };
  new MutationObserver(() => queueMicrotask(look)).observe(page, { childList: true, subtree: true });
}

function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function aroundOf(element: HTMLElement): readonly Element[] {
  const part = element.closest(".pane, .status, .tabs, dialog");
  const around: Element[] = [];
  let next = element.parentElement;
  while (next !== null && part?.contains(next) === true) {
    around.push(next);
    next = next.parentElement;
  }
  return around;
}

function firstIn(around: readonly Element[], selector: string): HTMLElement | undefined {
  return around.flatMap((one) => [...one.querySelectorAll<HTMLElement>(selector)]).find(isShown);
}

function isShown(element: HTMLElement): boolean {
  return element.isConnected && element.checkVisibility();
}
