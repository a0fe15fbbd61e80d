// The first step: pictures chosen, dropped or pasted, with the limits told beforehand.
import { Images } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useMediaQuery } from "@/lib/media";
import { bytes } from "@/lib/text";
import type { FileRules } from "./draft";
import styles from "./PickStep.module.css";

const NAMES: Record<string, string> = {
  "image/jpeg": "JPEG",
  "image/png": "PNG",
  "image/webp": "WebP",
  "image/gif": "GIF",
  "image/avif": "AVIF",
  "image/heic": "HEIC",
};

function describeRules(rules: FileRules): string {
  const types = rules.types.map((type) => NAMES[type] ?? type).join(", ");
  return `${types} · up to ${rules.maxCount} pictures · ${bytes(rules.maxBytes)} each`;
}

interface PickButtonProps {
  readonly rules: FileRules;
  readonly className: string | undefined;
  readonly label: string;
  readonly children: ReactNode;
  readonly onPick: (files: File[]) => void;
}

/** A file input dressed as a button. */
export function PickButton({ rules, className, label, children, onPick }: PickButtonProps) {
  const id = useId();
  return (
    <label htmlFor={id} className={className}>
      <input
        id={id}
        type="file"
        multiple
        accept={rules.types.join(",")}
        aria-label={label}
        className={styles.input}
        onChange={(event) => {
          onPick(Array.from(event.target.files ?? []));
          event.target.value = "";
        }}
      />
      {children}
    </label>
  );
}

export function PickStep({ rules, onPick }: { rules: FileRules; onPick: (files: File[]) => void }) {
  const hasMouse = useMediaQuery("(pointer: fine)");
  return (
    <div className={styles.pick}>
      <div className={styles.mark} aria-hidden="true">
        <Images size={44} strokeWidth={1.4} />
      </div>
      <p className={styles.lead}>
        {hasMouse ? "Drag pictures here, or paste them" : "Which pictures do you want to share?"}
      </p>
      <PickButton rules={rules} label="Choose pictures" className={styles.button} onPick={onPick}>
        Choose pictures
      </PickButton>
      <p className={styles.rules}>{describeRules(rules)}</p>
      <p className={styles.rules}>Where a picture was taken is removed before anybody sees it.</p>
    </div>
  );
}
