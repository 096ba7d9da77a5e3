import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Store } from "./store.ts";

/** A store's value, or the part of it that is selected; the component is drawn again when that changes. */
export function useStore<T>(store: Store<T>): T;
export function useStore<T, S>(store: Store<T>, select: (value: T) => S): S;
export function useStore<T, S>(store: Store<T>, select?: (value: T) => S): T | S {
  const [, redraw] = useState(0);
  const shown = select === undefined ? store.value : select(store.value);
  const last = useRef<T | S>(shown);
  const selector = useRef(select);
  last.current = shown;
  selector.current = select;
  useLayoutEffect(() => {
    const look = () => {
      const now = selector.current === undefined ? store.value : selector.current(store.value);
      if (!Object.is(now, last.current)) redraw((count) => count + 1);
    };
    // It may have changed between drawing and this effect.
    look();
    return store.watch(look);
  }, [store]);
  return shown;
}
