import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Room } from "../../chat/state.ts";
import type { Store } from "../../lib/store.ts";

/** The browser is still scrolling for what the user wants. */
interface UnderWay {
  readonly where: "away" | "down";
  /** The handle of the next frame that is waited for. */
  frame: number;
}

interface ScrollHost {
  /** Whether the newest is in view, for everybody to know; whoever sets it brings it there. */
  readonly atBottom: Store<boolean>;
  wantOlder(): void;
  /** What is shown is not the newest, and its end is near. */
  wantNewer(): void;
  /** The newest is to be shown again. */
  leavePast(): void;
}

/** A finger's width: less is not meant. */
const NEAR_PX = 48;
/** More messages are fetched before one sees the end of those that are here. */
const AHEAD_PX = 600;
/**
 * From a key or a turn of the wheel until the scrolling that it begins has left the bottom, and from the wish to be at the
 * bottom until what was scrolled smoothly before has ended. A second of a quick screen. In frames and not in milliseconds:
 * Chromium begins to scroll after 50 ms, but slowed down thirty times not within 250, and its frames slow down with it.
 */
const UNDER_WAY_FRAMES = 60;
const KEYS_UP: ReadonlySet<string> = new Set(["ArrowUp", "PageUp", "Home"]);

/** The space bar goes down a page, and with Shift up. */
function goesUp({ key, shiftKey }: KeyboardEvent): boolean {
  return KEYS_UP.has(key) || (key === " " && shiftKey);
}

/**
 * Keeps the newest in view while one is at the bottom, and what one reads where it is while older comes above it.
 * Browsers do neither alike by themselves, so the box has `overflow-anchor: none`.
 */
export function useScroll(box: RefObject<HTMLDivElement | null>, room: Room, host: ScrollHost) {
  const stick = useRef(true);
  const underWay = useRef<UnderWay | null>(null);
  const before = useRef({ first: "", height: 0 });
  /** Of the box, as what is in it was placed last. */
  const shownHeight = useRef(0);
  /** The message that was looked for, as it had the focus last. */
  const found = useRef<HTMLElement | null>(null);
  const hosts = useRef(host);
  hosts.current = host;
  const isPast = useRef(false);
  isPast.current = room.past !== null;
  const { items } = room.past ?? room.timeline;
  const first = items[0]?.key ?? "";

  const look = () => {
    const element = box.current;
    if (element === null || element.clientHeight === 0) return;
    if (!isPast.current && underWay.current?.where === "down") toBottom();
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    stick.current = !isPast.current && below < NEAR_PX;
    hosts.current.atBottom.set(stick.current);
    if (element.scrollTop < AHEAD_PX) hosts.current.wantOlder();
    if (isPast.current && below < AHEAD_PX) hosts.current.wantNewer();
  };
  const focusGoal = (element: HTMLElement) => {
    found.current = element.querySelector<HTMLElement>(".goal");
    found.current?.focus({ preventScroll: true });
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
    before.current = { first, height: element.scrollHeight };
    // What one person says in one go is drawn anew when its beginning comes, also around a message that has the focus.
    const isLost = found.current?.isConnected === false && document.activeElement === document.body;
    if (isLost) focusGoal(element);
    // To move the box ends what a browser scrolls smoothly: in a busy room nobody would ever leave the bottom.
    const isStuck = stick.current && !isPast.current;
    if (isStuck && underWay.current?.where === "away") return;
    if (isStuck) toBottom();
    else if (isOlderAbove) element.scrollTop += element.scrollHeight - height;
    look();
  }, [items, room.outgoing, room.more, room.loading]);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    // Also when the keyboard of a phone comes up, and when the tab is shown in which this is.
    const observer = new ResizeObserver(() => {
      if (stick.current) toBottom();
      // What comes and goes does so above the box, or below it with what is written there: its lower end is where one reads.
      else if (shownHeight.current > 0 && element.clientHeight > 0)
        element.scrollTop += shownHeight.current - element.clientHeight;
      shownHeight.current = element.clientHeight;
      look();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const stop = () => {
    if (underWay.current !== null) cancelAnimationFrame(underWay.current.frame);
    underWay.current = null;
  };
  const begin = (where: UnderWay["where"]) => {
    stop();
    let left = UNDER_WAY_FRAMES;
    const settle = () => {
      underWay.current = null;
      if (stick.current) toBottom();
      look();
    };
    const next = () => {
      left--;
      if (left === 0) settle();
      else now.frame = requestAnimationFrame(next);
    };
    const now: UnderWay = { where, frame: requestAnimationFrame(next) };
    underWay.current = now;
  };
  useLayoutEffect(() => stop, []);
  const setOut = () => {
    if ((box.current?.scrollTop ?? 0) > 0) begin("away");
  };
  const jump = () => {
    hosts.current.leavePast();
    begin("down");
    look();
  };
  useLayoutEffect(() => {
    const element = box.current;
    const line = element?.querySelector<HTMLElement>(".goal");
    if (!element || !line) return;
    stop();
    const shown = element.getBoundingClientRect();
    const place = line.getBoundingClientRect();
    element.scrollTop += place.top - shown.top - Math.max(0, shown.height - place.height) / 2;
    shownHeight.current = element.clientHeight;
    focusGoal(element);
    look();
  }, [room.goal]);
  useLayoutEffect(() => {
    const { atBottom } = host;
    return atBottom.watch(() => atBottom.value && !stick.current && jump());
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (goesUp(event)) setOut();
    const isBack = event.key === "Escape" && room.goal !== null;
    if ((event.key !== "End" || event.shiftKey) && !isBack) return;
    // Of its own, a browser goes to where the end was when the key was pressed.
    event.preventDefault();
    jump();
  };
  const onWheel = ({ deltaY }: WheelEvent) => deltaY < 0 && setOut();
  return { ways: { onScroll: look, onKeyDown, onWheel, onTouchMove: setOut }, jump };
}
