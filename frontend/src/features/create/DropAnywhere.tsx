// Pictures dropped on the window or pasted on any page begin a new post.
import { ImagePlus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { useOverlayState } from "@/lib/overlay";
import { paths } from "@/lib/paths";
import styles from "./DropAnywhere.module.css";
import { filesOf, receive } from "./incoming";

const hasFiles = (data: DataTransfer | null) => data?.types.includes("Files") ?? false;

/** Somebody writes there: a picture on the clipboard is not meant for a new post. */
function isForText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches("input, textarea, [contenteditable]") &&
    target.closest("[data-takes-files]") === null
  );
}

/** Whether files hang over the window. Browsers tell it of each element, so entries are counted. */
function useDrop(take: (files: File[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    let depth = 0;
    const leave = () => {
      depth = 0;
      setOver(false);
    };
    const listeners: Record<string, (event: DragEvent) => void> = {
      dragenter: (event) => {
        if (!hasFiles(event.dataTransfer)) return;
        depth += 1;
        setOver(true);
      },
      dragleave: () => {
        depth -= 1;
        if (depth <= 0) leave();
      },
      dragover: (event) => {
        if (hasFiles(event.dataTransfer)) event.preventDefault();
      },
      drop: (event) => {
        if (!hasFiles(event.dataTransfer)) return;
        event.preventDefault();
        leave();
        latest.current(filesOf(event.dataTransfer));
      },
    };
    for (const [name, listen] of Object.entries(listeners)) {
      addEventListener(name, listen as EventListener);
    }
    return () => {
      for (const [name, listen] of Object.entries(listeners)) {
        removeEventListener(name, listen as EventListener);
      }
    };
  }, []);
  return isOver;
}

function usePaste(take: (files: File[]) => void): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const files = filesOf(event.clipboardData);
      if (files.length === 0 || isForText(event.target)) return;
      event.preventDefault();
      take(files);
    };
    addEventListener("paste", onPaste);
    return () => removeEventListener("paste", onPaste);
  });
}

export function DropAnywhere() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const overlay = useOverlayState(true);
  const ref = useRef<HTMLDivElement>(null);
  const take = (files: File[]) => {
    receive(files);
    if (pathname !== paths.create) navigate(paths.create, { state: overlay });
  };
  const isOver = useDrop(take);
  usePaste(take);

  // A popover stands above open dialogs.
  useEffect(() => {
    if (isOver) ref.current?.showPopover();
    else ref.current?.hidePopover();
  }, [isOver]);

  return (
    <div ref={ref} popover="manual" className={styles.place} aria-hidden="true">
      <div className={styles.card}>
        <ImagePlus size={44} strokeWidth={1.4} />
        Drop to share
      </div>
    </div>
  );
}
