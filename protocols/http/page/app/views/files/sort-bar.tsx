import { useText } from "../../app.ts";
import type { Order, SortKey } from "../../files/entry.ts";
import { Icon } from "../icon.tsx";

interface SortBarProps {
  readonly order: Order;
  readonly setOrder: (order: Order) => void;
  readonly count: number;
}

const KEYS: readonly SortKey[] = ["name", "size", "mtime"];

/** What the list is ordered by; again the other way round. */
export function SortBar({ order, setOrder, count }: SortBarProps) {
  const text = useText();
  const words: Readonly<Record<SortKey, string>> = { name: text.name, size: text.size, mtime: text.changed };
  return (
    <div class="sort-bar">
      <span class="muted">{text.items(count)}</span>
      <fieldset>
        <legend class="sr-only">{text.sort}</legend>
        {KEYS.map((by) => (
          <button
            type="button"
            key={by}
            class="sort"
            aria-pressed={order.by === by}
            aria-label={text.sortBy(words[by])}
            onClick={() => setOrder({ by, down: order.by === by ? !order.down : by !== "name" })}
          >
            {words[by]}
            {order.by === by && <Icon name={order.down ? "down" : "up"} />}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
