// After signing up: the code of the mail. The page can be left and reloaded at any time.
import { useEffect, useState } from "react";
import { Navigate, useNavigate, useSearchParams } from "react-router";
import { changeEmail, verifyByCode } from "@/api/queries/credentials";
import { meQuery, useMe } from "@/api/queries/me";
import { queryClient } from "@/api/queryClient";
import type { Me } from "@/api/types";
import { toast } from "@/lib/announce";
import { paths, safeNext } from "@/lib/paths";
import { useTitle } from "@/lib/title";
import { Button } from "@/ui/Button";
import { PasswordField, TextField } from "@/ui/Field";
import { Problem } from "@/ui/Notice";
import { useSubmit } from "@/ui/submit";
import { AuthCard } from "./AuthCard";
import styles from "./AuthCard.module.css";
import { CodeForm } from "./CodeForm";
import { codeSent } from "./proof";
import { ResendButton } from "./ResendButton";

interface StepProps {
  readonly me: Me;
  readonly onOther: () => void;
}

function CodeStep({ me, onOther }: StepProps) {
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const next = safeNext(query.get("next"));
  return (
    <AuthCard
      title="Verify your e-mail"
      text={
        <>
          We sent a code of six digits to <strong>{me.email}</strong>. It is good for one hour.
        </>
      }
      foot={
        <div className={styles.choices}>
          <ResendButton />
          <Button variant="text" onClick={onOther}>
            Change the address
          </Button>
          <Button variant="text" onClick={() => navigate(next)}>
            Later
          </Button>
        </div>
      }
    >
      <CodeForm
        label="Code from the mail"
        button="Verify"
        work={async (code) => {
          await verifyByCode(code);
          toast("Your address is verified.");
        }}
      >
        <p className={styles.aside}>
          Nothing there? Look into the spam folder. At most three mails an hour go to one address.
        </p>
      </CodeForm>
    </AuthCard>
  );
}

function AddressStep({ me, onOther }: StepProps) {
  const { submit, isBusy, failure } = useSubmit(async (value) => {
    await changeEmail(value("email").trim(), value("password"));
    codeSent();
    onOther();
  });
  return (
    <AuthCard title="Another address" text="The code that was sent before is void then.">
      <form className={styles.form} onSubmit={submit}>
        {failure?.rest && <Problem>{failure.rest}</Problem>}
        <input type="hidden" name="username" autoComplete="username" value={me.username} readOnly />
        <TextField
          label="E-mail"
          name="email"
          type="email"
          required
          autoFocus
          autoComplete="email"
          defaultValue={me.email}
          error={failure?.fields.email}
        />
        <PasswordField
          label="Your password"
          name="password"
          required
          autoComplete="current-password"
          error={failure?.fields.password}
        />
        <Button type="submit" variant="primary" wide busy={isBusy}>
          Send a code there
        </Button>
        <Button variant="quiet" wide onClick={onOther}>
          Cancel
        </Button>
      </form>
    </AuthCard>
  );
}

/** The link may be opened elsewhere: look again when somebody comes back to this window. */
function useFreshMe(): Me | undefined {
  useEffect(() => {
    const look = () => {
      if (!document.hidden) void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return useMe();
}

export default function VerifyPage() {
  useTitle("Verify your e-mail");
  const me = useFreshMe();
  const [query] = useSearchParams();
  const [isChanging, setChanging] = useState(false);
  if (!me) return null;
  if (me.email_verified) {
    const next = query.get("next");
    return <Navigate replace to={next ? safeNext(next) : paths.welcome} />;
  }
  const other = () => setChanging(!isChanging);
  return isChanging ? (
    <AddressStep me={me} onOther={other} />
  ) : (
    <CodeStep me={me} onOther={other} />
  );
}
