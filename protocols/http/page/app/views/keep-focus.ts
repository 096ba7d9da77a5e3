import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/**
 * When an element goes that had the focus, the keyboard is not sent back to the top of the page: the focus goes where it
 * was before the element came, or to the first button of what is around it, which took its place.
 */
export function useKeptFocus(element: RefObject<HTMLElement | null>): void {
  // While the element is drawn, because it may take the focus as soon as it is there.
  const [before] = useState(() => document.activeElement);
  useLayoutEffect(() => {
    const gone = element.current;
    const around = gone?.parentElement;
    return () => {
      if (gone?.contains(document.activeElement) !== true) return;
      queueMicrotask(() => {
        if (document.activeElement !== document.body) return;
        const isThere = before instanceof HTMLElement && before !== document.body && before.isConnected;
        const next = isThere ? before : around?.querySelector<HTMLElement>("button, a[href]");
        next?.focus();
      });
    };
  }, []);
}
