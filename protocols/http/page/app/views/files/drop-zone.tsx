import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { isTextForField } from "../../files/take.ts";

interface DropZoneProps {
  /** What is said while something is held over it. */
  readonly hint: string;
  readonly onDrop: (transfer: DataTransfer) => void;
  readonly children: ComponentChildren;
}

/** A part of the page that takes files which are dropped on it. */
export function DropZone({ hint, onDrop, children }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  /** Enters and leaves come for every element inside. */
  const depth = useRef(0);
  const move = (event: DragEvent, by: number) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard has buttons for it
    <div
      class="drop-zone"
      data-over={isOver}
      onDragEnter={(event) => move(event, 1)}
      onDragLeave={(event) => move(event, -1)}
      onDragOver={(event) => !isTextForField(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!isTextForField(event)) event.preventDefault();
        depth.current = 0;
        setOver(false);
        if (event.dataTransfer?.types.includes("Files")) onDrop(event.dataTransfer);
      }}
    >
      {children}
      {isOver && <div class="drop-hint">{hint}</div>}
    </div>
  );
}
