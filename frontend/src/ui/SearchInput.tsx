// A round field to search in: nothing corrects what is typed, and its name is only heard.
import { type ComponentProps, useId } from "react";
import styles from "./SearchInput.module.css";

type SearchInputProps = Omit<ComponentProps<"input">, "onChange"> & {
  readonly label: string;
  readonly onChange: (text: string) => void;
};

export function SearchInput({ label, onChange, ...rest }: SearchInputProps) {
  const id = useId();
  return (
    <>
      <label htmlFor={id} className="visually-hidden">
        {label}
      </label>
      <input
        {...rest}
        id={id}
        type="search"
        className={styles.input}
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </>
  );
}
