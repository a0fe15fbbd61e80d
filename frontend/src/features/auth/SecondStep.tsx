// The second step of a log-in: a code of the authenticator, or one of the recovery codes.
import { useState } from "react";
import { asApiError } from "@/api/problem";
import { logInSecond } from "@/api/queries/auth";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { Problem } from "@/ui/Notice";
import { useSubmit } from "@/ui/submit";
import { AuthCard } from "./AuthCard";
import styles from "./AuthCard.module.css";
import { CodeForm } from "./CodeForm";

interface StepProps {
  readonly token: string;
  /** The password has to be typed again: the step took too long. */
  readonly onExpired: () => void;
  readonly onBack: () => void;
}

/** Sends a code; one that comes too late leads back to the password. */
function useSend({ token, onExpired }: StepProps) {
  return async (code: string) => {
    try {
      await logInSecond(token, code);
    } catch (problem) {
      if (asApiError(problem).code === "mfa_expired") onExpired();
      else throw problem;
    }
  };
}

function RecoveryForm(props: StepProps) {
  const send = useSend(props);
  const { submit, isBusy, failure } = useSubmit((value) => send(value("code")));
  return (
    <form className={styles.form} onSubmit={submit}>
      {failure?.rest && <Problem>{failure.rest}</Problem>}
      <TextField
        label="Recovery code"
        name="code"
        required
        autoFocus
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        maxLength={20}
        error={failure?.fields.code}
        hint="Each of them works once."
      />
      <Button type="submit" variant="primary" wide busy={isBusy}>
        Log in
      </Button>
    </form>
  );
}

export function SecondStep(props: StepProps) {
  const [isRecovering, setRecovering] = useState(false);
  const send = useSend(props);
  return (
    <AuthCard
      title="One more step"
      text={
        isRecovering
          ? "Type one of the recovery codes that you saved when you set up the second factor."
          : "Type the code that your authenticator app shows now."
      }
      foot={
        <div className={styles.choices}>
          <Button variant="text" onClick={() => setRecovering(!isRecovering)}>
            {isRecovering ? "Use the authenticator app" : "Use a recovery code"}
          </Button>
          <Button variant="text" onClick={props.onBack}>
            Back
          </Button>
        </div>
      }
    >
      {isRecovering ? (
        <RecoveryForm {...props} />
      ) : (
        <CodeForm label="Code of six digits" button="Log in" work={send} />
      )}
    </AuthCard>
  );
}
