import type { ButtonHTMLAttributes } from "preact";
import { Icon, type IconName } from "./icon.tsx";

interface IconButtonProps extends Omit<ButtonHTMLAttributes, "icon" | "label"> {
  readonly icon: IconName;
  /** Its name, which is shown when it is pointed at. */
  readonly label: string;
}

/** A button that is only a drawing. */
export function IconButton({ icon, label, ...rest }: IconButtonProps) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}
