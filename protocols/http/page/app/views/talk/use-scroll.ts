import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Room } from "../../chat/state.ts";

interface ScrollHost {
  setAtBottom(now: boolean): void;
  wantOlder(): void;
}

/** A finger's width: less is not meant. */
const NEAR_PX = 48;
/** Older messages are fetched before one sees the top. */
const AHEAD_PX = 600;

/**
 * Keeps the newest in view while one is at the bottom, and what one reads where it is while older comes above it.
 * Browsers do neither alike by themselves, so the box has `overflow-anchor: none`.
 */
export function useScroll(box: RefObject<HTMLDivElement | null>, room: Room, host: ScrollHost) {
  const stick = useRef(true);
  const before = useRef({ first: "", height: 0 });
  const hosts = useRef(host);
  hosts.current = host;
  const { items } = room.timeline;
  const first = items[0]?.key ?? "";

  const look = () => {
    const element = box.current;
    if (element === null || element.clientHeight === 0) return;
    stick.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    hosts.current.setAtBottom(stick.current);
    if (element.scrollTop < AHEAD_PX) hosts.current.wantOlder();
  };
  const toBottom = () => {
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { first: firstBefore, height } = before.current;
    const isOlderAbove = firstBefore !== "" && firstBefore !== first && items.some(({ key }) => key === firstBefore);
    if (stick.current) toBottom();
    else if (isOlderAbove) element.scrollTop += element.scrollHeight - height;
    before.current = { first, height: element.scrollHeight };
    look();
  }, [items, room.outgoing, room.more, room.loading]);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    // Also when the keyboard of a phone comes up, and when the tab is shown in which this is.
    const observer = new ResizeObserver(() => {
      if (stick.current) toBottom();
      look();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const jump = () => {
    stick.current = true;
    toBottom();
    look();
  };
  return { onScroll: look, jump };
}
