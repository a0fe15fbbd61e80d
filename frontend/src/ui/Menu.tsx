// A menu behind a button: arrow keys move, Esc closes and returns to the button.
import { MoreHorizontal } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import { IconButton } from "./Button";
import { classes } from "./classes";
import styles from "./Menu.module.css";

export interface MenuItem {
  readonly label: string;
  readonly run: () => void;
  readonly icon?: ReactNode;
  readonly danger?: boolean;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly icon?: ReactNode;
}

const GAP = 4;
const EDGE = 8;

function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.min(Math.max(EDGE, at.right - width), innerWidth - width - EDGE);
  const below = at.bottom + GAP;
  const top = below + height > innerHeight - EDGE ? Math.max(EDGE, at.top - height - GAP) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

export function Menu({ label, items, icon = <MoreHorizontal size={22} /> }: MenuProps) {
  const id = useId();
  const menuRef = useRef<HTMLDivElement>(null);
  const buttonRef = useRef<HTMLDivElement>(null);
  if (items.length === 0) return null;

  const choices = () =>
    Array.from(menuRef.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? []);

  const onKey = (event: KeyboardEvent) => {
    const all = choices();
    const now = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    all.at(next % all.length)?.focus();
  };

  return (
    <div ref={buttonRef} className={styles.anchor}>
      <IconButton label={label} aria-haspopup="menu" popoverTarget={id}>
        {icon}
      </IconButton>
      <div
        ref={menuRef}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        className={styles.menu}
        onKeyDown={onKey}
        onToggle={(event) => {
          if (event.newState !== "open") return;
          const [menu, button] = [menuRef.current, buttonRef.current];
          if (menu && button) place(menu, button);
          choices()[0]?.focus();
        }}
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={classes(styles.item, item.danger && styles.danger)}
            onClick={() => {
              menuRef.current?.hidePopover();
              item.run();
            }}
          >
            {item.icon}
            {item.label}
          </button>
        ))}
      </div>
    </div>
  );
}
