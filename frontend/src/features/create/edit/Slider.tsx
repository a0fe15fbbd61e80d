// A labelled slider with its value in words; a double click puts it back.
import { useId } from "react";
import styles from "./Slider.module.css";

interface SliderProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  /** The value as people read it. */
  readonly text: string;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
  readonly onReset?: () => void;
}

export function Slider({ label, text, value, onChange, onReset, ...range }: SliderProps) {
  const id = useId();
  return (
    <div className={styles.row}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        {...range}
        id={id}
        type="range"
        className={styles.slider}
        value={value}
        aria-valuetext={text}
        onChange={(event) => onChange(Number(event.target.value))}
        onDoubleClick={onReset}
      />
      <output htmlFor={id} className={styles.value}>
        {text}
      </output>
    </div>
  );
}
