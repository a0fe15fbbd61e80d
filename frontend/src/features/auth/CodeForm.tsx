// A form for the six digits of a mail or an authenticator; the last digit sends it.
import { type ReactNode, useRef, useState } from "react";
import { Button } from "@/ui/Button";
import { CodeField, digitsOf } from "@/ui/CodeField";
import { Problem } from "@/ui/Notice";
import { useSubmit } from "@/ui/submit";
import styles from "./CodeForm.module.css";

interface CodeFormProps {
  readonly label: string;
  readonly button: string;
  readonly work: (code: string) => Promise<unknown>;
  /** Between the field and the button. */
  readonly children?: ReactNode;
}

export function CodeForm({ label, button, work, children }: CodeFormProps) {
  const formRef = useRef<HTMLFormElement>(null);
  const [code, setCode] = useState("");
  const { submit, isBusy, failure, forget } = useSubmit(async (value) => {
    try {
      await work(digitsOf(value("code")));
    } catch (error) {
      setCode("");
      throw error;
    }
  });
  return (
    <form ref={formRef} className={styles.form} onSubmit={submit}>
      {failure?.rest && <Problem>{failure.rest}</Problem>}
      <CodeField
        label={label}
        autoFocus
        value={code}
        disabled={isBusy}
        error={failure?.fields.code}
        onChange={(digits) => {
          setCode(digits);
          if (failure && digits) forget();
        }}
        onFull={() => formRef.current?.requestSubmit()}
      />
      {children}
      <Button type="submit" variant="primary" wide busy={isBusy}>
        {button}
      </Button>
    </form>
  );
}
